"""Keep the unknown time within an indication that continues one from before an interruption."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("discipline", "0021_plain_names")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="unknown_s",
            field=models.PositiveIntegerField(default=0),
        )
    ]
