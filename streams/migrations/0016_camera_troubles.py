import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


REFUSE = """
CREATE FUNCTION camera_note_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER camera_note_append_only BEFORE UPDATE OR DELETE ON streams_cameranote
    FOR EACH ROW EXECUTE FUNCTION camera_note_is_append_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON streams_cameranote EXECUTE FUNCTION camera_note_is_append_only();
"""
ALLOW = """
DROP TRIGGER never_truncated ON streams_cameranote;
DROP TRIGGER camera_note_append_only ON streams_cameranote;
DROP FUNCTION camera_note_is_append_only();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('streams', '0015_view_of_pictures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CameraTrouble',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(max_length=20)),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('camera', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='troubles', to='streams.camera')),
            ],
            options={
                'ordering': ['-since', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CameraNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('camera_name', models.CharField(blank=True, max_length=150)),
                ('kind', models.CharField(choices=[('seen', 'Sudah dilihat'), ('called', 'Sudah ditelepon'), ('note', 'Catatan'), ('planned', 'Pekerjaan terencana'), ('resumed', 'Pekerjaan selesai'), ('shift', 'Catatan shift')], max_length=8)),
                ('text', models.CharField(blank=True, max_length=500)),
                ('until', models.DateTimeField(null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('camera', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='streams.camera')),
                ('trouble', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='streams.cameratrouble')),
            ],
            options={
                'verbose_name': 'catatan kamera',
                'verbose_name_plural': 'catatan kamera',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CameraDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('well_s', models.FloatField(default=0)),
                ('trouble_s', models.FloatField(default=0)),
                ('camera', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='streams.camera')),
            ],
            options={
                'ordering': ['day'],
                'constraints': [models.UniqueConstraint(fields=('camera', 'day'), name='camera_day_once')],
            },
        ),
        migrations.AddIndex(
            model_name='cameratrouble',
            index=models.Index(fields=['camera', '-since'], name='trouble_by_camera'),
        ),
        migrations.AddConstraint(
            model_name='cameratrouble',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('camera',), name='camera_in_one_trouble'),
        ),
        migrations.AddConstraint(
            model_name='cameratrouble',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('since')), _connector='OR'), name='trouble_in_order'),
        ),
        migrations.AddIndex(
            model_name='cameranote',
            index=models.Index(fields=['camera', '-at'], name='camera_note_by_camera'),
        ),
        migrations.AddIndex(
            model_name='cameranote',
            index=models.Index(fields=['kind', '-at'], name='camera_note_by_kind'),
        ),
        migrations.AddConstraint(
            model_name='cameranote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'planned'), ('until__gt', models.F('at'))), models.Q(models.Q(('kind', 'planned'), _negated=True), ('until', None)), _connector='OR'), name='camera_note_planned_until'),
        ),
        migrations.AddConstraint(
            model_name='cameranote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('camera', None), ('kind', 'shift')), models.Q(models.Q(('kind', 'shift'), _negated=True), ('camera__isnull', False)), _connector='OR'), name='camera_note_of_a_camera'),
        ),
        migrations.AddConstraint(
            model_name='cameranote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['note', 'shift']), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='camera_note_says_something'),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
