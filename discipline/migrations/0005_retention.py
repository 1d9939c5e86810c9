import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0004_blinded'),
        ('offices', '0002_inspector'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Storage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('used_bytes', models.PositiveBigIntegerField()),
                ('held_bytes', models.PositiveBigIntegerField()),
                ('measured_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(null=True, verbose_name='dari tanggal')),
                ('last_day', models.DateField(null=True, verbose_name='sampai tanggal')),
                ('reason', models.CharField(max_length=500, validators=[django.core.validators.RegexValidator('(\\S\\s*){10}', 'Tulis alasannya, sedikitnya 10 huruf.')], verbose_name='alasan')),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.CharField(blank=True, max_length=500)),
                ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='discipline.alert')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kelurahan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='offices.kelurahan')),
            ],
            options={
                'verbose_name': 'penahanan bukti',
                'verbose_name_plural': 'penahanan bukti',
                'ordering': ['-since', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('alert__isnull', False), ('first_day', None), ('kelurahan', None), ('last_day', None)), models.Q(('alert', None), ('first_day__lte', models.F('last_day')), ('kelurahan__isnull', False)), _connector='OR'), name='hold_is_of_an_alert_or_of_an_office'), models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at', None), ('ended_by', None)), models.Q(('end_reason__regex', '(\\S\\s*){10}'), ('ended_at__gte', models.F('since')), ('ended_by__isnull', False)), _connector='OR'), name='hold_ends_with_a_reason'), models.CheckConstraint(condition=models.Q(('reason__regex', '(\\S\\s*){10}')), name='hold_says_why'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('alert',), name='hold_once_per_alert')],
            },
        ),
        migrations.CreateModel(
            name='Retention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('still_days', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1)], verbose_name='bukti disimpan (hari)')),
                ('case_days', models.PositiveSmallIntegerField(default=90, validators=[django.core.validators.MinValueValidator(1)], verbose_name='bukti perkara disimpan (hari)')),
                ('quota_gb', models.PositiveIntegerField(default=200, validators=[django.core.validators.MinValueValidator(1)], verbose_name='kuota (GB)')),
                ('warn_percent', models.PositiveSmallIntegerField(default=80, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='peringatan pada (%)')),
                ('since', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'masa retensi',
                'verbose_name_plural': 'masa retensi',
                'constraints': [models.CheckConstraint(condition=models.Q(('case_days__gte', models.F('still_days')), ('quota_gb__gte', 1), ('still_days__gte', 1), ('warn_percent__gte', 1), ('warn_percent__lte', 100)), name='retention_makes_sense', violation_error_message='Bukti perkara tidak boleh disimpan lebih singkat daripada bukti lain.')],
            },
        ),
    ]
