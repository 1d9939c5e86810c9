"""Holds that belong to a case file and are not released by hand."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('streams', '0026_width_of_public_pictures'),
    ]

    operations = [
        migrations.AddField(
            model_name='recordinghold',
            name='bound',
            field=models.BooleanField(default=False),
        ),
    ]
