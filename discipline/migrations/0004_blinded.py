from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("discipline", "0003_system_incident"),
    ]

    operations = [
        migrations.AddField(
            model_name="staffingrule",
            name="blinded_s",
            field=models.PositiveIntegerField(
                default=60, verbose_name="kamera tertutup atau bergeser setelah (detik)"
            ),
        ),
        migrations.AlterField(
            model_name="alert",
            name="kind",
            field=models.CharField(
                choices=[
                    ("late_opening", "Terlambat buka"),
                    ("not_opened", "Tidak buka"),
                    ("absence", "Loket kosong"),
                    ("early_leave", "Pulang sebelum waktunya"),
                    ("camera_fault", "Gangguan kamera"),
                    ("blinded", "Kamera tertutup"),
                ],
                max_length=12,
            ),
        ),
    ]
