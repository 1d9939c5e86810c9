"""Who steers which camera, when it was off its home preset, and the log of it."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


REFUSE = """
CREATE FUNCTION steering_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER steering_log_append_only BEFORE UPDATE OR DELETE ON streams_steeringlog
    FOR EACH ROW EXECUTE FUNCTION steering_log_is_append_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON streams_steeringlog EXECUTE FUNCTION steering_log_is_append_only();
"""
ALLOW = """
DROP TRIGGER never_truncated ON streams_steeringlog;
DROP TRIGGER steering_log_append_only ON streams_steeringlog;
DROP FUNCTION steering_log_is_append_only();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('streams', '0020_street_hints'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HomePreset',
            fields=[
                ('camera', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='home_preset', serialize=False, to='streams.camera')),
                ('token', models.CharField(max_length=80)),
                ('name', models.CharField(max_length=80, verbose_name='preset asal')),
                ('idle_s', models.PositiveIntegerField(default=120, validators=[django.core.validators.MinValueValidator(30), django.core.validators.MaxValueValidator(3600)], verbose_name='kembali setelah (detik)')),
                ('onvif_port', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(65535)], verbose_name='port ONVIF')),
            ],
            options={
                'verbose_name': 'preset asal',
                'verbose_name_plural': 'preset asal',
                'constraints': [models.CheckConstraint(condition=models.Q(('token', ''), _negated=True), name='home_preset_has_token'), models.CheckConstraint(condition=models.Q(('idle_s__gte', 30), ('idle_s__lte', 3600)), name='home_preset_idle_in_bounds')],
            },
        ),
        migrations.CreateModel(
            name='CameraAway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('moved_at', models.DateTimeField()),
                ('back_at', models.DateTimeField(null=True)),
                ('tried_at', models.DateTimeField(null=True)),
                ('camera', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='away', to='streams.camera')),
            ],
            options={
                'verbose_name': 'kamera diarahkan',
                'verbose_name_plural': 'kamera diarahkan',
                'ordering': ['-since', '-pk'],
                'indexes': [models.Index(fields=['back_at'], name='camera_away_by_end')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('back_at', None)), fields=('camera',), name='camera_away_once'), models.CheckConstraint(condition=models.Q(('back_at', None), ('back_at__gte', models.F('since')), _connector='OR'), name='camera_away_in_order')],
            },
        ),
        migrations.CreateModel(
            name='SteeringLease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('priority', models.PositiveSmallIntegerField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('since', models.DateTimeField()),
                ('moved_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('camera', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steering_leases', to='streams.camera')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'kendali kamera',
                'verbose_name_plural': 'kendali kamera',
                'ordering': ['-since', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('camera',), name='steering_by_one_at_a_time'), models.CheckConstraint(condition=models.Q(('expires_at__gte', models.F('since'))), name='steering_lease_in_order')],
            },
        ),
        migrations.CreateModel(
            name='SteeringLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('camera_name', models.CharField(max_length=200)),
                ('what', models.CharField(choices=[('taken', 'Kendali diambil'), ('taken_over', 'Kendali diambil alih'), ('released', 'Kendali dilepas'), ('expired', 'Kendali berakhir sendiri'), ('home', 'Kembali ke preset asal'), ('home_failed', 'Gagal kembali ke preset asal'), ('home_set', 'Preset asal ditentukan')], max_length=12)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('camera', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='streams.camera')),
                ('from_whom', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'log kendali kamera',
                'verbose_name_plural': 'log kendali kamera',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['camera', '-at'], name='steering_log_by_camera')],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
