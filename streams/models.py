"""Cameras and what they show."""

from typing import Any, ClassVar
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from offices.models import Counter, Kelurahan
from streams import shapes
from streams.occupancy import Look
from streams.secrets import SecretTextField

REASON = r"(\S\s*){10}"  # ten letters or more, however they are spaced
gives_reason = RegexValidator(REASON, _("Tulis alasannya, sedikitnya 10 huruf."))


def rtsp_address(value: str) -> None:
    """An rtsp:// or rtsps:// address without credentials (they have fields of their own)."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("rtsp", "rtsps") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a broken IPv6 address, a port that is no number
        usable = False
    if not usable or any(character.isspace() for character in value):
        raise ValidationError(_("Alamat harus berbentuk rtsp://alamat:port/jalur."))
    if parts.username or parts.password:
        raise ValidationError(_("Tulis nama pengguna dan sandi pada kolomnya, bukan di dalam alamat."))


class Cameras(models.Manager["Camera"]):
    """Leaves the two pictures, of some 30 KB each, in the database until somebody looks at them."""

    def get_queryset(self) -> "models.QuerySet[Camera]":
        return super().get_queryset().defer("reference_jpeg", "former_jpeg")


class Camera(models.Model):
    """A CCTV camera of one office. Held by at most one watch process: lease_holder, until lease_until.

    The reference is the view when its zones were drawn: `reference` as quality.signature, `reference_jpeg` for people
    and for its sharpness, `reference_at` when it was seen. An accepted new one keeps the former for one undo.
    """

    kelurahan = models.ForeignKey(Kelurahan, models.CASCADE, related_name="cameras")
    name = models.CharField(_("nama"), max_length=60)
    url = models.CharField(_("alamat RTSP"), max_length=300, validators=[rtsp_address])
    username = models.CharField(_("nama pengguna"), max_length=100, blank=True)
    password = SecretTextField(_("sandi"), blank=True, default="")
    enabled = models.BooleanField(_("dipakai"), default=True)
    reference = models.BinaryField(null=True, editable=False)
    reference_jpeg = models.BinaryField(null=True, editable=False)
    reference_at = models.DateTimeField(null=True, editable=False)
    former_reference = models.BinaryField(null=True, editable=False)
    former_jpeg = models.BinaryField(null=True, editable=False)
    former_at = models.DateTimeField(null=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    lease_holder = models.CharField(max_length=120, blank=True, default="", editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    objects = Cameras()

    class Meta:
        ordering = ["kelurahan", "name"]
        verbose_name = verbose_name_plural = _("kamera")
        constraints = [
            models.UniqueConstraint(fields=["kelurahan", "name"], name="camera_named_once_per_office"),
        ]
        indexes = [models.Index(fields=["lease_until"])]

    def __str__(self) -> str:
        return f"{self.name}, {self.kelurahan}"

    @property
    def full_url(self) -> str:
        """The address with its credentials: for the reader only, never shown or logged."""
        if not self.username:
            return self.url
        parts = urlsplit(self.url)
        login = f"{quote(self.username, safe='')}:{quote(self.password or '', safe='')}@"
        return urlunsplit(parts._replace(netloc=login + parts.netloc))


class Zone(models.Model):
    """The staff side of one counter on one camera's picture. A counter has one zone."""

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="zones")
    counter = models.OneToOneField(Counter, models.CASCADE, related_name="zone")
    polygon = models.JSONField(_("poligon"))  # [[x, y], …] as fractions of width and height
    # What looks like a person in or near it and is none: [{"polygon", "cells": hex of shapes.Lookalike.cells}, …]
    ignored = models.JSONField(_("bukan orang"), default=list, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    PROBLEMS: ClassVar[dict[str, Any]] = {
        "few_points": _("Zona memerlukan sedikitnya tiga titik."),
        "outside": _("Zona keluar dari gambar."),
        "crossing": _("Garis zona saling memotong."),
        "small": _("Zona terlalu kecil untuk melihat orang."),
    }

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("zona")

    def __str__(self) -> str:
        return f"{self.counter} ({self.camera.name})"

    def clean(self) -> None:
        try:
            points = tuple((float(x), float(y)) for x, y in self.polygon)
        except (TypeError, ValueError):
            raise ValidationError({"polygon": self.PROBLEMS["few_points"]}) from None
        if problem := shapes.polygon_problem(points):
            raise ValidationError({"polygon": self.PROBLEMS[problem]})

    def as_zone(self) -> shapes.Zone:
        return shapes.Zone(
            id=self.pk,
            counter=self.counter_id,
            polygon=tuple((float(x), float(y)) for x, y in self.polygon),
            quorum=self.counter.quorum,
            ignored=tuple(
                shapes.Lookalike(tuple((float(x), float(y)) for x, y in one["polygon"]), bytes.fromhex(one["cells"]))
                for one in self.ignored
            ),
        )


class OccupancySpan(models.Model):
    """Looks that said the same, run-length: one row from the first such look to the last."""

    counter = models.ForeignKey(Counter, models.CASCADE, related_name="spans")
    look = models.CharField(max_length=8, choices=[(look.value, look.value) for look in Look])
    reason = models.CharField(max_length=12, blank=True)  # why BLIND
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    looks = models.PositiveIntegerField(default=1)
    people_min = models.PositiveSmallIntegerField(default=0)
    people_max = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["started_at"]
        constraints = [
            models.CheckConstraint(condition=Q(started_at__lte=F("ended_at")), name="span_ends_after_start"),
            models.CheckConstraint(condition=Q(people_min__lte=F("people_max")), name="span_people_ordered"),
        ]
        indexes = [
            models.Index(fields=["counter", "-started_at"]),
            BrinIndex(fields=["ended_at"]),
        ]


class Evidence(models.Model):
    """One file that shows what was seen, or the note that one was destroyed: a link of its office's chain.

    Append-only: the database refuses UPDATE and DELETE. `hash` covers every other column and `previous`, the hash of
    the office's row before (streams.chain). `of` names the original that a shown form was made from, or the row
    whose file a DESTROYED row says is gone.
    """

    class Kind(models.TextChoices):
        LAST_STAFFED = "last_staffed", _("Pengamatan terakhir berpetugas")
        FIRST_EMPTY = "first_empty", _("Pengamatan kosong pertama")
        DURING = "during", _("Selama kosong")
        DEADLINE = "deadline", _("Saat batas toleransi")
        END = "end", _("Saat berakhir")
        EMPTIED_CLIP = "emptied_clip", _("Rekaman saat loket menjadi kosong")
        DEADLINE_CLIP = "deadline_clip", _("Rekaman saat batas toleransi")
        DESTROYED = "destroyed", _("Dimusnahkan")

    class Form(models.TextChoices):
        ORIGINAL = "original", _("Asli")  # as it came from the camera: for the inspectorate only
        PLAIN = "plain", _("Wajah dikaburkan")
        DRAWN = "drawn", _("Wajah dikaburkan, zona digambar")
        NONE = "", _("Tanpa berkas")

    kelurahan = models.ForeignKey(Kelurahan, models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField()  # place in the office's chain, from 1, without gaps
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    form = models.CharField(max_length=8, choices=Form.choices, blank=True)
    at = models.DateTimeField()  # the moment shown; of a clip, its first picture
    stored_at = models.DateTimeField()
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="derived")
    # What was seen: boxes, polygon, look, people, step, camera; duration_s of a clip; why destroyed.
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=200, blank=True)  # below settings.EVIDENCE_DIR
    size = models.PositiveBigIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["kelurahan", "number"]
        verbose_name = verbose_name_plural = _("bukti")
        constraints = [
            models.UniqueConstraint(fields=["kelurahan", "number"], name="evidence_numbered_once_per_office"),
            # Each shown form is made once, and a file destroyed once (that note's form is "").
            models.UniqueConstraint(fields=["of", "form"], name="evidence_has_each_form_once"),
            models.CheckConstraint(
                condition=Q(kind="destroyed", form="", path="") | (~Q(form="") & ~Q(path="") & ~Q(sha256="")),
                name="evidence_has_a_file_or_is_a_note",
            ),
        ]
        indexes = [models.Index(fields=["counter", "at"]), models.Index(fields=["stored_at"])]

    def __str__(self) -> str:
        return f"{self.kelurahan} no. {self.number}: {self.get_kind_display()}"


class EvidenceHead(models.Model):
    """The newest link of an office's chain at the end of a local day. Append-only, as the chain is.

    With these, rows that are missing at the end show too; a hash over all of a day's heads is printed and kept
    elsewhere (streams.evidence.city_head).
    """

    kelurahan = models.ForeignKey(Kelurahan, models.PROTECT, related_name="evidence_heads")
    local_day = models.DateField()
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["local_day", "kelurahan"]
        constraints = [
            models.UniqueConstraint(fields=["kelurahan", "local_day"], name="evidence_head_once_per_day"),
        ]
        indexes = [models.Index(fields=["local_day"])]

    def __str__(self) -> str:
        return f"{self.kelurahan} {self.local_day}: no. {self.number}"


class Showing(models.Model):
    """An original of which the blurred forms are being made, or could not be made. Gone when they are there.

    Whoever is at it has claimed it until again_at; a failure says why, and again_at is when it is tried once more.
    """

    original = models.OneToOneField(Evidence, models.PROTECT, primary_key=True, related_name="showing")
    tries = models.PositiveIntegerField(default=1)
    again_at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)  # the last failure

    def __str__(self) -> str:
        return f"{self.original}: {self.why}"


class EvidenceOpening(models.Model):
    """An original was opened: by whom, when and why. Append-only: the database refuses UPDATE and DELETE."""

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


class Watcher(models.Model):
    """One `watch` process, alive while seen_at is fresh. It may hold its share of the cameras."""

    name = models.CharField(max_length=120, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    cameras = models.PositiveIntegerField(default=0)
    looks_per_minute = models.FloatField(default=0)
    dropped = models.PositiveBigIntegerField(default=0)
    evidence_lost = models.PositiveBigIntegerField(default=0)  # stills and clips that came to nothing
    evidence_problem = models.CharField(max_length=200, blank=True)  # the disk's last word; empty while it takes all

    def __str__(self) -> str:
        return self.name
