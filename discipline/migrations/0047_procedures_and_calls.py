"""Procedures of the usual types of incidents with their ticks, and calls that operators take in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

PROCEDURES = {  # by the code of the type
    "flood": """
        Lihat kamera terdekat dan catat tinggi airnya: mata kaki, betis, lutut, atau lebih.
        Ada orang terjebak, sakit atau hanyut: hubungi 112 lebih dulu.
        Tugaskan BPBD bila air setinggi lutut atau lebih, dan PUPR untuk pompa dan saluran.
        Tugaskan Dishub bila jalan tidak dapat dilewati, untuk pengalihan arus.
        Beri tahu kelurahan setempat.
        Periksa lagi lewat kamera setiap 30 menit dan catat perubahannya.
        Tutup setelah air surut dan ada foto dari lokasi.
    """,
    "traffic": """
        Lihat kamera terdekat: penyebabnya kecelakaan, kendaraan mogok, parkir liar atau padat biasa.
        Ada korban: hubungi 112 lebih dulu, lalu Polresta.
        Tugaskan Dishub untuk mengatur atau mengalihkan arus.
        Periksa persimpangan sebelum dan sesudahnya lewat kamera.
        Tutup setelah arus kembali lancar.
    """,
    "rubbish": """
        Simpan rekaman kamera di sekitar saat sampah dibuang.
        Tugaskan DLHK untuk mengangkut, dan catat perkiraan banyaknya.
        Ada pelaku di tempat: tugaskan Satpol PP.
        Tutup setelah ada foto lokasi yang bersih.
    """,
    "crime": """
        Hubungi 112 atau Polresta lebih dulu bila masih berlangsung atau ada korban.
        Jangan arahkan petugas kota mendekati pelaku. Catat arah larinya untuk polisi.
        Simpan rekaman kamera di sekitar saat kejadian.
        Pertimbangkan menutup siaran publik kamera di sekitarnya.
        Serahkan kepada polisi dan catat nama penerimanya.
    """,
    "racing": """
        Catat tempat, arah dan perkiraan jumlah kendaraan.
        Hubungi Polresta. Ada korban: hubungi 112 lebih dulu.
        Simpan rekaman kamera di sekitar saat kejadian.
        Tugaskan Dishub bila jalan perlu ditutup.
        Tutup setelah polisi menyatakan selesai.
    """,
    "fire": """
        Hubungi Damkar lewat 112 sekarang, baru isi yang lain.
        Tugaskan Damkar: alamat, yang terbakar, ada orang di dalam atau tidak.
        Tugaskan Dishub untuk membuka jalan bagi mobil pemadam.
        Ada korban: minta ambulans lewat 112.
        Beri tahu kelurahan setempat, dan BPBD bila warga perlu mengungsi.
        Tutup setelah Damkar menyatakan padam dan lokasi aman.
    """,
    "order": """
        Lihat kamera terdekat: perkiraan jumlah orang, ada kekerasan atau tidak.
        Ada kekerasan atau korban: hubungi 112 atau Polresta lebih dulu.
        Tugaskan Satpol PP.
        Beri tahu kelurahan setempat.
        Simpan rekaman kamera bila akan dibawa ke sidang.
        Tutup setelah ada laporan petugas di lokasi.
    """,
    "service": """
        Periksa catatan kehadiran dan jadwal loket pada saat itu.
        Periksa apakah kamera terganggu sebelum menyimpulkan loket kosong.
        Hubungi kelurahan dan minta penjelasan.
        Beri jawaban kepada warga yang melapor, tanpa menyebut nama petugas.
    """,
}
TABLES = ("discipline_incomingcall", "discipline_procedure", "discipline_proceduretick")
REFUSE = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}\n"
    f"    FOR EACH ROW EXECUTE FUNCTION table_is_append_only();\n"
    f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table} EXECUTE FUNCTION table_is_append_only();\n"
    for table in TABLES
)
ALLOW = "".join(
    f"DROP TRIGGER never_truncated ON {table};\nDROP TRIGGER append_only ON {table};\n" for table in TABLES
)


def add_procedures(apps, schema_editor):
    """Add the first version for each of the usual types that the city has kept."""
    Procedure = apps.get_model("discipline", "Procedure")
    now = timezone.now()
    for kind in apps.get_model("discipline", "IncidentType").objects.filter(code__in=PROCEDURES):
        text = "\n".join(line.strip() for line in PROCEDURES[kind.code].strip().splitlines())
        Procedure.objects.create(kind=kind, since=now, written_at=now, text=text)


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0046_shifts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Procedure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('written_at', models.DateTimeField()),
                ('text', models.TextField(max_length=4000, verbose_name='langkah')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='procedures', to='discipline.incidenttype')),
            ],
            options={
                'verbose_name': 'prosedur kejadian',
                'verbose_name_plural': 'prosedur kejadian',
                'ordering': ['-since', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ProcedureTick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='procedure_ticks', to='discipline.incident')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ticks', to='discipline.procedure')),
            ],
            options={
                'verbose_name': 'langkah prosedur yang dicentang',
                'verbose_name_plural': 'langkah prosedur yang dicentang',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='IncomingCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('via', models.CharField(blank=True, max_length=32)),
                ('outcome', models.CharField(max_length=32)),
                ('text', models.TextField(blank=True, max_length=4000)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('corrects', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='discipline.incomingcall')),
                ('incident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='discipline.incident')),
            ],
            options={
                'verbose_name': 'panggilan masuk',
                'verbose_name_plural': 'panggilan masuk',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['-at'], name='call_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('incident__isnull', False), ('outcome', 'incident')), models.Q(models.Q(('outcome', 'incident'), _negated=True), ('incident', None)), _connector='OR'), name='call_about_an_incident'), models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', False), ('outcome', 'mistake')), models.Q(models.Q(('outcome', 'mistake'), _negated=True), ('corrects', None)), _connector='OR'), name='call_mistake_corrects_another'), models.CheckConstraint(condition=models.Q(('corrects', None), models.Q(('corrects', models.F('pk')), _negated=True), _connector='OR'), name='call_not_of_itself')],
            },
        ),
        migrations.AddIndex(
            model_name='procedure',
            index=models.Index(fields=['kind', '-since'], name='procedure_in_force'),
        ),
        migrations.AddConstraint(
            model_name='procedure',
            constraint=models.CheckConstraint(condition=models.Q(('since__gte', models.F('written_at'))), name='procedure_never_changes_the_past'),
        ),
        migrations.AddConstraint(
            model_name='procedure',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='procedure_says_something'),
        ),
        migrations.AddConstraint(
            model_name='proceduretick',
            constraint=models.UniqueConstraint(fields=('incident', 'procedure', 'line'), name='procedure_line_ticked_once'),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunPython(add_procedures, migrations.RunPython.noop, elidable=False),
    ]
