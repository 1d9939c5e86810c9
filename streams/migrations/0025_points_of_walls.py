import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('streams', '0024_hints_of_rubbish'),
    ]

    operations = [
        migrations.AddField(
            model_name='view',
            name='points',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, size=None),
        ),
    ]
