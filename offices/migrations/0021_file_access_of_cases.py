"""A kind of file access: case files of incidents."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0020_file_access_of_recordings'),
    ]

    operations = [
        migrations.AlterField(
            model_name='fileaccess',
            name='kind',
            field=models.CharField(choices=[('evidence', 'Bukti, wajah dikaburkan'), ('indication', 'Lembar indikasi'), ('attachment', 'Lampiran'), ('snapshot', 'Cuplikan inspeksi'), ('spot_check', 'Lembar inspeksi'), ('report', 'Berkas laporan'), ('signed', 'Dokumen bertanda tangan'), ('copy', 'Salinan data pribadi'), ('log', 'Log akses'), ('recording', 'Rekaman yang diekspor'), ('case', 'Berkas pelanggaran')], max_length=12),
        ),
    ]
