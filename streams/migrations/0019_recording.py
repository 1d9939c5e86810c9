import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REFUSE = """
CREATE FUNCTION recording_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER recording_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION recording_is_append_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table} EXECUTE FUNCTION recording_is_append_only();
"""
    for table in ("streams_retentionrule", "streams_earlydeletion")
)
ALLOW = "".join(
    f"DROP TRIGGER never_truncated ON {table};\nDROP TRIGGER recording_append_only ON {table};\n"
    for table in ("streams_retentionrule", "streams_earlydeletion")
) + "DROP FUNCTION recording_is_append_only();"


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0018_rules_of_points'),
        ('streams', '0018_public_points'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EarlyDeletion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('why', models.CharField(choices=[('disk', 'Penyimpanan penuh'), ('quota', 'Kuota habis')], max_length=8)),
                ('kept_as', models.CharField(choices=[('office', 'Kantor'), ('street', 'Jalan'), ('hotspot', 'Titik rawan')], max_length=12)),
                ('minutes', models.PositiveIntegerField()),
                ('size', models.PositiveBigIntegerField()),
                ('until', models.DateTimeField()),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='RecordedMinute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept_as', models.CharField(choices=[('office', 'Kantor'), ('street', 'Jalan'), ('hotspot', 'Titik rawan')], max_length=12)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('plays_from', models.DateTimeField()),
                ('plays_until', models.DateTimeField()),
                ('size', models.PositiveBigIntegerField()),
                ('keyframes', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('path', models.CharField(max_length=100)),
                ('gap', models.CharField(blank=True, choices=[('', 'Tidak ada'), ('camera', 'Kamera atau jaringan terputus'), ('system', 'Sidak tidak merekam'), ('disk', 'Penyimpanan penuh atau rusak'), ('off', 'Perekaman dimatikan'), ('format', 'Bentuk video tidak dapat direkam')], max_length=8)),
                ('camera', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='streams.camera')),
                ('place', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='offices.place')),
            ],
            options={
                'ordering': ['camera_id', 'starts_at'],
                'indexes': [models.Index(fields=['kept_as', 'starts_at'], name='recorded_by_class')],
                'constraints': [models.UniqueConstraint(fields=('camera', 'starts_at'), name='recorded_minute_once'), models.CheckConstraint(condition=models.Q(('ends_at__gte', models.F('starts_at')), ('plays_until__gt', models.F('plays_from'))), name='recorded_in_order')],
            },
        ),
        migrations.CreateModel(
            name='RecordingHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(verbose_name='dari')),
                ('until', models.DateTimeField(verbose_name='sampai')),
                ('reason', models.CharField(max_length=500, validators=[django.core.validators.RegexValidator('(\\S\\s*){10}', 'Tulis alasannya, sedikitnya 10 huruf.')], verbose_name='alasan')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('released_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('camera', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='streams.camera')),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'penguncian rekaman',
                'verbose_name_plural': 'penguncian rekaman',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('released_at', None)), fields=['camera', 'since'], name='recording_held')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='recording_hold_in_order'), models.CheckConstraint(condition=models.Q(('reason__regex', '(\\S\\s*){10}')), name='recording_hold_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('released_at', None), ('released_by', None)), models.Q(('released_at__isnull', False), ('released_by__isnull', False)), _connector='OR'), name='recording_hold_released_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept_as', models.CharField(choices=[('office', 'Kantor'), ('street', 'Jalan'), ('hotspot', 'Titik rawan')], max_length=12, verbose_name='kelas')),
                ('days', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(366)], verbose_name='disimpan (hari)')),
                ('since', models.DateField(verbose_name='berlaku sejak')),
                ('basis', models.CharField(max_length=300, verbose_name='dasar hukum')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='oleh')),
            ],
            options={
                'verbose_name': 'masa simpan rekaman',
                'verbose_name_plural': 'masa simpan rekaman',
                'ordering': ['kept_as', '-since', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('days__lte', 366)), name='recording_days_bounded'), models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='recording_has_a_basis')],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
