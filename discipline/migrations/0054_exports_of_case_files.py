"""Exports and holds that belong to case files, which are not shown or released as those that somebody asked for."""

from django.db import migrations, models


def mark_those_of_cases(apps, schema_editor):
    alias = schema_editor.connection.alias
    cases = apps.get_model("discipline", "CaseFile").objects.using(alias)
    exports = apps.get_model("discipline", "RecordingExport").objects.using(alias)
    exports.filter(pk__in=cases.exclude(export=None).values("export")).update(for_case=True)
    holds = apps.get_model("streams", "RecordingHold").objects.using(alias)
    holds.filter(pk__in=cases.exclude(hold=None).values("hold")).update(bound=True)


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0053_wall_screens_and_queue_reminders'),
        ('streams', '0028_holds_of_case_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='recordingexport',
            name='for_case',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark_those_of_cases, migrations.RunPython.noop),
    ]
