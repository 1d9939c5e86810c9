import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION file_access_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of files is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER file_access_append_only BEFORE UPDATE OR DELETE ON offices_fileaccess
    FOR EACH ROW EXECUTE FUNCTION file_access_is_append_only();
"""
UNGUARD = """
DROP TRIGGER file_access_append_only ON offices_fileaccess;
DROP FUNCTION file_access_is_append_only();
"""


class Migration(migrations.Migration):
    """Who opened which evidence, sheet, attachment or report."""

    dependencies = [
        ("offices", "0006_rights_log"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FileAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("evidence", "Bukti, wajah dikaburkan"), ("indication", "Lembar indikasi"), ("attachment", "Lampiran"), ("snapshot", "Cuplikan sidak"), ("spot_check", "Lembar sidak"), ("report", "Berkas laporan"), ("signed", "Dokumen bertanda tangan")], max_length=12)),
                ("key", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200)),
                ("offices", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("hour", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "akses berkas",
                "verbose_name_plural": "akses berkas",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="file_access_newest"),
                    django.contrib.postgres.indexes.GinIndex(fields=["offices"], name="file_access_by_office"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind", "key", "hour"), name="file_access_once_an_hour"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
