"""Evidence: the chain of its files, originals waiting to be blurred, and the log of opened originals."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.places.models import Counter, Kelurahan, Place

REASON = r"(\S\s*){10}"  # at least ten characters other than spaces
gives_reason = RegexValidator(REASON, _("Tulis alasannya, sedikitnya 10 huruf."))


# By Evidence.Kind, if not ".jpg".
SUFFIXES = {"emptied_clip": ".mp4", "deadline_clip": ".mp4", "controls": ".zip", "recording": ".mp4"}


class Evidence(models.Model):
    """One evidence file, or the note that a file was destroyed: a link of its place's chain.

    Append-only: the database refuses UPDATE and DELETE. `hash` covers all other columns including `previous`, the
    hash of the place's previous row (chain.py). `of` is the original that a blurred form was made from, or the row
    whose file a DESTROYED row records as destroyed.
    """

    class Kind(models.TextChoices):
        LAST_STAFFED = "last_staffed", _("Pengamatan terakhir dengan petugas")
        FIRST_EMPTY = "first_empty", _("Pengamatan kosong pertama")
        DURING = "during", _("Selama kosong")
        DEADLINE = "deadline", _("Saat masa toleransi habis")
        END = "end", _("Saat berakhir")
        EMPTIED_CLIP = "emptied_clip", _("Rekaman saat loket menjadi kosong")
        DEADLINE_CLIP = "deadline_clip", _("Rekaman saat masa toleransi habis")
        CONTROLS = "controls", _("Gambar kontrol")  # a ZIP of pictures of staff: for the inspectorate only
        RECORDING = "recording", _("Rekaman yang diekspor")  # unblurred, and never destroyed by retention
        DESTROYED = "destroyed", _("Dimusnahkan")

        @property
        def suffix(self) -> str:
            """The end of its files' names."""
            return SUFFIXES.get(self.value, ".jpg")

    class Form(models.TextChoices):
        ORIGINAL = "original", _("Asli")  # unblurred: for the inspectorate only
        PLAIN = "plain", _("Wajah dikaburkan")
        DRAWN = "drawn", _("Wajah dikaburkan, zona digambar")
        NONE = "", _("Tanpa berkas")

    place = models.ForeignKey(Place, models.PROTECT, related_name="evidence")
    kelurahan = models.ForeignKey(Kelurahan, models.PROTECT, null=True, related_name="evidence")  # as in Placed
    number = models.PositiveIntegerField()  # position in the place's chain, from 1, without gaps
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, related_name="evidence")  # None at a point
    kind = models.CharField(max_length=16, choices=Kind.choices)
    form = models.CharField(max_length=8, choices=Form.choices, blank=True)
    at = models.DateTimeField()  # when it was taken; for a clip, its first picture
    stored_at = models.DateTimeField()
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="derived")
    # What was detected: boxes, polygon, look, people, step, camera; duration_s of a clip; why destroyed.
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=200, blank=True)  # below settings.EVIDENCE_DIR
    size = models.PositiveBigIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["place", "number"]
        verbose_name = verbose_name_plural = _("bukti")
        constraints = [
            models.UniqueConstraint(fields=["place", "number"], name="evidence_numbered_once_per_place"),
            # Each blurred form is made once, and a file destroyed once (that note's form is "").
            models.UniqueConstraint(fields=["of", "form"], name="evidence_has_each_form_once"),
            models.CheckConstraint(
                condition=Q(kind="destroyed", form="", path="") | (~Q(form="") & ~Q(path="") & ~Q(sha256="")),
                name="evidence_has_a_file_or_is_a_note",
            ),
        ]
        indexes = [models.Index(fields=["counter", "at"]), models.Index(fields=["stored_at"])]

    def __str__(self) -> str:
        return f"{self.kelurahan or self.place} no. {self.number}: {self.get_kind_display()}"

    @property
    def where(self) -> str:
        """The counter with its office, or the place."""
        return str(self.counter or self.place)


class EvidenceHead(models.Model):
    """The newest link of a place's chain at the end of a local day. Append-only like the chain.

    Heads reveal rows removed from the chain's end; a hash over all heads of a day is printed and kept elsewhere
    (streams.evidence.store.city_head).
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="evidence_heads")
    kelurahan = models.ForeignKey(Kelurahan, models.PROTECT, null=True, related_name="evidence_heads")  # as in Placed
    local_day = models.DateField()
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["local_day", "place"]
        constraints = [
            models.UniqueConstraint(fields=["place", "local_day"], name="evidence_head_once_per_day_and_place"),
        ]
        indexes = [models.Index(fields=["local_day"])]

    def __str__(self) -> str:
        return f"{self.kelurahan or self.place} {self.local_day}: no. {self.number}"


class Showing(models.Model):
    """An original whose blurred forms are being made or could not be made; deleted once they exist.

    A worker claims it until again_at. After a failure `why` is the reason and again_at the time of the next attempt.
    """

    original = models.OneToOneField(Evidence, models.PROTECT, primary_key=True, related_name="showing")
    tries = models.PositiveIntegerField(default=1)
    again_at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)  # the last failure

    def __str__(self) -> str:
        return f"{self.original}: {self.why}"


class EvidenceOpening(models.Model):
    """The opening of an original: by whom, when and why. Append-only: the database refuses UPDATE and DELETE."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    reason = models.CharField(_("alasan"), max_length=500, validators=[gives_reason])

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = _("pembukaan bukti asli")
        constraints = [
            models.CheckConstraint(condition=Q(reason__regex=REASON), name="opening_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.evidence}"
