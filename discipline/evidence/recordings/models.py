"""The requests to export a range of a camera's recordings as evidence."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from offices.places.models import Place
from streams.cameras.models import Camera
from streams.evidence.models import REASON, Evidence, gives_reason
from streams.evidence.recording.models import RecordingHold

LONGEST = timedelta(minutes=60)


class RecordingExport(models.Model):
    """A range of one camera's recordings that somebody asked for, and the file that was made of it.

    The file is the `evidence`, a link of the place's chain. Until it is made, `hold` keeps the minutes from deletion.
    What was asked never changes. for_case: a case file asked for it, which alone shows it.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Menunggu")
        WORKING = "working", _("Sedang dibuat")
        DONE = "done", _("Selesai")
        FAILED = "failed", _("Gagal")

    class Why(models.TextChoices):
        """Why it failed."""

        NONE = "", "–"
        EMPTY = "empty", _("Tidak ada rekaman utuh dalam rentang itu.")
        FORMAT = "format", _("Bentuk video berubah di tengah rentang. Minta sebelum dan sesudahnya sendiri-sendiri.")
        DISK = "disk", _("Berkasnya tidak dapat ditulis: penyimpanan penuh atau rusak.")
        ERROR = "error", _("Terjadi kesalahan. Lihat catatan sistem.")

    camera = models.ForeignKey(Camera, models.DO_NOTHING, db_constraint=False, related_name="+")
    camera_name = models.CharField(max_length=60)  # at that time
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    since = models.DateTimeField(_("dari"))
    until = models.DateTimeField(_("sampai"))
    requester = models.CharField(_("diminta oleh"), max_length=120)
    letter = models.CharField(_("nomor surat permintaan"), max_length=80)
    reason = models.CharField(_("keperluan"), max_length=500, validators=[gives_reason])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    for_case = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=8, choices=Why.choices, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    hold = models.ForeignKey(RecordingHold, models.PROTECT, null=True, related_name="+")
    evidence = models.OneToOneField(Evidence, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = verbose_name_plural = _("ekspor rekaman")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("since"), until__lte=F("since") + LONGEST), name="export_of_at_most_an_hour"
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=REASON) & ~Q(requester="") & ~Q(letter=""),
                name="export_says_for_whom_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state="done", evidence__isnull=False) | (~Q(state="done") & Q(evidence=None)),
                name="export_is_done_with_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.camera_name}, {timezone.localtime(self.since):%d-%m-%Y %H:%M} WIB"
