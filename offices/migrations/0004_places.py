"""Agencies, places and subjects: the tables, and what later migrations fill."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.expressions import Func

class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0003_closure_requests'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=20, unique=True, verbose_name='kode')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='nama')),
            ],
            options={
                'verbose_name': 'instansi',
                'verbose_name_plural': 'instansi',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('kelurahan', 'Kantor kelurahan'), ('kecamatan', 'Kantor kecamatan'), ('point', 'Titik')], max_length=12, verbose_name='jenis')),
                ('point_code', models.CharField(blank=True, max_length=20, validators=[django.core.validators.RegexValidator('^[A-Z][A-Z0-9-]{1,18}[A-Z0-9]$', 'Huruf besar, angka dan tanda hubung; huruf di depan.')], verbose_name='kode titik')),
                ('point_name', models.CharField(blank=True, max_length=80, verbose_name='nama titik')),
                ('latitude', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)], verbose_name='lintang')),
                ('longitude', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)], verbose_name='bujur')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='points', to='offices.agency', verbose_name='instansi pengelola')),
                ('kecamatan', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='place', to='offices.kecamatan')),
                ('kelurahan', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='place', to='offices.kelurahan')),
            ],
            options={
                'verbose_name': 'tempat',
                'verbose_name_plural': 'tempat',
                'ordering': ['kelurahan__code', 'kecamatan__code', 'point_code'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('agency', None), ('kecamatan', None), ('kelurahan__isnull', False), ('kind', 'kelurahan'), ('latitude', None), ('longitude', None), ('point_code', ''), ('point_name', '')), models.Q(('agency', None), ('kecamatan__isnull', False), ('kelurahan', None), ('kind', 'kecamatan'), ('point_code', ''), ('point_name', ''), models.Q(models.Q(('latitude', None), ('longitude', None)), models.Q(('latitude__isnull', False), ('longitude__isnull', False)), _connector='OR')), models.Q(('agency__isnull', False), ('kecamatan', None), ('kelurahan', None), ('kind', 'point'), ('point_code__regex', '^[A-Z][A-Z0-9-]{1,18}[A-Z0-9]$'), ('latitude__isnull', False), ('longitude__isnull', False), ('latitude__range', (-90, 90)), ('longitude__range', (-180, 180)), models.Q(('point_name', ''), _negated=True)), _connector='OR'), name='place_has_what_its_kind_needs'),
                    models.UniqueConstraint(condition=models.Q(('point_code', ''), _negated=True), fields=('point_code',), name='point_code_once'),
                ],
            },
        ),
        migrations.AlterField(
            model_name='counter',
            name='kelurahan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='counters', to='offices.kelurahan'),
        ),
        migrations.AddField(
            model_name='counter',
            name='place',
            field=models.ForeignKey(limit_choices_to=models.Q(('kind', 'point'), _negated=True), null=True, on_delete=django.db.models.deletion.CASCADE, related_name='counters', to='offices.place', verbose_name='tempat'),
        ),
        migrations.CreateModel(
            name='Subject',
            fields=[
                ('id', models.BigIntegerField(db_default=Func(models.Value('offices_counter_id_seq'), function='nextval'), editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('counter', 'Loket')], max_length=12, verbose_name='jenis')),
                ('counter', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='subject', to='offices.counter')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subjects', to='offices.place', verbose_name='tempat')),
            ],
            options={
                'verbose_name': 'objek pantauan',
                'verbose_name_plural': 'objek pantauan',
                'ordering': ['pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('counter__isnull', False), ('id', models.F('counter')), ('kind', 'counter')), models.Q(models.Q(('kind', 'counter'), _negated=True), ('counter', None)), _connector='OR'), name='subject_is_what_its_kind_says'),
                ],
            },
        ),
    ]
