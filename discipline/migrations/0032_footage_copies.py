import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Requests for copies of stored pictures."""

    dependencies = [
        ("discipline", "0031_chain_check"),
        ("offices", "0010_file_access_of_copies"),
        ("streams", "0015_view_of_pictures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FootageCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                ("asked_at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("counter", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="offices.counter")),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="FootagePicture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marks", models.JSONField(null=True)),
                ("chosen", django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                ("decided", models.BooleanField(default=False)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("again_at", models.DateTimeField()),
                ("copy", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="pictures", to="discipline.footagecopy")),
                ("original", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="streams.evidence")),
            ],
            options={
                "ordering": ["original__at", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="footagecopy",
            constraint=models.CheckConstraint(condition=models.Q(("since__lt", models.F("until"))), name="footage_copy_ends_after_start"),
        ),
        migrations.AddConstraint(
            model_name="footagecopy",
            constraint=models.CheckConstraint(condition=models.Q(("reason__regex", "(\\S\\s*){10}")), name="footage_copy_says_why"),
        ),
        migrations.AddIndex(
            model_name="footagepicture",
            index=models.Index(condition=models.Q(("marks__isnull", True)), fields=["again_at"], name="footage_picture_waiting"),
        ),
        migrations.AddConstraint(
            model_name="footagepicture",
            constraint=models.UniqueConstraint(fields=("copy", "original"), name="footage_picture_once_per_copy"),
        ),
        migrations.AddConstraint(
            model_name="footagepicture",
            constraint=models.CheckConstraint(condition=models.Q(("decided", False), ("marks__isnull", False), _connector="OR"), name="footage_decided_on_marks"),
        ),
    ]
