"""Where agencies work, the record of changes to agencies and types, and who wrote a time limit, which never changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLES = ("discipline_responsetime", "discipline_dispatchchange")
REFUSE = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}\n"
    f"    FOR EACH ROW EXECUTE FUNCTION table_is_append_only();\n"
    f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table} EXECUTE FUNCTION table_is_append_only();\n"
    for table in TABLES
)
ALLOW = "".join(
    f"DROP TRIGGER never_truncated ON {table};\nDROP TRIGGER append_only ON {table};\n" for table in TABLES
)


def let_kelurahan_handle(apps, schema_editor):
    """Rubbish and trouble at an office are also the kelurahan's."""
    types = apps.get_model("discipline", "IncidentType").objects.using(schema_editor.connection.alias)
    types.filter(code__in=("rubbish", "service")).update(by_kelurahan=True)


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0056_daily_retention_and_mails_of_incidents'),
        ('offices', '0022_file_access_of_counter_clips'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AgencyArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'wilayah instansi',
                'verbose_name_plural': 'wilayah instansi',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='DispatchChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
            ],
            options={
                'verbose_name': 'perubahan penugasan',
                'verbose_name_plural': 'perubahan penugasan',
                'ordering': ['-pk'],
            },
        ),
        migrations.AlterModelOptions(
            name='responsetime',
            options={'ordering': ['priority', 'kind', '-since', '-pk'], 'verbose_name': 'batas waktu tugas', 'verbose_name_plural': 'batas waktu tugas'},
        ),
        migrations.RemoveConstraint(
            model_name='responsetime',
            name='response_time_once_a_day',
        ),
        migrations.AddField(
            model_name='incidenttype',
            name='by_kelurahan',
            field=models.BooleanField(db_default=False, default=False, verbose_name='kelurahan setempat ikut menangani'),
        ),
        migrations.AddField(
            model_name='responsetime',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='responsetime',
            name='written_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='agencyarea',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='areas', to='offices.agency'),
        ),
        migrations.AddField(
            model_name='agencyarea',
            name='kecamatan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.kecamatan'),
        ),
        migrations.AddField(
            model_name='agencyarea',
            name='kelurahan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.kelurahan'),
        ),
        migrations.AddField(
            model_name='dispatchchange',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='agencyarea',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kecamatan__isnull', False), ('kelurahan', None)), models.Q(('kecamatan', None), ('kelurahan__isnull', False)), _connector='OR'), name='agency_area_is_one'),
        ),
        migrations.AddConstraint(
            model_name='agencyarea',
            constraint=models.UniqueConstraint(fields=('agency', 'kecamatan', 'kelurahan'), name='agency_area_once', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='dispatchchange',
            index=models.Index(fields=['about', '-id'], name='dispatch_changes_about'),
        ),
        migrations.AddConstraint(
            model_name='dispatchchange',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='dispatch_change_says_something'),
        ),
        migrations.RunPython(let_kelurahan_handle, migrations.RunPython.noop),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
