from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0019_board_version'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reportfile',
            name='format',
            field=models.CharField(max_length=32),
        ),
        migrations.AlterField(
            model_name='reportfile',
            name='table',
            field=models.CharField(blank=True, max_length=32),
        ),
    ]
