"""Articles of bylaws, with what is known of those about rubbish, and case files of incidents."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# What the press wrote of them; nobody has read their text yet, and their dates are not known.
ARTICLES = (  # bylaw, article, text, source, certainty
    (
        "Perda Kota Palembang Nomor 3 Tahun 2015, diubah dengan Nomor 3 Tahun 2020",
        "Pasal 54 huruf a",
        "Tentang membuang sampah. Bunyi pasal belum dibaca: minta naskahnya kepada Bagian Hukum sebelum dipakai.",
        "Pemberitaan: kumparan (2020), barometer99 (2022), sumsel.suara.com (12 Januari 2026)",
        "reported",
    ),
    (
        "Perda Kota Palembang Nomor 2 Tahun 2025",
        "",
        "Diberitakan mengatur sampah sesudah Perda Nomor 3 Tahun 2015; pasal dan hubungannya dengan Perda itu belum"
        " diketahui.",
        "Pemberitaan; naskahnya tidak dilihat",
        "unsure",
    ),
)
TABLES = ("discipline_casestep", "discipline_caseopening")
REFUSE = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}\n"
    f"    FOR EACH ROW EXECUTE FUNCTION table_is_append_only();\n"
    f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table} EXECUTE FUNCTION table_is_append_only();\n"
    for table in TABLES
)
ALLOW = "".join(
    f"DROP TRIGGER never_truncated ON {table};\nDROP TRIGGER append_only ON {table};\n" for table in TABLES
)


def add_articles(apps, schema_editor):
    alias = schema_editor.connection.alias
    rubbish = apps.get_model("discipline", "IncidentType").objects.using(alias).filter(code="rubbish").first()
    for bylaw, article, text, source, certainty in ARTICLES:
        known = {"bylaw": bylaw, "article": article, "text": text, "source": source, "certainty": certainty}
        row = apps.get_model("discipline", "BylawArticle").objects.using(alias).create(**known)
        if rubbish:
            row.kinds.add(rubbish)


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0048_complaint_blocks_and_reviews'),
        ('offices', '0021_file_access_of_cases'),
        ('streams', '0026_width_of_public_pictures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BylawArticle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bylaw', models.CharField(max_length=160, verbose_name='peraturan')),
                ('article', models.CharField(blank=True, help_text='Kosongkan bila belum diketahui.', max_length=60, verbose_name='pasal')),
                ('text', models.TextField(max_length=4000, verbose_name='bunyi atau isi')),
                ('enforcer', models.SlugField(default='satpolpp', max_length=20, verbose_name='kode instansi penegak')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='berlaku sejak')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='berlaku sampai')),
                ('source', models.CharField(max_length=300, verbose_name='sumber')),
                ('certainty', models.CharField(max_length=32, verbose_name='kepastian')),
                ('kinds', models.ManyToManyField(related_name='+', to='discipline.incidenttype', verbose_name='jenis kejadian')),
            ],
            options={
                'verbose_name': 'pasal peraturan',
                'verbose_name_plural': 'pasal peraturan',
                'ordering': ['bylaw', 'article', 'valid_from'],
            },
        ),
        migrations.CreateModel(
            name='CaseFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('camera_name', models.CharField(blank=True, max_length=160)),
                ('moment', models.DateTimeField(verbose_name='saat pelanggaran')),
                ('reason', models.CharField(max_length=500, validators=[django.core.validators.RegexValidator('(\\S\\s*){10}', 'Tulis alasannya, sedikitnya 10 huruf.')], verbose_name='alasan')),
                ('opened_at', models.DateTimeField()),
                ('state', models.CharField(default='waiting', max_length=32)),
                ('work', models.CharField(blank=True, max_length=32)),
                ('why', models.CharField(blank=True, max_length=32)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('started_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('made', models.PositiveIntegerField(default=0)),
                ('no_recording', models.CharField(blank=True, max_length=32)),
                ('clocks', models.JSONField(default=dict)),
                ('closed_at', models.DateTimeField(null=True)),
                ('keep_until', models.DateField(null=True)),
                ('deleted_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.agency')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='discipline.bylawarticle', verbose_name='pasal yang dilanggar')),
                ('camera', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='streams.camera')),
                ('export', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='discipline.recordingexport')),
                ('hold', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='streams.recordinghold')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='case_files', to='discipline.incident')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'berkas pelanggaran',
                'verbose_name_plural': 'berkas pelanggaran',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='CaseOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('reason', models.CharField(max_length=500, validators=[django.core.validators.RegexValidator('(\\S\\s*){10}', 'Tulis alasannya, sedikitnya 10 huruf.')], verbose_name='alasan')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='discipline.casefile')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'pembukaan berkas pelanggaran',
                'verbose_name_plural': 'pembukaan berkas pelanggaran',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='CaseStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
                ('day', models.DateField()),
                ('text', models.TextField(blank=True, max_length=2000)),
                ('receiver', models.CharField(blank=True, max_length=120)),
                ('receiver_agency', models.CharField(blank=True, max_length=120)),
                ('letter', models.CharField(blank=True, max_length=80)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='discipline.casefile')),
            ],
            options={
                'verbose_name': 'langkah berkas pelanggaran',
                'verbose_name_plural': 'langkah berkas pelanggaran',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='CaseStill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at_s', models.DecimalField(decimal_places=1, max_digits=6)),
                ('note', models.CharField(max_length=200, verbose_name='yang terlihat')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stills', to='discipline.casefile')),
            ],
            options={
                'verbose_name': 'gambar berkas',
                'verbose_name_plural': 'gambar berkas',
                'ordering': ['at_s', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CasePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('copy', 'Klip, wajah disembunyikan'), ('still', 'Gambar asli'), ('hidden', 'Gambar, wajah disembunyikan'), ('paper', 'Berita acara'), ('log', 'Catatan pembukaan'), ('sums', 'Daftar sidik SHA-256'), ('archive', 'Berkas lengkap (ZIP)')], max_length=8)),
                ('name', models.CharField(max_length=80)),
                ('path', models.CharField(max_length=120)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='discipline.casefile')),
                ('still', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='discipline.casestill')),
            ],
            options={
                'verbose_name': 'isi berkas',
                'verbose_name_plural': 'isi berkas',
                'ordering': ['kind', 'name'],
            },
        ),
        migrations.AddConstraint(
            model_name='bylawarticle',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='bylaw_article_in_order'),
        ),
        migrations.AddConstraint(
            model_name='bylawarticle',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bylaw', ''), _negated=True), models.Q(('text', ''), _negated=True), models.Q(('source', ''), _negated=True)), name='bylaw_article_sourced'),
        ),
        migrations.AddConstraint(
            model_name='casefile',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('incident', 'agency'), name='case_file_open_once'),
        ),
        migrations.AddConstraint(
            model_name='casefile',
            constraint=models.CheckConstraint(condition=models.Q(('reason__regex', '(\\S\\s*){10}')), name='case_file_says_why'),
        ),
        migrations.AddConstraint(
            model_name='casefile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('keep_until', None)), models.Q(('closed_at__isnull', False), ('keep_until__isnull', False)), _connector='OR'), name='case_file_closed_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='caseopening',
            constraint=models.CheckConstraint(condition=models.Q(('reason__regex', '(\\S\\s*){10}')), name='case_opening_says_why'),
        ),
        migrations.AddConstraint(
            model_name='casestep',
            constraint=models.UniqueConstraint(fields=('case', 'kind'), name='case_step_once'),
        ),
        migrations.AddConstraint(
            model_name='casestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'handed_over'), _negated=True), models.Q(models.Q(('receiver', ''), _negated=True), models.Q(('receiver_agency', ''), _negated=True), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='case_handover_names_the_receiver'),
        ),
        migrations.AddConstraint(
            model_name='casestill',
            constraint=models.UniqueConstraint(fields=('case', 'at_s'), name='case_still_once'),
        ),
        migrations.AddConstraint(
            model_name='casepart',
            constraint=models.UniqueConstraint(fields=('case', 'name'), name='case_part_once'),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunPython(add_articles, migrations.RunPython.noop),
    ]
