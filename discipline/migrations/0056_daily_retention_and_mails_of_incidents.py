"""Papers of daily reports are erased after some days by dated rules; the month's numbers of incidents are mailed."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# 30 days: daily.models.FEWEST_DAYS.
ERASE = """
CREATE FUNCTION daily_report_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.pdf = ''
        AND OLD.made_at < now() - interval '30 days'
        AND (NEW.id, NEW.since, NEW.until, NEW.made_at, NEW.sha256)
            = (OLD.id, OLD.since, OLD.until, OLD.made_at, OLD.sha256) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: only the paper is erased, after 30 days', TG_TABLE_NAME;
END $$;
DROP TRIGGER append_only ON discipline_dailyreport;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON discipline_dailyreport
    FOR EACH ROW EXECUTE FUNCTION daily_report_is_kept();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON discipline_dailyretention
    FOR EACH ROW EXECUTE FUNCTION table_is_append_only();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON discipline_dailyretention EXECUTE FUNCTION table_is_append_only();
"""
KEEP = """
DROP TRIGGER never_truncated ON discipline_dailyretention;
DROP TRIGGER append_only ON discipline_dailyretention;
DROP TRIGGER append_only ON discipline_dailyreport;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON discipline_dailyreport
    FOR EACH ROW EXECUTE FUNCTION table_is_append_only();
DROP FUNCTION daily_report_is_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0055_changes_of_articles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DailyRetention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(30), django.core.validators.MaxValueValidator(1825)], verbose_name='disimpan (hari)')),
                ('since', models.DateField(verbose_name='berlaku sejak')),
                ('basis', models.CharField(max_length=300, verbose_name='dasar')),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'masa simpan laporan harian ruang kendali',
                'verbose_name_plural': 'masa simpan laporan harian ruang kendali',
                'ordering': ['-since', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='dailyreport',
            name='erased_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='reportsubscription',
            name='incidents',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='reportmail',
            name='kind',
            field=models.CharField(choices=[('hari', 'Harian'), ('minggu', 'Mingguan'), ('bulan', 'Bulanan'), ('kejadian', 'Angka kejadian')], max_length=8, verbose_name='jenis'),
        ),
        migrations.AddConstraint(
            model_name='dailyreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('erased_at', None), models.Q(('pdf', b''), _negated=True)), models.Q(('erased_at__isnull', False), ('pdf', b'')), _connector='OR'), name='daily_report_has_a_paper_until_erased'),
        ),
        migrations.AddField(
            model_name='dailyretention',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='dailyretention',
            constraint=models.CheckConstraint(condition=models.Q(('days__range', (30, 1825))), name='daily_retention_bounded'),
        ),
        migrations.AddConstraint(
            model_name='dailyretention',
            constraint=models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='daily_retention_has_a_basis'),
        ),
        migrations.RunSQL(ERASE, KEEP),
    ]
