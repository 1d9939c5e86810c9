"""Attachments, the marker of demo data, and the heartbeats of Sidak's parts."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.core.fields import CODE_LENGTH


class Attachment(models.Model):
    """A file that a user attached to a line of a dialogue. `path` is random and relative to settings.ATTACHMENT_DIR."""

    path = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=120)  # attachments.shown_name of the uploaded file's
    media_type = models.CharField(max_length=40)  # detected from the content
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)  # hex digits
    # Who sent it and when, for the quota; unknown of old ones.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["by", "at"], name="attachment_by_user")]


class Heartbeat(models.Model):
    """When a part of Sidak last worked, by PostgreSQL's clock. Any machine's beat is the part's."""

    class Part(models.TextChoices):
        """The parts; the last three work in each watch, which tells of them in its own row (streams' Watcher)."""

        WORKER = "worker", _("pekerja latar")
        BEAT = "beat", _("penjadwal")
        SWEEP = "sweep", _("pemeriksa tenggat")
        NOTICES = "notices", _("pengirim pemberitahuan")
        WEBHOOKS = "webhooks", _("pengirim webhook")
        REPORT_MAIL = "report_mail", _("pengirim surel laporan")
        RECORDER = "recorder", _("pencatat pengamatan")
        EVIDENCE = "evidence", _("perekam bukti")
        DISK = "disk", _("diska bukti")

    part = models.CharField(max_length=CODE_LENGTH, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.part} {self.at:%Y-%m-%dT%H:%M:%SZ}"


class DemoHistory(models.Model):
    """Marks every flip, indication and decision before `until` as demo data. The row stays after that is deleted.

    Database triggers accept a marker only while the tables hold nothing before `until`, reject changes to it, and
    allow decisions to be deleted only under an active marker. So no marker can make a real decision deletable.
    """

    seed = models.BigIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()  # the day before the demo started watching
    until = models.DateTimeField()  # the end of last_day
    made_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("riwayat contoh")
        constraints = [
            models.UniqueConstraint(
                fields=["forgotten_at"], condition=Q(forgotten_at=None), nulls_distinct=False, name="history_only_one"
            ),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="history_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"
