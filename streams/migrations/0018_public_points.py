"""What the public sees of street points. The database refuses whatever could show an office's interior."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# FOR SHARE: a camera that is being moved meanwhile is waited for.
HOLD = """
CREATE TRIGGER public_point_place BEFORE INSERT OR UPDATE ON streams_publicpoint
    FOR EACH ROW EXECUTE FUNCTION place_is_a_point();
CREATE FUNCTION office_uses_stream(one text, other text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM streams_camera AS camera JOIN offices_place AS place ON place.id = camera.place_id
        WHERE place.kind <> 'point'
        AND ARRAY[lower(camera.url), lower(camera.sub_url)] && array_remove(ARRAY[lower(one), lower(other)], '')
    )
$$;
CREATE FUNCTION public_camera_is_of_its_point() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE camera record;
BEGIN
    IF NEW.camera_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT place_id, url, sub_url INTO camera FROM streams_camera WHERE id = NEW.camera_id FOR SHARE;
    IF camera.place_id IS DISTINCT FROM NEW.place_id THEN
        RAISE EXCEPTION 'camera % is of another place', NEW.camera_id USING ERRCODE = 'check_violation';
    END IF;
    IF office_uses_stream(camera.url, camera.sub_url) THEN
        RAISE EXCEPTION 'an office uses the stream of camera %', NEW.camera_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER public_point_camera BEFORE INSERT OR UPDATE ON streams_publicpoint
    FOR EACH ROW EXECUTE FUNCTION public_camera_is_of_its_point();
CREATE FUNCTION camera_keeps_interiors_private() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE office boolean := EXISTS (SELECT FROM offices_place WHERE id = NEW.place_id AND kind <> 'point');
BEGIN
    IF EXISTS (SELECT FROM streams_publicpoint WHERE camera_id = NEW.id AND place_id IS DISTINCT FROM NEW.place_id) THEN
        RAISE EXCEPTION 'camera % is public at its point', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    IF office AND EXISTS (
        SELECT FROM streams_publicpoint AS point JOIN streams_camera AS camera ON camera.id = point.camera_id
        WHERE ARRAY[lower(camera.url), lower(camera.sub_url)]
            && array_remove(ARRAY[lower(NEW.url), lower(NEW.sub_url)], '')
    ) THEN
        RAISE EXCEPTION 'the stream of camera % is public at a point', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    IF NOT office AND EXISTS (SELECT FROM streams_publicpoint WHERE camera_id = NEW.id)
        AND office_uses_stream(NEW.url, NEW.sub_url) THEN
        RAISE EXCEPTION 'an office uses the stream of camera %', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER camera_keeps_interiors_private BEFORE INSERT OR UPDATE OF place_id, url, sub_url ON streams_camera
    FOR EACH ROW EXECUTE FUNCTION camera_keeps_interiors_private();
CREATE FUNCTION public_change_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER public_change_append_only BEFORE UPDATE OR DELETE ON streams_publicchange
    FOR EACH ROW EXECUTE FUNCTION public_change_is_append_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON streams_publicchange
    EXECUTE FUNCTION public_change_is_append_only();
"""
RELEASE = """
DROP TRIGGER never_truncated ON streams_publicchange;
DROP TRIGGER public_change_append_only ON streams_publicchange;
DROP FUNCTION public_change_is_append_only();
DROP TRIGGER camera_keeps_interiors_private ON streams_camera;
DROP FUNCTION camera_keeps_interiors_private();
DROP TRIGGER public_point_camera ON streams_publicpoint;
DROP FUNCTION public_camera_is_of_its_point();
DROP FUNCTION office_uses_stream(text, text);
DROP TRIGGER public_point_place ON streams_publicpoint;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0018_rules_of_points'),
        ('streams', '0017_words_of_evidence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicLimits',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('most_viewers', models.PositiveIntegerField(default=800, validators=[django.core.validators.MinValueValidator(1)], verbose_name='penonton siaran paling banyak, semua titik')),
            ],
            options={
                'verbose_name': 'batas publik',
                'verbose_name_plural': 'batas publik',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='public_limits_are_one_row'), models.CheckConstraint(condition=models.Q(('most_viewers__gte', 1)), name='public_limits_have_room')],
            },
        ),
        migrations.CreateModel(
            name='PublicPoint',
            fields=[
                ('place', models.OneToOneField(limit_choices_to=models.Q(('kind', 'point')), on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='public_point', serialize=False, to='offices.place', verbose_name='titik')),
                ('shown', models.BooleanField(default=False, verbose_name='tampil untuk publik')),
                ('live', models.BooleanField(default=False, verbose_name='siaran langsung untuk publik')),
                ('delay_s', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MaxValueValidator(300)], verbose_name='tunda (detik)')),
                ('most_viewers', models.PositiveIntegerField(default=100, validators=[django.core.validators.MinValueValidator(1)], verbose_name='penonton siaran paling banyak')),
                ('camera', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='public_point', to='streams.camera', verbose_name='kamera')),
            ],
            options={
                'verbose_name': 'titik publik',
                'verbose_name_plural': 'titik publik',
                'ordering': ['place__point_code'],
            },
        ),
        migrations.CreateModel(
            name='PublicClosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('operator', 'Ditutup operator'), ('steering', 'Sedang diarahkan operator'), ('incident', 'Penanganan kejadian')], max_length=10)),
                ('reason', models.CharField(max_length=200, verbose_name='alasan, terbaca oleh publik')),
                ('started_at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('point', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closures', to='streams.publicpoint')),
            ],
            options={
                'verbose_name': 'penutupan titik publik',
                'verbose_name_plural': 'penutupan titik publik',
                'ordering': ['-started_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PublicChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place_name', models.CharField(blank=True, max_length=120)),
                ('what', models.CharField(choices=[('changed', 'Diatur'), ('closed', 'Ditutup'), ('reopened', 'Dibuka lagi'), ('limits', 'Batas kota diatur')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('facts', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('place', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='offices.place')),
            ],
            options={
                'verbose_name': 'log titik publik',
                'verbose_name_plural': 'log titik publik',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['place', '-at'], name='public_change_by_place')],
            },
        ),
        migrations.AddConstraint(
            model_name='publicpoint',
            constraint=models.CheckConstraint(condition=models.Q(('delay_s__lte', 300)), name='public_point_delay_in_bounds'),
        ),
        migrations.AddConstraint(
            model_name='publicpoint',
            constraint=models.CheckConstraint(condition=models.Q(('most_viewers__gte', 1)), name='public_point_has_room'),
        ),
        migrations.AddConstraint(
            model_name='publicclosure',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['operator', 'steering', 'incident'])), name='closure_cause'),
        ),
        migrations.AddConstraint(
            model_name='publicclosure',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='public_closure_says_why'),
        ),
        migrations.AddConstraint(
            model_name='publicclosure',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('started_at')), _connector='OR'), name='public_closure_until_after_start'),
        ),
        migrations.AddConstraint(
            model_name='publicclosure',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='public_closure_in_order'),
        ),
        migrations.AddConstraint(
            model_name='publicclosure',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('point', 'cause'), name='public_closure_once_per_cause'),
        ),
        migrations.RunSQL(HOLD, RELEASE),
    ]
