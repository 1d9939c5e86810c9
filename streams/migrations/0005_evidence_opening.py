import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


REFUSE = """
CREATE FUNCTION evidence_opening_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of openings is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER evidence_opening_append_only BEFORE UPDATE OR DELETE ON streams_evidenceopening
    FOR EACH ROW EXECUTE FUNCTION evidence_opening_is_append_only();
"""
ALLOW = """
DROP TRIGGER evidence_opening_append_only ON streams_evidenceopening;
DROP FUNCTION evidence_opening_is_append_only();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('streams', '0004_evidence_head'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Showing',
            fields=[
                ('original', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='showing', serialize=False, to='streams.evidence')),
                ('tries', models.PositiveIntegerField(default=1)),
                ('again_at', models.DateTimeField()),
                ('why', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.UniqueConstraint(fields=('of', 'form'), name='evidence_has_each_form_once'),
        ),
        migrations.CreateModel(
            name='EvidenceOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('reason', models.CharField(max_length=500, validators=[django.core.validators.RegexValidator('(\\S\\s*){10}', 'Tulis alasannya, sedikitnya 10 huruf.')], verbose_name='alasan')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='streams.evidence')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'pembukaan bukti asli',
                'verbose_name_plural': 'pembukaan bukti asli',
                'ordering': ['-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__regex', '(\\S\\s*){10}')), name='opening_says_why')],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
