"""Report files that users have requested."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from discipline.core.fields import CODE_LENGTH


class ReportFile(models.Model):
    """One requested file of a report, from the request until it is removed. Only files/jobs.py writes it.

    `place` and `period` are the keys of an OrgUnit, or an OtherReport, and a Period. While DONE the file is in
    settings.REPORT_DIR; only the user who requested it may download it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu giliran")
        WORKING = "working", _("Sedang dibuat")
        DONE = "done", _("Siap")
        FAILED = "failed", _("Gagal")
        EXPIRED = "expired", _("Sudah dihapus")

    class Why(models.TextChoices):
        """Why a file failed."""

        DISK = "disk", _("Disk penyimpanan penuh atau rusak. Beri tahu operator, lalu coba lagi.")
        INTERRUPTED = "interrupted", _("Pembuatannya terhenti. Coba lagi.")
        TOO_LONG = "too_long", _("Terlalu lama dibuat. Pilih masa yang lebih pendek, atau CSV.")
        TOO_MANY = "too_many", _("Barisnya terlalu banyak untuk satu lembar. Pilih masa yang lebih pendek, atau CSV.")
        SCOPE = "scope", _("Tempat ini tidak lagi dalam wewenang Anda.")
        ERROR = "error", _("Ada kesalahan di sistem dan sudah dicatat. Coba lagi.")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="report_files")
    place = models.CharField(max_length=30)
    period = models.CharField(max_length=30)
    format = models.CharField(max_length=CODE_LENGTH)  # a key of formats.FORMATS
    table = models.CharField(max_length=CODE_LENGTH, blank=True)  # one of table_files.tables_of, or empty
    language = models.CharField(max_length=5)
    heavy = models.BooleanField(default=False)  # takes long; only one heavy file is written at a time
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=12, choices=Why.choices, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    path = models.CharField(max_length=80, blank=True)  # relative to settings.REPORT_DIR
    size = models.PositiveBigIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("berkas laporan")
        constraints = [
            models.UniqueConstraint(
                fields=["by", "place", "period", "format", "table", "language"],
                condition=Q(state__in=["waiting", "working"]),
                name="report_file_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(path="") & ~Q(sha256="") & Q(ended_at__isnull=False)),
                name="report_file_done_has_a_file",
            ),
            models.CheckConstraint(condition=Q(why="") | Q(state="failed"), name="report_file_why_it_failed"),
        ]
        indexes = [
            models.Index(fields=["by", "place", "period"]),
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "working"]), name="report_file_under_way"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.period} {self.format}"

    @property
    def under_way(self) -> bool:
        """Whether the file waits or is being written."""
        return self.state in (self.State.WAITING, self.State.WORKING)
