"""Holds that belong to a case file and are not released by hand."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('streams', '0027_why_hints_are_refused'),
    ]

    operations = [
        migrations.AddField(
            model_name='recordinghold',
            name='bound',
            field=models.BooleanField(default=False),
        ),
    ]
