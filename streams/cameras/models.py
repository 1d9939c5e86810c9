"""Cameras, their zones, the zones' samples, and the watch processes."""

from collections.abc import Collection
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from offices.places.models import Counter, Kelurahan, Place, Placed, PlacedQuerySet, Subject
from streams.cameras.addresses import device_of, host_in_networks, stream_of, tidy_address
from streams.pixels import shapes
from streams.pixels.occupancy import Look
from streams.secrets import SecretTextField


def rtsp_address(value: str) -> None:
    """Validate an rtsp:// or rtsps:// address without credentials, which have their own fields.

    Raises ValidationError.
    """
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("rtsp", "rtsps") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # an invalid IPv6 address or port
        usable = False
    if not usable or any(character.isspace() for character in value):
        raise ValidationError(_("Alamat harus berbentuk rtsp://alamat:port/jalur."))
    if not host_in_networks(parts.hostname or "", settings.CAMERA_NETWORKS):
        raise ValidationError(
            _("Alamat ini di luar jaringan kamera. Administrator menentukannya dengan CAMERA_NETWORKS.")
        )
    if parts.username or parts.password:
        raise ValidationError(_("Tulis nama pengguna dan sandi pada kolomnya, bukan di dalam alamat."))


class Cameras(models.Manager["Camera"]):
    """The default manager, which defers the two pictures of some 30 KB each."""

    def get_queryset(self) -> "models.QuerySet[Camera]":
        """Return all cameras without their pictures, which are loaded on access."""
        found: PlacedQuerySet[Camera] = PlacedQuerySet(self.model, using=self._db)
        return found.defer("reference_jpeg", "former_jpeg")

    def with_place(self) -> "models.QuerySet[Camera]":
        """Load with each camera all that its name and those of its place and kecamatan are taken from."""
        return self.select_related("kelurahan", "place__kelurahan__kecamatan", "place__kecamatan")


class Camera(Placed):
    """A CCTV camera at one place, read by at most one watch process: lease_holder, until lease_until.

    The reference is the view on which the zones were drawn: `reference` is its quality.signature, `reference_jpeg` the
    picture for display and for its sharpness, `reference_at` its time. Accepting a new one keeps the former for one
    undo. `sub_url` is a smaller stream of the same device for viewing many cameras at once; samples never use it.
    `certificate` is the SHA-256 of the only certificate that it may show, once it showed one that no authority vouches
    for; saving a form of the camera forgets it.
    """

    MAIN, SUB = "main", "sub"

    place = models.ForeignKey(Place, models.CASCADE, related_name="cameras", verbose_name=_("tempat"))
    kelurahan = models.ForeignKey(Kelurahan, models.CASCADE, null=True, blank=True, related_name="cameras")
    name = models.CharField(_("nama"), max_length=60)
    url = models.CharField(_("alamat RTSP"), max_length=300, validators=[rtsp_address])
    sub_url = models.CharField(_("alamat RTSP kecil"), max_length=300, blank=True, validators=[rtsp_address])
    username = models.CharField(_("nama pengguna"), max_length=100, blank=True)
    password = SecretTextField(_("sandi"), blank=True, default="")
    certificate = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
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
            models.UniqueConstraint(fields=["place", "name"], name="camera_named_once_per_place"),
        ]
        indexes = [models.Index(fields=["lease_until"])]

    def __str__(self) -> str:
        return f"{self.name}, {self.kelurahan or self.place}"

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Tidy the addresses, from wherever they come, and check all fields."""
        self.url, self.sub_url = tidy_address(self.url), tidy_address(self.sub_url)
        super().clean_fields(exclude)

    def clean(self) -> None:
        """Check that the small stream is on the same device, and that a public camera stays at its point."""
        if self.sub_url and device_of(self.sub_url) != device_of(self.url):
            # Both use one password, which must not be sent to another device.
            raise ValidationError({"sub_url": _("Aliran kecil harus dari perangkat dan port yang sama.")})
        self._keep_interiors_private()

    def _keep_interiors_private(self) -> None:
        """Refuse what would show an office's interior to the public; the database does, too."""
        public = getattr(self, "public_point", None) if self.pk else None  # of streams.live.public
        if public and public.place_id != self.place_id:
            raise ValidationError(_("Kamera ini terbuka untuk publik di titiknya. Tutup dulu untuk publik."))
        at_office = self.place_id is not None and self.place.kind != Place.Kind.POINT
        for other in self.same_streams() if at_office or public else ():
            if at_office and getattr(other, "public_point", None):
                raise ValidationError({"url": _("Alamat ini terbuka untuk publik sebagai titik.")})
            if public and other.place.kind != Place.Kind.POINT:
                raise ValidationError({"url": _("Alamat kamera ini juga dipakai di sebuah kantor.")})

    def same_stream(self) -> "Camera | None":
        """Return another camera with the same address, if there is one."""
        return next(iter(self.same_streams()), None)

    def same_streams(self) -> "list[Camera]":
        """Return the other cameras with the same address, however it is written."""
        stream = stream_of(tidy_address(self.url))
        others = Camera.objects.exclude(pk=self.pk).select_related("kelurahan", "place__kelurahan", "place__kecamatan")
        return [other for other in others if stream_of(tidy_address(other.url)) == stream]

    @property
    def at_point(self) -> bool:
        """Whether it stands at a street point."""
        return self.place_id is not None and self.place.kind == Place.Kind.POINT

    @property
    def full_url(self) -> str:
        """The address with credentials: for reading only, never shown or logged."""
        return self.address()

    def address(self, stream: str = MAIN) -> str:
        """Return the address with credentials; with SUB that of the small stream, if there is one."""
        url = self.sub_url if stream == self.SUB and self.sub_url else self.url
        if not self.username:
            return url
        parts = urlsplit(url)
        login = f"{quote(self.username, safe='')}:{quote(self.password.reveal(), safe='')}@"
        return urlunsplit(parts._replace(netloc=login + parts.netloc))


class Zone(models.Model):
    """Where one subject is on one camera's picture: of a counter, its staff side. A subject has at most one zone."""

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="zones")
    subject = models.OneToOneField(Subject, models.CASCADE, related_name="zone", verbose_name=_("objek pantauan"))
    polygon = models.JSONField(_("poligon"))  # [[x, y], …] as fractions of width and height
    # Objects in or near it that are not persons: [{"polygon", "cells": hex of shapes.Lookalike.cells}, …]
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
        return f"{self.subject} ({self.camera.name})"

    @property
    def counter(self) -> Counter:
        """The counter that it is drawn for; so far every subject is one. Needs `subject__counter` loaded."""
        counter = self.subject.counter
        assert counter is not None
        return counter

    def clean(self) -> None:
        """Check the polygon."""
        try:
            points = tuple((float(x), float(y)) for x, y in self.polygon)
        except (TypeError, ValueError):
            raise ValidationError({"polygon": self.PROBLEMS["few_points"]}) from None
        if problem := shapes.polygon_problem(points):
            raise ValidationError({"polygon": self.PROBLEMS[problem]})
        if self.subject_id and self.camera_id and self.subject.place_id != self.camera.place_id:
            raise ValidationError(_("Objek zona ini ada di tempat lain daripada kameranya."))

    def as_zone(self) -> shapes.DrawnZone:
        """Return the zone for detection. Needs its counter loaded."""
        return shapes.DrawnZone(
            id=self.pk,
            counter=self.subject_id,
            polygon=tuple((float(x), float(y)) for x, y in self.polygon),
            quorum=self.counter.quorum,
            ignored=tuple(
                shapes.Lookalike(tuple((float(x), float(y)) for x, y in one["polygon"]), bytes.fromhex(one["cells"]))
                for one in self.ignored
            ),
        )


class OccupancySpan(models.Model):
    """A run of equal samples of a counter, from the first to the last one."""

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="spans")
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
            models.Index(fields=["subject", "-started_at"]),
            BrinIndex(fields=["ended_at"]),
        ]


class Watcher(models.Model):
    """One `watch` process, alive while seen_at is recent, which entitles it to a share of the cameras."""

    name = models.CharField(max_length=120, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    cameras = models.PositiveIntegerField(default=0)
    looks_per_minute = models.FloatField(default=0)
    dropped = models.PositiveBigIntegerField(default=0)
    evidence_lost = models.PositiveBigIntegerField(default=0)  # stills and clips that could not be written
    evidence_problem = models.CharField(max_length=200, blank=True)  # the last disk error; empty while writing works
    standing_still = models.CharField(
        max_length=200, blank=True, default="", db_default=""
    )  # its threads that hang: codes with commas

    def __str__(self) -> str:
        return self.name
