import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Who sent an attachment, and when: for the quota of each person."""

    dependencies = [
        ("discipline", "0027_incidents_of_part"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(model_name="attachment", name="at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(model_name="attachment", index=models.Index(fields=["by", "at"], name="attachment_by_user")),
    ]
