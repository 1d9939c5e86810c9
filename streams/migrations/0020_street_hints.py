"""Where hints on streets are wanted, the hints, and what operators said of them."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Of a camera that moves to an office nothing is looked for: wanted_lanes() asks for the kind of its place.
HOLD = """
CREATE FUNCTION hint_setting_is_of_a_point() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM streams_camera AS camera JOIN offices_place AS place ON place.id = camera.place_id
        WHERE camera.id = NEW.camera_id AND place.kind = 'point'
    ) THEN
        RAISE EXCEPTION 'camera % is not at a street point', NEW.camera_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hint_setting_is_of_a_point BEFORE INSERT OR UPDATE ON streams_hintsetting
    FOR EACH ROW EXECUTE FUNCTION hint_setting_is_of_a_point();
"""
LET_GO = """
DROP TRIGGER hint_setting_is_of_a_point ON streams_hintsetting;
DROP FUNCTION hint_setting_is_of_a_point();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('streams', '0019_recording'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HintRule',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('counted', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(3), django.core.validators.MaxValueValidator(100)], verbose_name='keputusan yang dihitung')),
                ('least_percent', models.PositiveSmallIntegerField(default=50, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='ketepatan terendah (persen)')),
            ],
            options={
                'verbose_name': 'aturan petunjuk',
                'verbose_name_plural': 'aturan petunjuk',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='hint_rule_is_one_row'), models.CheckConstraint(condition=models.Q(('counted__gte', 3)), name='hint_rule_counts_some'), models.CheckConstraint(condition=models.Q(('least_percent__lte', 100)), name='hint_rule_percent')],
            },
        ),
        migrations.CreateModel(
            name='HintSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('congestion', 'Kemacetan'), ('water', 'Genangan')], max_length=12)),
                ('on', models.BooleanField(default=False, verbose_name='petunjuk menyala')),
                ('polygon', models.JSONField(verbose_name='tempat pada gambar')),
                ('since', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('camera', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hint_settings', to='streams.camera')),
            ],
            options={
                'verbose_name': 'pengaturan petunjuk',
                'verbose_name_plural': 'pengaturan petunjuk',
                'ordering': ['camera', 'kind'],
                'constraints': [models.UniqueConstraint(fields=('camera', 'kind'), name='hint_setting_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['congestion', 'water'])), name='hint_setting_kind')],
            },
        ),
        migrations.CreateModel(
            name='StreetHint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('congestion', 'Kemacetan'), ('water', 'Genangan')], max_length=12)),
                ('level', models.CharField(choices=[('padat', 'padat'), ('macet', 'macet'), ('mata-kaki', 'setinggi mata kaki'), ('betis', 'setinggi betis'), ('lutut', 'setinggi lutut')], max_length=12)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('jpeg', models.BinaryField(null=True)),
                ('decision', models.CharField(blank=True, choices=[('yes', 'benar'), ('no', 'bukan')], default='', max_length=3)),
                ('decided_at', models.DateTimeField(null=True)),
                ('camera', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hints', to='streams.camera')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'petunjuk',
                'verbose_name_plural': 'petunjuk',
                'ordering': ['-started_at', '-pk'],
                'indexes': [models.Index(fields=['camera', 'kind', '-started_at'], name='street_hint_by_camera')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('camera', 'kind'), name='street_hint_one_open'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='street_hint_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('decision__in', ['yes', 'no'])), _connector='OR'), name='street_hint_decided_by_somebody')],
            },
        ),
        migrations.RunSQL(HOLD, LET_GO),
    ]
