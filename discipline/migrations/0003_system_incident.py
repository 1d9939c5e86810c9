import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0002_evidence'),
    ]

    operations = [
        migrations.AddField(
            model_name='standing',
            name='saw_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='IncidentRule',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('share', models.FloatField(default=0.3, help_text='0,3: lebih dari 30 dari 100 kamera', verbose_name='bagian kamera')),
                ('window_s', models.PositiveIntegerField(default=60, verbose_name='gelap bersama dalam (detik)')),
                ('min_cameras', models.PositiveIntegerField(default=3, verbose_name='paling sedikit kamera')),
                ('dark_s', models.PositiveIntegerField(default=30, verbose_name='gelap setelah tanpa gambar (detik)')),
                ('stall_s', models.PositiveIntegerField(default=10, verbose_name='pemantau terhenti setelah (detik)')),
                ('clock_s', models.PositiveIntegerField(default=5, verbose_name='selisih jam paling besar (detik)')),
                ('settle_s', models.PositiveIntegerField(default=10, verbose_name='berakhir setelah pulih (detik)')),
                ('longest_s', models.PositiveIntegerField(default=1800, verbose_name='menjadi gangguan kamera setelah (detik)')),
            ],
            options={
                'verbose_name': 'aturan gangguan sistem',
                'verbose_name_plural': 'aturan gangguan sistem',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='incident_rule_only_one'), models.CheckConstraint(condition=models.Q(('dark_s__gte', 1), ('min_cameras__gte', 1), ('share__gt', 0), ('share__lt', 1), ('window_s__gte', 1), ('clock_s__gte', 1), ('longest_s__gte', 1), ('settle_s__gte', 1), ('stall_s__gte', 1)), name='incident_rule_makes_sense')],
            },
        ),
        migrations.CreateModel(
            name='SystemIncident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('fleet_blind', 'Banyak kamera gelap serentak'), ('no_watch', 'Tidak ada proses pemantau'), ('watch_stalled', 'Pemantau terhenti'), ('clock_jumped', 'Jam komputer salah')], max_length=16)),
                ('since', models.DateTimeField()),
                ('raised_at', models.DateTimeField()),
                ('calm_since', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(db_index=True, null=True)),
                ('blind', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('watcher', models.CharField(blank=True, max_length=120)),
                ('off_s', models.FloatField(default=0)),
            ],
            options={
                'verbose_name': 'gangguan sistem',
                'verbose_name_plural': 'gangguan sistem',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('ended_at',), name='incident_one_open', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('raised_at__gte', models.F('since'))), name='incident_raised_after_start'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('since')), _connector='OR'), name='incident_ends_after_start')],
            },
        ),
        migrations.AddField(
            model_name='alert',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='discipline.systemincident'),
        ),
    ]
