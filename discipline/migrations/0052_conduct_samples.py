"""Conduct at counters: the dated rules of the sample, its draws, clips and judgements; items of spot checks."""

import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

TABLES = ("discipline_samplerule", "discipline_weekdraw", "discipline_conductjudgement")
REFUSE = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}\n"
    f"    FOR EACH ROW EXECUTE FUNCTION table_is_append_only();\n"
    f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table} EXECUTE FUNCTION table_is_append_only();\n"
    for table in TABLES
)
ALLOW = "".join(
    f"DROP TRIGGER never_truncated ON {table};\nDROP TRIGGER append_only ON {table};\n" for table in TABLES
)

class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0051_daily_report_and_room'),
        ('offices', '0022_file_access_of_counter_clips'),
        ('streams', '0026_width_of_public_pictures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='spotstop',
            name='items',
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name='spotentry',
            name='kind',
            field=models.CharField(choices=[('mark', 'Tanda'), ('note', 'Catatan'), ('items', 'Butir perilaku'), ('snapshot', 'Cuplikan'), ('remove', 'Cuplikan dihapus'), ('finish', 'Selesai')], max_length=8),
        ),
        migrations.CreateModel(
            name='SampleRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='berlaku sejak')),
                ('per_office', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(20)], verbose_name='klip per kantor tiap minggu')),
                ('wait_minutes', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='menunggu pengunjung (menit)')),
                ('second_percent', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='dinilai oleh dua pemeriksa (persen)')),
                ('keep_days', models.PositiveSmallIntegerField(default=14, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(30)], verbose_name='klip yang belum dinilai disimpan (hari)')),
                ('keep_judged_days', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MaxValueValidator(30)], verbose_name='klip yang sudah dinilai disimpan (hari)')),
                ('basis', models.CharField(max_length=300, verbose_name='dasar hukum')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='oleh')),
            ],
            options={
                'verbose_name': 'aturan contoh perilaku',
                'verbose_name_plural': 'aturan contoh perilaku',
                'ordering': ['-since', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='WeekDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField(unique=True)),
                ('drawn', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='discipline.samplerule')),
            ],
            options={
                'verbose_name': 'undian contoh perilaku',
                'verbose_name_plural': 'undian contoh perilaku',
                'ordering': ['-week'],
            },
        ),
        migrations.CreateModel(
            name='CounterClip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveIntegerField(null=True)),
                ('wanted_from', models.DateTimeField()),
                ('wanted_until', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('waiting', 'Ditunggu'), ('taken', 'Ada klip'), ('no_visitor', 'Tidak ada pengunjung'), ('empty', 'Loket kosong'), ('unseen', 'Tidak terpantau'), ('closed', 'Tidak melayani')], default='waiting', max_length=12)),
                ('taken_at', models.DateTimeField(null=True)),
                ('deleted_at', models.DateTimeField(null=True)),
                ('camera', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='streams.camera')),
                ('counter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.counter')),
                ('stop', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clips', to='discipline.spotstop')),
                ('draw', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clips', to='discipline.weekdraw')),
            ],
            options={
                'verbose_name': 'klip loket',
                'verbose_name_plural': 'klip loket',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ClipFilm',
            fields=[
                ('clip', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='film', serialize=False, to='discipline.counterclip')),
                ('original', models.BinaryField(null=True)),
                ('shown', models.BinaryField(null=True)),
                ('zones', models.JSONField(default=list)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('again_at', models.DateTimeField()),
                ('why', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('shown', None)), fields=['again_at'], name='clipfilm_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('original', None), ('shown__isnull', False)), models.Q(('original__isnull', False), ('shown', None)), _connector='OR'), name='clipfilm_is_original_or_shown')],
            },
        ),
        migrations.CreateModel(
            name='ConductJudgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('usable', models.BooleanField()),
                ('answers', models.JSONField(default=dict)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clip', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='judgements', to='discipline.counterclip')),
                ('undoes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='discipline.conductjudgement')),
            ],
            options={
                'verbose_name': 'penilaian klip',
                'verbose_name_plural': 'penilaian klip',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['by', '-at'], name='judgement_newest')],
            },
        ),
        migrations.AddConstraint(
            model_name='samplerule',
            constraint=models.CheckConstraint(condition=models.Q(('keep_days__gte', 1), ('keep_days__lte', 30), ('keep_judged_days__lte', 30), ('per_office__lte', 20), ('second_percent__lte', 100), ('wait_minutes__gte', 1), ('wait_minutes__lte', 60)), name='sample_rule_bounded'),
        ),
        migrations.AddConstraint(
            model_name='samplerule',
            constraint=models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='sample_rule_has_a_basis'),
        ),
        migrations.AddIndex(
            model_name='counterclip',
            index=models.Index(condition=models.Q(('outcome', 'waiting')), fields=['wanted_from'], name='counterclip_waiting'),
        ),
        migrations.AddIndex(
            model_name='counterclip',
            index=models.Index(condition=models.Q(('deleted_at', None), ('outcome', 'taken')), fields=['taken_at'], name='counterclip_kept'),
        ),
        migrations.AddConstraint(
            model_name='counterclip',
            constraint=models.UniqueConstraint(fields=('draw', 'number'), name='counterclip_drawn_once'),
        ),
        migrations.AddConstraint(
            model_name='counterclip',
            constraint=models.UniqueConstraint(fields=('stop', 'counter'), name='counterclip_once_a_stop'),
        ),
        migrations.AddConstraint(
            model_name='counterclip',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('draw__isnull', False), ('number__isnull', False), ('stop', None)), models.Q(('draw', None), ('number', None), ('stop__isnull', False)), _connector='OR'), name='counterclip_is_drawn_or_of_a_stop'),
        ),
        migrations.AddConstraint(
            model_name='counterclip',
            constraint=models.CheckConstraint(condition=models.Q(('wanted_from__lte', models.F('wanted_until'))), name='counterclip_in_order'),
        ),
        migrations.AddConstraint(
            model_name='counterclip',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'taken'), ('taken_at__isnull', False)), models.Q(models.Q(('outcome', 'taken'), _negated=True), ('taken_at', None)), _connector='OR'), name='counterclip_taken_at_a_time'),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
