import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

GUARD = """
CREATE FUNCTION view_reason_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of reasons is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER view_reason_append_only BEFORE UPDATE OR DELETE ON streams_viewreason
    FOR EACH ROW EXECUTE FUNCTION view_reason_is_append_only();
"""
UNGUARD = """
DROP TRIGGER view_reason_append_only ON streams_viewreason;
DROP FUNCTION view_reason_is_append_only();
"""


class Migration(migrations.Migration):
    """Single pictures in the log of views, and the reasons that count for half an hour.

    Going back refuses once single pictures are in the log: the old table has no room for them.
    """

    dependencies = [
        ("streams", "0014_standing_still"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ViewReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("places", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("reason", models.CharField(max_length=500)),
                ("given_at", models.DateTimeField()),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-given_at", "-pk"],
                "indexes": [models.Index(fields=["user", "-given_at"], name="view_reason_by_user")],
                "constraints": [models.CheckConstraint(condition=Q(reason__regex=r"(\S\s*){10}"), name="view_reason_says_why")],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RemoveConstraint(model_name="view", name="view_is_of_a_camera_or_a_wall"),
        migrations.AddField(model_name="view", name="quarter", field=models.DateTimeField(null=True)),
        migrations.AlterField(
            model_name="view",
            name="how",
            field=models.CharField(choices=[("live", "Siaran langsung"), ("wall", "Dinding"), ("picture", "Gambar terbaru")], max_length=8),
        ),
        migrations.AlterField(
            model_name="view",
            name="why",
            field=models.CharField(choices=[("routine", "Pemantauan rutin"), ("spot_check", "Sidak"), ("indication", "Memeriksa indikasi"), ("setup", "Menyetel kamera")], max_length=10),
        ),
        migrations.AddConstraint(
            model_name="view",
            constraint=models.CheckConstraint(
                condition=Q(how="wall", camera=None)
                | Q(how="live", camera__isnull=False)
                | Q(how="picture", quarter__isnull=False),
                name="view_is_of_a_camera_or_a_wall",
            ),
        ),
        migrations.AddConstraint(
            model_name="view",
            constraint=models.UniqueConstraint(
                condition=Q(how="picture"),
                fields=("user", "camera", "camera_name", "quarter", "why", "closed", "reason"),
                nulls_distinct=False,
                name="view_of_pictures_once_a_quarter",
            ),
        ),
    ]
