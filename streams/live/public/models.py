"""Which street points the public sees, within which limits, and when they are closed to it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from offices.places.models import Place
from streams.cameras.models import Camera

LONGEST_DELAY_S = 300


class PublicPoint(models.Model):
    """What the public sees of one street point.

    shown: it is in the list, with pictures; live: its video may be watched too. delay_s: seconds by which the public
    sees everything later. most_viewers: of its video at once. width: of its pictures, in pixels; its video has that of
    the stream that `watch` reads. The database refuses a place that is no point, and a
    camera of another place or of a stream that an office uses.
    """

    place = models.OneToOneField(
        Place,
        models.CASCADE,
        primary_key=True,
        limit_choices_to=Q(kind=Place.Kind.POINT),
        related_name="public_point",
        verbose_name=_("titik"),
    )
    camera = models.OneToOneField(
        Camera, models.SET_NULL, null=True, blank=True, related_name="public_point", verbose_name=_("kamera")
    )
    shown = models.BooleanField(_("tampil untuk publik"), default=False)
    live = models.BooleanField(_("siaran langsung untuk publik"), default=False)
    delay_s = models.PositiveSmallIntegerField(
        _("tunda (detik)"), default=20, validators=[MaxValueValidator(LONGEST_DELAY_S)]
    )
    most_viewers = models.PositiveIntegerField(
        _("penonton siaran paling banyak"), default=100, validators=[MinValueValidator(1)]
    )

    width = models.PositiveSmallIntegerField(
        _("lebar gambar"),
        choices=[(320, "320 × 180"), (480, "480 × 270"), (640, "640 × 360")],
        default=640,
        db_default=640,
    )

    class Meta:
        ordering = ["place__point_code"]
        verbose_name = verbose_name_plural = _("titik publik")
        constraints = [
            models.CheckConstraint(condition=Q(delay_s__lte=LONGEST_DELAY_S), name="public_point_delay_in_bounds"),
            models.CheckConstraint(condition=Q(most_viewers__gte=1), name="public_point_has_room"),
            models.CheckConstraint(condition=Q(width__gte=160, width__lte=640), name="public_point_width"),
        ]

    def __str__(self) -> str:
        return str(self.place)

    def clean(self) -> None:
        """Check that place and camera belong together, as the database does."""
        if self.place_id and self.place.kind != Place.Kind.POINT:
            raise ValidationError({"place": _("Hanya titik yang dapat dibuka untuk publik, bukan kantor.")})
        if self.camera and self.camera.place_id != self.place_id:
            raise ValidationError({"camera": _("Kamera ini ada di tempat lain.")})
        if self.camera and any(other.place.kind != Place.Kind.POINT for other in self.camera.same_streams()):
            raise ValidationError({"camera": _("Alamat kamera ini juga dipakai di sebuah kantor.")})


class PublicLimits(models.Model):
    """The city's own limits: one row. most_viewers: of live video, of all points together."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    most_viewers = models.PositiveIntegerField(
        _("penonton siaran paling banyak, semua titik"), default=800, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = verbose_name_plural = _("batas publik")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="public_limits_are_one_row"),
            models.CheckConstraint(condition=Q(most_viewers__gte=1), name="public_limits_have_room"),
        ]

    def __str__(self) -> str:
        return f"{self.most_viewers}"


class PublicClosure(models.Model):
    """A time in which a point is closed to the public. Written by closures.py alone.

    It ends at `until`, if given, or at `ended_at`. `reason` is shown to the public.
    """

    class Cause(models.TextChoices):
        """Who or what closed the point."""

        OPERATOR = "operator", _("Ditutup operator")
        STEERING = "steering", _("Sedang diarahkan operator")
        INCIDENT = "incident", _("Penanganan kejadian")

    point = models.ForeignKey(PublicPoint, models.CASCADE, related_name="closures")
    cause = models.CharField(max_length=10, choices=Cause.choices)
    reason = models.CharField(_("alasan, terbaca oleh publik"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = verbose_name_plural = _("penutupan titik publik")
        constraints = [
            models.CheckConstraint(condition=Q(cause__in=["operator", "steering", "incident"]), name="closure_cause"),
            models.CheckConstraint(condition=~Q(reason=""), name="public_closure_says_why"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("started_at")), name="public_closure_until_after_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="public_closure_in_order"
            ),
            models.UniqueConstraint(
                fields=["point", "cause"], condition=Q(ended_at=None), name="public_closure_once_per_cause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point}: {self.reason}"


class PublicChange(models.Model):
    """A line of the log of what was opened and closed to the public, and by whom (None: by the program).

    Append-only.
    """

    class What(models.TextChoices):
        """What was done."""

        CHANGED = "changed", _("Diatur")
        CLOSED = "closed", _("Ditutup")
        REOPENED = "reopened", _("Dibuka lagi")
        LIMITS = "limits", _("Batas kota diatur")

    # Without a constraint: a point may be deleted while the log stays unchanged.
    place = models.ForeignKey(Place, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    place_name = models.CharField(max_length=120, blank=True)  # with its code, at that time
    what = models.CharField(max_length=10, choices=What.choices)
    reason = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)  # the row's values afterwards
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = _("log titik publik")
        indexes = [models.Index(fields=["place", "-at"], name="public_change_by_place")]

    def __str__(self) -> str:
        return f"{self.place_name}: {self.what}"
