"""Add the share of its staff's earlier pictures that a counter must see in poor light."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("discipline", "0022_unknown_time_of_alerts")]

    operations = [
        migrations.AddField(
            model_name="staffingrule",
            name="control_share",
            field=models.FloatField(
                default=0.8,
                help_text="0,5 sampai 1; bila lebih sedikit terlihat, loket kosong dinyatakan tidak dapat dinilai",
                validators=[MinValueValidator(0.5), MaxValueValidator(1.0)],
                verbose_name="bagian gambar petugas yang harus terlihat dalam cahaya saat itu",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(control_share__gte=0.5, control_share__lte=1), name="rule_control_share"
            ),
        ),
    ]
