"""Spot checks (sidak): which offices were looked at, what was seen there, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.core.codes import choices
from discipline.core.models import Attachment
from discipline.spotchecks.findings.rule import FindingAct, FindingStatus
from offices.access.models import Membership
from offices.places.models import Kelurahan
from streams.cameras.models import Camera


class SpotMark(models.TextChoices):
    """What was seen at an office, in one word."""

    ORDERLY = "orderly", _("Tertib")
    EMPTY = "empty", _("Kosong")
    CLOSED = "closed", _("Tutup")
    CONDUCT = "conduct", _("Perilaku")
    CAMERA = "camera", _("Gangguan kamera")
    OTHER = "other", _("Lain")


class SpotCheck(models.Model):
    """One round through some offices. Half-finished until finished_at, and till then known to its maker alone: nobody
    is warned. `draw` is what the offices were drawn from: rule, seed, count and [code, days, troubles, weight] of each.
    """

    class How(models.TextChoices):
        DRAW = "draw", _("Undian")
        KECAMATAN = "kecamatan", _("Satu kecamatan")
        LIST = "list", _("Pilihan")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="spot_checks")
    role = models.CharField(max_length=12, choices=Membership.Role.choices)  # of that person then: mayor or camat
    how = models.CharField(max_length=12, choices=How.choices)
    draw = models.JSONField(null=True)
    reason = models.CharField(_("alasan"), max_length=500, blank=True)  # needed outside duty hours
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = verbose_name_plural = _("sidak")
        constraints = [
            models.CheckConstraint(
                condition=Q(how="draw", draw__isnull=False) | (~Q(how="draw") & Q(draw=None)),
                name="spotcheck_keeps_its_draw",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=F("started_at")),
                name="spotcheck_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["-finished_at"])]

    def __str__(self) -> str:
        return f"Sidak {self.pk}"


class SpotStop(models.Model):
    """One office of a round, in its place (from 1). What stands of its entries; only spotchecks.py writes it."""

    check_of = models.ForeignKey(SpotCheck, models.PROTECT, related_name="stops")
    place = models.PositiveSmallIntegerField()
    kelurahan = models.ForeignKey(Kelurahan, models.PROTECT, related_name="spot_stops")
    mark = models.CharField(max_length=8, choices=SpotMark.choices, blank=True)
    marked_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["check_of", "place"]
        constraints = [
            models.UniqueConstraint(fields=["check_of", "place"], name="spotstop_has_its_place"),
            models.UniqueConstraint(fields=["check_of", "kelurahan"], name="spotstop_office_once"),
            models.CheckConstraint(
                condition=Q(mark="", marked_at=None) | (~Q(mark="") & Q(marked_at__isnull=False)),
                name="spotstop_marked_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_of}: {self.kelurahan}"


class SpotEntry(models.Model):
    """One thing that the phone sent, once: it made the uuid. `said_at` is by the phone's clock, `received_at` by ours.

    Append-only: the database refuses UPDATE and DELETE.
    """

    class Kind(models.TextChoices):
        MARK = "mark", _("Tanda")
        NOTE = "note", _("Catatan")
        SNAPSHOT = "snapshot", _("Cuplikan")
        FINISH = "finish", _("Selesai")

    uuid = models.UUIDField(unique=True)
    check_of = models.ForeignKey(SpotCheck, models.PROTECT, related_name="entries")
    stop = models.ForeignKey(SpotStop, models.PROTECT, null=True, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    mark = models.CharField(max_length=8, choices=SpotMark.choices, blank=True)
    text = models.TextField(blank=True)
    said_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="finish", stop=None) | (~Q(kind="finish") & Q(stop__isnull=False)),
                name="spotentry_is_about_a_stop",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_of}: {self.kind}"


class SpotPicture(models.Model):
    """A snapshot: the picture as it was seen, and the form of it in which visitors' faces are hidden.

    Files lie below settings.ATTACHMENT_DIR. Only the shown form is ever given to anybody; it is made by the worker,
    again at again_at when it failed. `zones` are the staff sides at that moment, as polygons of fractions.
    """

    class Source(models.TextChoices):
        LIVE = "live", _("siaran langsung di ponsel")
        SERVER = "server", _("gambar terbaru di server")

    entry = models.OneToOneField(SpotEntry, models.PROTECT, related_name="picture")
    camera = models.ForeignKey(Camera, models.SET_NULL, null=True, related_name="+")
    source = models.CharField(max_length=8, choices=Source.choices)
    zones = models.JSONField(default=list)
    path = models.CharField(max_length=100, unique=True)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    shown_path = models.CharField(max_length=100, blank=True)
    shown_sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    tries = models.PositiveIntegerField(default=0)
    again_at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)  # the last failure
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["entry"]
        indexes = [
            models.Index(fields=["again_at"], condition=Q(shown_path="", destroyed_at=None), name="spotpicture_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.path}"

    @property
    def state(self) -> str:
        """ready, preparing or destroyed."""
        if self.destroyed_at:
            return "destroyed"
        return "ready" if self.shown_path else "preparing"


class Finding(models.Model):
    """What was not orderly, and waits for an answer until it is closed. Of a camera it asks the operator, never the
    office. `status` is following.status of its words; only followup.py writes it."""

    stop = models.OneToOneField(SpotStop, models.PROTECT, related_name="finding")
    opened_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)  # None: no working day is in sight
    status = models.CharField(max_length=12, choices=choices(FindingStatus), default=FindingStatus.WAITING.value)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = verbose_name_plural = _("temuan sidak")
        indexes = [
            models.Index(fields=["answer_by"], condition=Q(status__in=["waiting", "returned"]), name="finding_asks")
        ]

    def __str__(self) -> str:
        return f"{self.stop.get_mark_display()}: {self.stop.kelurahan}"


class FindingWord(models.Model):
    """One line of what people said to a finding. Append-only: the database refuses UPDATE and DELETE."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="words")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Membership.Role.choices)  # of that person at that time
    what = models.CharField(max_length=12, choices=choices(FindingAct))
    text = models.TextField(blank=True)
    answer_by = models.DateTimeField(null=True)  # of what was returned or extended: until when now
    attachment = models.OneToOneField(Attachment, models.PROTECT, null=True, related_name="finding_word")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        ordering = ["finding", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what="undone", undoes__isnull=False) | (~Q(what="undone") & Q(undoes=None)),
                name="findingword_undoes_when_undone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding}: {self.what}"
