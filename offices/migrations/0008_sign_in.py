import django.db.models.deletion
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models

CACHE = "offices_cache"  # CACHES in settings


def create_cache_table(apps, schema_editor):
    call_command("createcachetable", CACHE, database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """The log of tries to sign in, and the table of used and wrong codes."""

    dependencies = [
        ("offices", "0007_file_access"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("account", models.CharField(max_length=32)),
                ("outcome", models.CharField(choices=[("wrong", "Sandi salah"), ("wrong_code", "Sandi benar, kode salah"), ("password", "Sandi benar, langkah kedua belum selesai"), ("confirmed", "Sandi ditegaskan ulang"), ("signed_in", "Masuk")], max_length=12)),
                ("address", models.GenericIPAddressField(null=True)),
                ("device", models.CharField(blank=True, max_length=32)),
                ("agent", models.CharField(blank=True, max_length=200)),
                ("session_key", models.CharField(blank=True, max_length=40)),
                ("user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "percobaan masuk",
                "verbose_name_plural": "percobaan masuk",
                "indexes": [
                    models.Index(fields=["account", "-at"], name="sign_in_by_account"),
                    models.Index(fields=["address", "-at"], name="sign_in_by_address"),
                    models.Index(fields=["user", "-at"], name="sign_in_by_user"),
                ],
            },
        ),
        migrations.RunPython(create_cache_table, migrations.RunPython.noop),
        migrations.RunSQL(migrations.RunSQL.noop, f"DROP TABLE {CACHE}"),
    ]
