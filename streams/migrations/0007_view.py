import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


GUARD = """
CREATE FUNCTION view_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR NEW.seen_at < OLD.seen_at
        OR to_jsonb(NEW) - 'seen_at' - 'ended_at' IS DISTINCT FROM to_jsonb(OLD) - 'seen_at' - 'ended_at'
    THEN
        RAISE EXCEPTION 'the log of views is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER view_append_only BEFORE UPDATE OR DELETE ON streams_view
    FOR EACH ROW EXECUTE FUNCTION view_is_append_only();
"""
UNGUARD = """
DROP TRIGGER view_append_only ON streams_view;
DROP FUNCTION view_is_append_only();
"""


class Migration(migrations.Migration):
    """Who looked at which camera live, when, how long and why."""

    dependencies = [
        ("streams", "0006_zone_ignored"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="View",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("how", models.CharField(choices=[("live", "Siaran langsung"), ("wall", "Dinding")], max_length=4)),
                ("why", models.CharField(choices=[("routine", "Pemantauan rutin"), ("spot_check", "Sidak"), ("indication", "Memeriksa indikasi")], max_length=10)),
                ("camera_name", models.CharField(blank=True, max_length=60)),
                ("offices", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("closed", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("opened_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("camera", models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="streams.camera")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "akses kamera",
                "verbose_name_plural": "akses kamera",
                "ordering": ["-opened_at", "-pk"],
                "indexes": [
                    models.Index(fields=["-opened_at", "-id"], name="view_newest"),
                    models.Index(fields=["user", "-opened_at"], name="view_by_user"),
                    django.contrib.postgres.indexes.GinIndex(fields=["offices"], name="view_by_office"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=Q(closed=False) | Q(reason__regex=r"(\S\s*){10}"), name="view_of_closed_says_why"),
                    models.CheckConstraint(condition=Q(how="wall", camera=None) | Q(how="live", camera__isnull=False), name="view_is_of_a_camera_or_a_wall"),
                    models.CheckConstraint(condition=Q(seen_at__gte=F("opened_at")), name="view_seen_after_opening"),
                    models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at=F("seen_at")), name="view_ends_when_seen"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
