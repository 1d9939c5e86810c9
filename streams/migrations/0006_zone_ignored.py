from django.db import migrations, models


class Migration(migrations.Migration):
    """A zone knows what looks like a person in it and is none."""

    dependencies = [("streams", "0005_evidence_opening")]

    operations = [
        migrations.AddField("zone", "ignored", models.JSONField(blank=True, default=list, verbose_name="bukan orang")),
    ]
