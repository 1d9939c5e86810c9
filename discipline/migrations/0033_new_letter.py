from django.db import migrations, models

# Explanations that came after the decision before this was recorded.
MARK = """
UPDATE discipline_alert AS alert SET new_letter = true
WHERE outcome <> '' AND 'explained' = (
    SELECT what FROM discipline_decision WHERE alert_id = alert.id ORDER BY id DESC LIMIT 1
)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0032_footage_copies'),
        ('offices', '0010_file_access_of_copies'),
        ('streams', '0015_view_of_pictures'),
    ]

    operations = [
        migrations.AddField(
            model_name='alert',
            name='new_letter',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='decision',
            name='what',
            field=models.CharField(choices=[('explained', 'Dijelaskan'), ('confirmed', 'Dikonfirmasi'), ('excused', 'Dengan izin'), ('false_alarm', 'Alarm keliru'), ('undone', 'Diurungkan'), ('upheld', 'Keputusan tetap')], max_length=12),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('new_letter', True)), fields=['counter'], name='alert_new_letter'),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
