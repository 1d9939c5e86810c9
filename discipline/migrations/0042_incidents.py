"""Incidents of the city and the tasks of agencies, with the usual types."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TYPES = (  # code, name, priority, metres and minutes within which two may be the same
    ("flood", "Banjir atau genangan", 2, 500, 360),
    ("traffic", "Lalu lintas", 3, 300, 120),
    ("rubbish", "Sampah", 4, 100, 1440),
    ("crime", "Kejahatan", 2, 150, 120),
    ("racing", "Balap liar", 2, 1000, 120),
    ("fire", "Kebakaran", 1, 500, 240),
    ("order", "Ketertiban umum", 3, 200, 240),
    ("service", "Layanan publik", 4, 100, 480),
)
TABLES = ("discipline_incidentstep", "discipline_incidentnote", "discipline_taskstep")
REFUSE = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}\n"
    f"    FOR EACH ROW EXECUTE FUNCTION table_is_append_only();\n"
    f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table} EXECUTE FUNCTION table_is_append_only();\n"
    for table in TABLES
)
ALLOW = "".join(
    f"DROP TRIGGER never_truncated ON {table};\nDROP TRIGGER append_only ON {table};\n" for table in TABLES
)


def add_types(apps, schema_editor):
    rows = apps.get_model("discipline", "IncidentType").objects.using(schema_editor.connection.alias)
    for position, (code, name, priority, metres, minutes) in enumerate(TYPES, start=1):
        rows.create(code=code, name=name, priority=priority, radius_m=metres, window_min=minutes, position=position)


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0041_wall_scenes'),
        ('offices', '0019_members_of_agencies'),
        ('streams', '0021_steering'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AgencyDuty',
            fields=[
                ('agency', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='duty', serialize=False, to='offices.agency')),
                ('phone', models.CharField(max_length=24, validators=[django.core.validators.RegexValidator('^(\\+|0)[0-9](?:[ ().-]{0,2}[0-9]){6,14}$', 'Nomor dengan kode wilayah, misalnya 0711-352282 atau +62 811-711-352.')], verbose_name='telepon piket')),
            ],
            options={
                'verbose_name': 'piket instansi',
                'verbose_name_plural': 'piket instansi',
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('priority', models.PositiveSmallIntegerField(choices=[(1, 'Darurat'), (2, 'Tinggi'), (3, 'Sedang'), (4, 'Rendah')], verbose_name='prioritas')),
                ('title', models.CharField(max_length=120, verbose_name='apa yang terjadi')),
                ('description', models.TextField(blank=True, max_length=4000, verbose_name='keterangan')),
                ('latitude', models.FloatField(validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)], verbose_name='lintang')),
                ('longitude', models.FloatField(validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)], verbose_name='bujur')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='alamat atau patokan')),
                ('source', models.CharField(max_length=32)),
                ('source_key', models.CharField(blank=True, max_length=60)),
                ('happened_at', models.DateTimeField(verbose_name='terjadi pada')),
                ('opened_at', models.DateTimeField()),
                ('state', models.CharField(default='new', max_length=32)),
                ('changed_at', models.DateTimeField()),
                ('sensitive', models.BooleanField(default=False, verbose_name='jangan disiarkan kepada publik')),
                ('duplicate_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='discipline.incident')),
                ('near', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.kelurahan')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('part_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='discipline.incident')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='offices.place')),
            ],
            options={
                'verbose_name': 'kejadian',
                'verbose_name_plural': 'kejadian',
                'ordering': ['-opened_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='IncidentStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
                ('text', models.TextField(blank=True)),
                ('attachment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incident_step', to='discipline.attachment')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='discipline.incident')),
            ],
            options={
                'verbose_name': 'langkah kejadian',
                'verbose_name_plural': 'langkah kejadian',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='IncidentType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=20, unique=True, verbose_name='kode')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='nama')),
                ('priority', models.PositiveSmallIntegerField(choices=[(1, 'Darurat'), (2, 'Tinggi'), (3, 'Sedang'), (4, 'Rendah')], default=3, verbose_name='prioritas biasa')),
                ('radius_m', models.PositiveIntegerField(default=250, validators=[django.core.validators.MinValueValidator(10), django.core.validators.MaxValueValidator(5000)], verbose_name='jarak kemungkinan sama (meter)')),
                ('window_min', models.PositiveIntegerField(default=240, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(10080)], verbose_name='selang kemungkinan sama (menit)')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='urutan')),
                ('active', models.BooleanField(default=True, verbose_name='dipakai')),
                ('agencies', models.ManyToManyField(blank=True, related_name='+', to='offices.agency', verbose_name='instansi yang menangani')),
            ],
            options={
                'verbose_name': 'jenis kejadian',
                'verbose_name_plural': 'jenis kejadian',
                'ordering': ['position', 'name'],
            },
        ),
        migrations.AddField(
            model_name='incident',
            name='kind',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='discipline.incidenttype', verbose_name='jenis'),
        ),
        migrations.CreateModel(
            name='ResponseTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('priority', models.PositiveSmallIntegerField(choices=[(1, 'Darurat'), (2, 'Tinggi'), (3, 'Sedang'), (4, 'Rendah')], verbose_name='prioritas')),
                ('since', models.DateField(verbose_name='berlaku sejak')),
                ('acknowledge', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(43200)], verbose_name='diterima dalam (menit)')),
                ('arrive', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(43200)], verbose_name='di lokasi dalam (menit)')),
                ('finish', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(43200)], verbose_name='selesai dalam (menit)')),
                ('kind', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='discipline.incidenttype', verbose_name='jenis')),
            ],
            options={
                'verbose_name': 'batas waktu tugas',
                'verbose_name_plural': 'batas waktu tugas',
                'ordering': ['priority', 'kind', '-since'],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('instruction', models.TextField(max_length=1000, verbose_name='yang diminta')),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(default='asked', max_length=32)),
                ('clock_at', models.DateTimeField()),
                ('acknowledge_by', models.DateTimeField()),
                ('arrive_by', models.DateTimeField()),
                ('finish_by', models.DateTimeField()),
                ('notified', models.CharField(blank=True, max_length=32)),
                ('notified_level', models.PositiveSmallIntegerField(default=0)),
                ('notice_due_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='offices.agency')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='discipline.incident')),
                ('kelurahan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='offices.kelurahan')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'tugas',
                'verbose_name_plural': 'tugas',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TaskStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
                ('happened_at', models.DateTimeField()),
                ('text', models.TextField(blank=True)),
                ('key', models.UUIDField(unique=True)),
                ('attachment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='task_step', to='discipline.attachment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='discipline.task')),
            ],
            options={
                'verbose_name': 'langkah tugas',
                'verbose_name_plural': 'langkah tugas',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='IncidentCamera',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('metres', models.PositiveIntegerField()),
                ('camera', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='streams.camera')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cameras', to='discipline.incident')),
            ],
            options={
                'verbose_name': 'kamera kejadian',
                'verbose_name_plural': 'kamera kejadian',
                'ordering': ['metres', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('incident', 'camera'), name='incident_camera_once')],
            },
        ),
        migrations.CreateModel(
            name='IncidentNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.TextField(blank=True)),
                ('attachment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incident_note', to='discipline.attachment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='discipline.incident')),
            ],
            options={
                'verbose_name': 'catatan kejadian',
                'verbose_name_plural': 'catatan kejadian',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('attachment__isnull', False), _connector='OR'), name='incident_note_says_something')],
            },
        ),
        migrations.AddConstraint(
            model_name='incidenttype',
            constraint=models.CheckConstraint(condition=models.Q(('priority__in', [1, 2, 3, 4])), name='incident_type_priority'),
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(fields=['priority', 'opened_at'], name='incident_queue'),
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(fields=['kind', 'happened_at'], name='incident_alike'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('priority__in', [1, 2, 3, 4])), name='incident_priority'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('duplicate_of__isnull', False), ('state', 'duplicate')), models.Q(models.Q(('state', 'duplicate'), _negated=True), ('duplicate_of', None)), _connector='OR'), name='incident_duplicate_of_another'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('duplicate_of', None), models.Q(('duplicate_of', models.F('pk')), _negated=True), _connector='OR'), models.Q(('part_of', None), models.Q(('part_of', models.F('pk')), _negated=True), _connector='OR')), name='incident_not_of_itself'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='incident_has_a_title'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), name='incident_pin_in_degrees'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.UniqueConstraint(condition=models.Q(('source_key', ''), _negated=True), fields=('source_key',), name='incident_once_for_each_source'),
        ),
        migrations.AddConstraint(
            model_name='responsetime',
            constraint=models.UniqueConstraint(fields=('kind', 'priority', 'since'), name='response_time_once_a_day', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='responsetime',
            constraint=models.CheckConstraint(condition=models.Q(('acknowledge__gte', 1), ('acknowledge__lte', models.F('arrive')), ('arrive__lte', models.F('finish'))), name='response_time_in_order', violation_error_message='Diterima tidak boleh lebih lama daripada di lokasi, di lokasi tidak lebih lama daripada selesai.'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('notice_due_at__isnull', False)), fields=['notice_due_at'], name='task_notice_due'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['agency', 'state'], name='task_of_agency'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['kelurahan', 'state'], name='task_of_kelurahan'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agency__isnull', False), ('kelurahan', None)), models.Q(('agency', None), ('kelurahan__isnull', False)), _connector='OR'), name='task_of_one'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['declined', 'cancelled']), _negated=True), fields=('incident', 'agency', 'kelurahan'), name='task_once_for_each_agency', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('instruction', ''), _negated=True), name='task_asks_something'),
        ),
        migrations.AddConstraint(
            model_name='taskstep',
            constraint=models.CheckConstraint(condition=models.Q(('happened_at__lte', models.F('at'))), name='task_step_not_in_the_future'),
        ),
        migrations.RunPython(add_types, migrations.RunPython.noop, elidable=False),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
