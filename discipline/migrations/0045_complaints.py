"""Reports of residents, with the usual kinds."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import streams.secrets

KINDS = (  # code, name, private, about a counter, type of incident
    ("counter", "Loket kosong atau tidak dilayani", False, True, "service"),
    ("service", "Layanan kantor", False, False, "service"),
    ("rubbish", "Sampah", False, False, "rubbish"),
    ("flood", "Banjir atau genangan", False, False, "flood"),
    ("road", "Jalan, lampu, atau lalu lintas", False, False, "traffic"),
    ("order", "Ketertiban umum", False, False, "order"),
    ("staff", "Perilaku petugas", True, False, None),
    ("corruption", "Pungutan liar atau korupsi", True, False, None),
)
REFUSE = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON discipline_complaintstep\n"
    "    FOR EACH ROW EXECUTE FUNCTION table_is_append_only();\n"
    "CREATE TRIGGER never_truncated BEFORE TRUNCATE ON discipline_complaintstep"
    " EXECUTE FUNCTION table_is_append_only();\n"
)
ALLOW = (
    "DROP TRIGGER never_truncated ON discipline_complaintstep;\n"
    "DROP TRIGGER append_only ON discipline_complaintstep;\n"
)


def add_kinds(apps, schema_editor):
    alias = schema_editor.connection.alias
    types = apps.get_model("discipline", "IncidentType").objects.using(alias)
    rows = apps.get_model("discipline", "ComplaintKind").objects.using(alias)
    for position, (code, name, private, about_counter, kind) in enumerate(KINDS, start=1):
        incident_kind = types.filter(code=kind).first()
        rows.create(
            code=code,
            name=name,
            private=private,
            about_counter=about_counter,
            incident_kind=incident_kind,
            position=position,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0044_recording_export'),
        ('offices', '0019_members_of_agencies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ComplaintMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', streams.secrets.SecretTextField()),
                ('subject', models.CharField(max_length=200)),
                ('body', streams.secrets.SecretTextField()),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(db_index=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'surel laporan warga',
                'verbose_name_plural': 'surel laporan warga',
            },
        ),
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(unique=True)),
                ('private', models.BooleanField()),
                ('latitude', models.FloatField(validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)])),
                ('longitude', models.FloatField(validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)])),
                ('address', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField(max_length=4000)),
                ('public_text', models.TextField(blank=True, max_length=4000)),
                ('happened_at', models.DateTimeField(null=True)),
                ('language', models.CharField(max_length=8)),
                ('mail', streams.secrets.SecretTextField(blank=True)),
                ('secret_hash', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('state', models.CharField(default='unconfirmed', max_length=32)),
                ('changed_at', models.DateTimeField()),
                ('reopened', models.BooleanField(default=False)),
                ('verify_by', models.DateTimeField(null=True)),
                ('react_by', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=32)),
                ('duplicate_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='discipline.complaint')),
                ('incident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='discipline.incident')),
                ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='offices.place')),
            ],
            options={
                'verbose_name': 'laporan warga',
                'verbose_name_plural': 'laporan warga',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ComplaintFollower',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mail', streams.secrets.SecretTextField()),
                ('language', models.CharField(max_length=8)),
                ('created_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followers', to='discipline.complaint')),
            ],
            options={
                'verbose_name': 'pengikut laporan warga',
                'verbose_name_plural': 'pengikut laporan warga',
            },
        ),
        migrations.CreateModel(
            name='ComplaintKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=20, unique=True, verbose_name='kode')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='nama')),
                ('private', models.BooleanField(default=False, verbose_name='rahasia, untuk Inspektorat')),
                ('about_counter', models.BooleanField(default=False, verbose_name='tentang loket')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='urutan')),
                ('active', models.BooleanField(default=True, verbose_name='dipakai')),
                ('incident_kind', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='discipline.incidenttype', verbose_name='jenis kejadian')),
            ],
            options={
                'verbose_name': 'jenis laporan warga',
                'verbose_name_plural': 'jenis laporan warga',
                'ordering': ['position', 'name'],
            },
        ),
        migrations.AddField(
            model_name='complaint',
            name='kind',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='discipline.complaintkind', verbose_name='jenis'),
        ),
        migrations.CreateModel(
            name='ComplaintPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(unique=True)),
                ('jpeg', models.BinaryField()),
                ('hidden', models.BinaryField(null=True)),
                ('public', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('again_at', models.DateTimeField()),
                ('complaint', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='discipline.complaint')),
            ],
            options={
                'verbose_name': 'foto laporan warga',
                'verbose_name_plural': 'foto laporan warga',
            },
        ),
        migrations.CreateModel(
            name='ComplaintStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=32)),
                ('state', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
                ('text', models.TextField(blank=True)),
                ('message', models.TextField(blank=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='discipline.complaint')),
            ],
            options={
                'verbose_name': 'langkah laporan warga',
                'verbose_name_plural': 'langkah laporan warga',
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='complaintkind',
            constraint=models.CheckConstraint(condition=models.Q(('private', False), ('incident_kind', None), _connector='OR'), name='private_opens_nothing'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(fields=['state', 'verify_by'], name='complaint_queue'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(fields=['latitude', 'longitude'], name='complaint_near'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('private', False), ('public_text', ''), _connector='OR'), name='complaint_private_stays_so'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('private', False), ('incident', None), _connector='OR'), name='complaint_private_joins_nothing'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='complaint_says_something'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('duplicate_of__isnull', False), ('state', 'duplicate')), models.Q(models.Q(('state', 'duplicate'), _negated=True), ('duplicate_of', None)), _connector='OR'), name='complaint_duplicate_of_another'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('duplicate_of', None), models.Q(('duplicate_of', models.F('pk')), _negated=True), _connector='OR'), name='complaint_not_of_itself'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'unconfirmed'), models.Q(('opened_at__isnull', False), ('verify_by__isnull', False)), _connector='OR'), name='complaint_open_with_a_deadline'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), name='complaint_pin_in_degrees'),
        ),
        migrations.AddConstraint(
            model_name='complaintphoto',
            constraint=models.CheckConstraint(condition=models.Q(('public', False), models.Q(('complaint__isnull', False), ('hidden__isnull', False)), _connector='OR'), name='complaint_photo_public_when_hidden'),
        ),
        migrations.RunPython(add_kinds, migrations.RunPython.noop, elidable=False),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
