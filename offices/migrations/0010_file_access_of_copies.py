from django.db import migrations, models


class Migration(migrations.Migration):
    """The log of files names copies of personal data."""

    dependencies = [("offices", "0009_words_of_a_constraint")]

    operations = [
        migrations.AlterField(
            model_name="fileaccess",
            name="kind",
            field=models.CharField(choices=[("evidence", "Bukti, wajah dikaburkan"), ("indication", "Lembar indikasi"), ("attachment", "Lampiran"), ("snapshot", "Cuplikan sidak"), ("spot_check", "Lembar sidak"), ("report", "Berkas laporan"), ("signed", "Dokumen bertanda tangan"), ("copy", "Salinan data pribadi")], max_length=12),
        ),
    ]
