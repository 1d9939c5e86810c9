"""Daily reports of the room, who may enter it and who did, and notices of unsigned handovers."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = ("discipline_handovernotice", "discipline_dailyreport", "discipline_roomretention")
REFUSE = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}\n"
    f"    FOR EACH ROW EXECUTE FUNCTION table_is_append_only();\n"
    f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table} EXECUTE FUNCTION table_is_append_only();\n"
    for table in TABLES
)
ALLOW = "".join(
    f"DROP TRIGGER never_truncated ON {table};\nDROP TRIGGER append_only ON {table};\n" for table in TABLES
)
# 30 days: room.models.FEWEST_DAYS.
REFUSE_VISITS = """
CREATE FUNCTION room_visit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '30 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a row of % is not changed, and deleted only after 30 days', TG_TABLE_NAME;
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON discipline_roomvisit
    FOR EACH ROW EXECUTE FUNCTION room_visit_is_kept();
"""
ALLOW_VISITS = "DROP TRIGGER kept ON discipline_roomvisit; DROP FUNCTION room_visit_is_kept();"


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0050_api_rights_and_events'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DailyReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(unique=True)),
                ('until', models.DateTimeField()),
                ('made_at', models.DateTimeField()),
                ('pdf', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'laporan harian ruang kendali',
                'verbose_name_plural': 'laporan harian ruang kendali',
                'ordering': ['-since'],
                'constraints': [models.CheckConstraint(condition=models.Q(('made_at__gte', models.F('until')), ('until__gt', models.F('since'))), name='daily_report_in_order'), models.CheckConstraint(condition=models.Q(('sha256', ''), _negated=True), name='daily_report_has_a_hash')],
            },
        ),
        migrations.CreateModel(
            name='HandoverNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('handover', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='notice', to='discipline.handover')),
            ],
            options={
                'verbose_name': 'pemberitahuan serah terima',
                'verbose_name_plural': 'pemberitahuan serah terima',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='RoomPass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='nama')),
                ('body', models.CharField(max_length=120, verbose_name='instansi atau perusahaan')),
                ('reason', models.CharField(max_length=300, verbose_name='alasan')),
                ('first', models.DateField(verbose_name='berlaku sejak')),
                ('last', models.DateField(verbose_name='sampai dengan')),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'izin masuk ruang kendali',
                'verbose_name_plural': 'izin masuk ruang kendali',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RoomRetention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(30), django.core.validators.MaxValueValidator(1825)], verbose_name='disimpan (hari)')),
                ('since', models.DateField(verbose_name='berlaku sejak')),
                ('basis', models.CharField(max_length=300, verbose_name='dasar')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'masa simpan kunjungan ruang kendali',
                'verbose_name_plural': 'masa simpan kunjungan ruang kendali',
                'ordering': ['-since', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='RoomVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('came_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(null=True)),
                ('purpose', models.CharField(max_length=300, verbose_name='keperluan')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='alasan koreksi')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('corrects', models.OneToOneField(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='corrected_by', to='discipline.roomvisit')),
                ('let_in_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('room_pass', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='discipline.roompass')),
            ],
            options={
                'verbose_name': 'kunjungan ruang kendali',
                'verbose_name_plural': 'kunjungan ruang kendali',
                'ordering': ['-came_at', '-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='roompass',
            constraint=models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='room_pass_in_order', violation_error_message='Izin tidak dapat berakhir sebelum berlaku.'),
        ),
        migrations.AddConstraint(
            model_name='roompass',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='room_pass_ended_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='roompass',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='room_pass_says_who_and_why'),
        ),
        migrations.AddConstraint(
            model_name='roomretention',
            constraint=models.CheckConstraint(condition=models.Q(('days__range', (30, 1825))), name='room_retention_bounded'),
        ),
        migrations.AddConstraint(
            model_name='roomretention',
            constraint=models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='room_retention_has_a_basis'),
        ),
        migrations.AddIndex(
            model_name='roomvisit',
            index=models.Index(fields=['-came_at', '-id'], name='room_visit_newest'),
        ),
        migrations.AddConstraint(
            model_name='roomvisit',
            constraint=models.CheckConstraint(condition=models.Q(('left_at', None), ('left_at__gte', models.F('came_at')), _connector='OR'), name='room_visit_in_order'),
        ),
        migrations.AddConstraint(
            model_name='roomvisit',
            constraint=models.CheckConstraint(condition=models.Q(('came_at__lte', models.F('at'))), name='room_visit_not_in_the_future'),
        ),
        migrations.AddConstraint(
            model_name='roomvisit',
            constraint=models.CheckConstraint(condition=models.Q(('purpose', ''), _negated=True), name='room_visit_has_a_purpose'),
        ),
        migrations.RunSQL(REFUSE + REFUSE_VISITS, ALLOW_VISITS + ALLOW),
    ]
