import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which accounts have put the cards of their first sign-in away."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("discipline", "0034_signed_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="TourSeen",
            fields=[
                ("user", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to=settings.AUTH_USER_MODEL)),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "perkenalan yang ditutup",
                "verbose_name_plural": "perkenalan yang ditutup",
            },
        ),
    ]
