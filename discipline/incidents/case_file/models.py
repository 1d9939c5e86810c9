"""Articles of bylaws, and case files: what they hold, their steps, and who opened them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode, choices
from discipline.core.fields import CODE_LENGTH, CodeField
from discipline.evidence.recordings.models import RecordingExport
from discipline.incidents.case_file.state_rule import CaseStepKind, MakingState, NoRecording, WhyFailed, Work
from discipline.incidents.models import Incident, IncidentType
from offices.places.models import Agency
from streams.cameras.models import Camera
from streams.evidence.models import REASON, gives_reason
from streams.evidence.recording.models import RecordingHold


class Certainty(LabelledCode):
    """How sure the text of an article is."""

    READ = "read", _("Naskahnya dibaca")
    REPORTED = "reported", _("Menurut pemberitaan, naskahnya belum dibaca")
    UNSURE = "unsure", _("Belum pasti")


class BylawArticle(models.Model):
    """An article of a bylaw, as it is in force from a day on. Fines are not entered: hearings decide them.

    - enforcer: the code of the agency that brings breaches before a hearing.
    - valid_from, valid_until: local days, both included; None where that is not known, or not yet.
    """

    bylaw = models.CharField(_("peraturan"), max_length=160)
    article = models.CharField(_("pasal"), max_length=60, blank=True, help_text=_("Kosongkan bila belum diketahui."))
    text = models.TextField(_("bunyi atau isi"), max_length=4000)
    kinds = models.ManyToManyField(IncidentType, related_name="+", verbose_name=_("jenis kejadian"))
    enforcer = models.SlugField(_("kode instansi penegak"), max_length=20, default="satpolpp")
    valid_from = models.DateField(_("berlaku sejak"), null=True, blank=True)
    valid_until = models.DateField(_("berlaku sampai"), null=True, blank=True)
    source = models.CharField(_("sumber"), max_length=300)
    certainty = CodeField(_("kepastian"), max_length=CODE_LENGTH, choices=choices(Certainty))

    class Meta:
        ordering = ["bylaw", "article", "valid_from"]
        verbose_name = verbose_name_plural = _("pasal peraturan")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="bylaw_article_in_order",
            ),
            models.CheckConstraint(condition=~Q(bylaw="") & ~Q(text="") & ~Q(source=""), name="bylaw_article_sourced"),
        ]

    def __str__(self) -> str:
        return f"{self.article} {self.bylaw}".strip()


class CaseFile(models.Model):
    """What is kept of one breach for a hearing. Only case_file.changes and case_file.making write it.

    - seen_by: who saw what happened; another person confirms it.
    - moment: around which the recording is taken; camera: None without one, no_recording says why.
    - version: grows with each change; made: the version of which the files were made.
    - hold: keeps the camera's minutes while the case is open; export: the original clip in the chain of evidence.
    - clocks: what was measured of the clocks, see papers/clocks.py.
    - keep_until: the last local day on which the files are kept, set when it closes.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="case_files")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    article = models.ForeignKey(BylawArticle, models.PROTECT, related_name="+", verbose_name=_("pasal yang dilanggar"))
    camera = models.ForeignKey(Camera, models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    camera_name = models.CharField(max_length=160, blank=True)  # with its place, at that time
    moment = models.DateTimeField(_("saat pelanggaran"))
    reason = models.CharField(_("alasan"), max_length=500, validators=[gives_reason])
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = CodeField(max_length=CODE_LENGTH, choices=choices(MakingState), default=MakingState.WAITING.value)
    work = CodeField(max_length=CODE_LENGTH, choices=choices(Work), blank=True)
    why = CodeField(max_length=CODE_LENGTH, choices=choices(WhyFailed), blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    made = models.PositiveIntegerField(default=0)
    no_recording = CodeField(max_length=CODE_LENGTH, choices=choices(NoRecording), blank=True)
    hold = models.ForeignKey(RecordingHold, models.PROTECT, null=True, related_name="+")
    export = models.OneToOneField(RecordingExport, models.PROTECT, null=True, related_name="+")
    clocks = models.JSONField(default=dict)
    closed_at = models.DateTimeField(null=True)
    keep_until = models.DateField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("berkas pelanggaran")
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "agency"], condition=Q(closed_at=None), name="case_file_open_once"
            ),
            models.CheckConstraint(condition=Q(reason__regex=REASON), name="case_file_says_why"),
            models.CheckConstraint(
                condition=Q(closed_at=None, keep_until=None) | Q(closed_at__isnull=False, keep_until__isnull=False),
                name="case_file_closed_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.incident.title}"

    @property
    def number(self) -> str:
        """Its number on screens and papers: "BP-7"."""
        return f"BP-{self.pk}"

    @property
    def ready(self) -> bool:
        """Whether the files are those of the newest version."""
        return self.state == MakingState.DONE and self.made == self.version


class CaseStill(models.Model):
    """A still that a person chose. at_s: seconds from the beginning of the original clip."""

    case = models.ForeignKey(CaseFile, models.CASCADE, related_name="stills")
    at_s = models.DecimalField(max_digits=6, decimal_places=1)
    note = models.CharField(_("yang terlihat"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at_s", "pk"]
        verbose_name = verbose_name_plural = _("gambar berkas")
        constraints = [models.UniqueConstraint(fields=["case", "at_s"], name="case_still_once")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.at_s}"


class CasePart(models.Model):
    """A file that was made for a case. path: below settings.EVIDENCE_DIR; name: in the ZIP."""

    class Kind(models.TextChoices):
        """What it is."""

        COPY = "copy", _("Klip, wajah disembunyikan")
        STILL = "still", _("Gambar asli")
        HIDDEN = "hidden", _("Gambar, wajah disembunyikan")
        PAPER = "paper", _("Berita acara")
        LOG = "log", _("Catatan pembukaan")
        SUMS = "sums", _("Daftar sidik SHA-256")
        ARCHIVE = "archive", _("Berkas lengkap (ZIP)")

    case = models.ForeignKey(CaseFile, models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    still = models.ForeignKey(CaseStill, models.CASCADE, null=True, related_name="parts")
    name = models.CharField(max_length=80)
    path = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "name"]
        verbose_name = verbose_name_plural = _("isi berkas")
        constraints = [models.UniqueConstraint(fields=["case", "name"], name="case_part_once")]

    def __str__(self) -> str:
        return self.name


class CaseStep(models.Model):
    """What became of a case. Append-only.

    receiver, receiver_agency, letter, sha256: of a handover, the last that of the ZIP. text: the reason of a
    withdrawal, or what the hearing decided, in words. at: when it was entered; day: when it happened.
    """

    case = models.ForeignKey(CaseFile, models.PROTECT, related_name="steps")
    kind = CodeField(max_length=CODE_LENGTH, choices=choices(CaseStepKind))
    at = models.DateTimeField()
    day = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(blank=True, max_length=2000)
    receiver = models.CharField(max_length=120, blank=True)
    receiver_agency = models.CharField(max_length=120, blank=True)
    letter = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("langkah berkas pelanggaran")
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="case_step_once"),
            models.CheckConstraint(
                condition=~Q(kind=CaseStepKind.HANDED_OVER.value)
                | (~Q(receiver="") & ~Q(receiver_agency="") & ~Q(sha256="")),
                name="case_handover_names_the_receiver",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.get_kind_display()}"


class CaseOpening(models.Model):
    """Somebody opened a case, and why. Append-only."""

    case = models.ForeignKey(CaseFile, models.PROTECT, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    reason = models.CharField(_("alasan"), max_length=500, validators=[gives_reason])

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("pembukaan berkas pelanggaran")
        constraints = [models.CheckConstraint(condition=Q(reason__regex=REASON), name="case_opening_says_why")]

    def __str__(self) -> str:
        return f"{self.user}: {self.case_id}"
