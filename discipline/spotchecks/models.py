"""Spot checks (sidak): the offices that were checked, the entries, the pictures and the findings."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from discipline.core.codes import choices
from discipline.core.models import Attachment
from discipline.spotchecks.findings.rule import FindingAct, FindingStatus
from offices.access.models import Membership
from offices.places.models import Kecamatan, Kelurahan, Office
from streams.cameras.models import Camera


class SpotMark(models.TextChoices):
    """What was seen at an office."""

    ORDERLY = "orderly", _("Tertib")
    EMPTY = "empty", _("Kosong")
    CLOSED = "closed", _("Tutup")
    CONDUCT = "conduct", _("Perilaku")
    CAMERA = "camera", _("Gangguan kamera")
    OTHER = "other", _("Lain")


class SpotCheck(models.Model):
    """One round through some offices. Until finished_at only its maker can see it, so that no office is warned.

    `draw` is a conduct.StoredDraw, None when the offices were chosen by hand.
    """

    class How(models.TextChoices):
        DRAW = "draw", _("Undian")
        KECAMATAN = "kecamatan", _("Satu kecamatan")
        LIST = "list", _("Pilihan")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="spot_checks")
    role = models.CharField(max_length=12, choices=Membership.Role.choices)  # of `by` at that time: mayor or camat
    how = models.CharField(max_length=12, choices=How.choices)
    draw = models.JSONField(null=True)
    reason = models.CharField(_("alasan"), max_length=500, blank=True)  # needed outside duty hours
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = verbose_name_plural = _("inspeksi")
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


OFFICE_ID = Coalesce("kelurahan", -F("kecamatan"))  # of SpotStop: Place.office_id
OFFICE = ("kelurahan__kecamatan", "kecamatan__place")  # relations of SpotStop to load with it


class SpotStop(models.Model):
    """One office of a round and the result of its entries. `place` counts from 1. Only conduct.py writes it."""

    check_of = models.ForeignKey(SpotCheck, models.PROTECT, related_name="stops")
    place = models.PositiveSmallIntegerField()
    kelurahan = models.ForeignKey(Kelurahan, models.PROTECT, null=True, related_name="spot_stops")
    kecamatan = models.ForeignKey(Kecamatan, models.PROTECT, null=True, related_name="+")  # at the kecamatan office
    mark = models.CharField(max_length=8, choices=SpotMark.choices, blank=True)
    marked_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    items = models.JSONField(default=list)  # of sample.items_rule.ConductItem: what was seen, when marked CONDUCT

    class Meta:
        ordering = ["check_of", "place"]
        constraints = [
            models.UniqueConstraint(fields=["check_of", "place"], name="spotstop_has_its_place"),
            models.UniqueConstraint(fields=["check_of", "kelurahan"], name="spotstop_office_once"),
            models.UniqueConstraint(fields=["check_of", "kecamatan"], name="spotstop_kecamatan_office_once"),
            models.CheckConstraint(
                condition=Q(kelurahan__isnull=False, kecamatan=None) | Q(kelurahan=None, kecamatan__isnull=False),
                name="spotstop_is_at_one_office",
            ),
            models.CheckConstraint(
                condition=Q(mark="", marked_at=None) | (~Q(mark="") & Q(marked_at__isnull=False)),
                name="spotstop_marked_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_of}: {self.office.name}"

    @property
    def office(self) -> Office:
        """The office. Load OFFICE for many."""
        if self.kelurahan:
            return self.kelurahan
        assert self.kecamatan  # a constraint
        return self.kecamatan.place

    @property
    def office_id(self) -> int:
        """The office's Place.office_id."""
        return self.kelurahan_id if self.kelurahan_id is not None else -(self.kecamatan_id or 0)


class SpotEntry(models.Model):
    """One entry that the phone sent, with the uuid that the phone made. Append-only: the database refuses UPDATE and
    DELETE.

    `text` is a note, the codes of ITEMS with commas between, or the uuid of the snapshot that REMOVE takes out of the
    round. `entered_at` is by the phone's
    clock, `received_at` by the server's.
    """

    class Kind(models.TextChoices):
        MARK = "mark", _("Tanda")
        NOTE = "note", _("Catatan")
        ITEMS = "items", _("Butir perilaku")
        SNAPSHOT = "snapshot", _("Cuplikan")
        REMOVE = "remove", _("Cuplikan dihapus")
        FINISH = "finish", _("Selesai")

    uuid = models.UUIDField(unique=True)
    check_of = models.ForeignKey(SpotCheck, models.PROTECT, related_name="entries")
    stop = models.ForeignKey(SpotStop, models.PROTECT, null=True, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    mark = models.CharField(max_length=8, choices=SpotMark.choices, blank=True)
    text = models.TextField(blank=True)
    entered_at = models.DateTimeField(_("dicatat pada"), db_column="said_at")
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
    """A snapshot: the original picture, and a copy in which visitors' faces are hidden.

    Paths are relative to settings.ATTACHMENT_DIR. Only the copy (shown_path) is ever served; the worker makes it, and
    tries again at again_at when that failed. `zones` are the staff sides at that time, as polygons of fractions.
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
    why = models.CharField(max_length=200, blank=True)  # the last error
    removed_at = models.DateTimeField(null=True)  # its maker took it out of the round: no page shows it any more
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
        """The state as the pages name it: ready, preparing or destroyed."""
        if self.destroyed_at:
            return "destroyed"
        return "ready" if self.shown_path else "preparing"


class Finding(models.Model):
    """An office that was not orderly; to be answered until it is closed. About a camera it asks the operator, not the
    office.

    `status` is findings.rule.status of its words. Only findings/answers.py writes it.
    """

    stop = models.OneToOneField(SpotStop, models.PROTECT, related_name="finding")
    opened_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)  # None: no working day is planned, or no counter
    status = models.CharField(max_length=12, choices=choices(FindingStatus), default=FindingStatus.WAITING.value)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = verbose_name_plural = _("temuan inspeksi")
        indexes = [
            models.Index(fields=["answer_by"], condition=Q(status__in=["waiting", "returned"]), name="finding_asks")
        ]

    def __str__(self) -> str:
        return f"{self.stop.get_mark_display()}: {self.stop.office.name}"


class FindingWord(models.Model):
    """One line of the dialogue about a finding. Append-only: the database refuses UPDATE and DELETE."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="words")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Membership.Role.choices)  # of `by` at that time
    what = models.CharField(max_length=12, choices=choices(FindingAct))
    text = models.TextField(blank=True)
    answer_by = models.DateTimeField(null=True)  # the new deadline, of RETURNED and EXTENDED
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
