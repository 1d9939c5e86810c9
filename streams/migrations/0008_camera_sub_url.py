import streams.models
from django.db import migrations, models


class Migration(migrations.Migration):
    """A camera may have a smaller stream, for many at once."""

    dependencies = [("streams", "0007_view")]

    operations = [
        migrations.AddField(
            "camera",
            "sub_url",
            models.CharField(
                blank=True,
                default="",
                max_length=300,
                validators=[streams.models.rtsp_address],
                verbose_name="alamat RTSP kecil",
            ),
            preserve_default=False,
        ),
    ]
