"""Where hints on streets are wanted, the hints, and what operators decided about them."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from streams.cameras.models import Camera, Zone
from streams.looks.streets.congestion_rule import TrafficLevel
from streams.looks.streets.rubbish_rule import RubbishAmount
from streams.looks.streets.water_rule import WaterHeight
from streams.pixels.shapes import polygon_problem

MOST_MINUTES = 240


class HintKind(models.TextChoices):
    """What a hint may be about."""

    CONGESTION = "congestion", _("Kemacetan")
    WATER = "water", _("Genangan")
    RUBBISH = "rubbish", _("Sampah")


class HintLevel(models.TextChoices):
    """How much of it: the levels of the rules at which there is a hint."""

    DENSE = TrafficLevel.DENSE.value, _("padat")
    JAMMED = TrafficLevel.JAMMED.value, _("macet")
    ANKLE = WaterHeight.ANKLE.value, _("setinggi mata kaki")
    CALF = WaterHeight.CALF.value, _("setinggi betis")
    KNEE = WaterHeight.KNEE.value, _("setinggi lutut")
    SOME = RubbishAmount.SOME.value, _("sedikit")
    MUCH = RubbishAmount.MUCH.value, _("banyak")


class HintSetting(models.Model):
    """That hints of a kind are wanted of a street point's camera, in a drawn place. Off until somebody switches it on.

    `since` is when it was last saved: only later hints count for its precision. `minutes` is how long rubbish lies
    until there is a hint; other kinds have times of their own.
    """

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="hint_settings")
    kind = models.CharField(max_length=12, choices=HintKind.choices)
    on = models.BooleanField(_("petunjuk menyala"), default=False)
    polygon = models.JSONField(_("tempat pada gambar"))  # [[x, y], …] as fractions of width and height
    minutes = models.PositiveSmallIntegerField(
        _("berapa menit sampah tergeletak"),
        default=20,
        db_default=20,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)],
    )
    since = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["camera", "kind"]
        verbose_name = verbose_name_plural = _("pengaturan petunjuk")
        constraints = [
            models.UniqueConstraint(fields=["camera", "kind"], name="hint_setting_once"),
            models.CheckConstraint(condition=Q(kind__in=HintKind.values), name="hint_setting_kind"),
            models.CheckConstraint(condition=Q(minutes__range=(1, MOST_MINUTES)), name="hint_setting_minutes"),
        ]

    def __str__(self) -> str:
        return f"{self.camera}: {self.get_kind_display()}"

    def clean(self) -> None:
        """Check the place, and that the camera is at a street point."""
        if self.camera_id and not self.camera.at_point:
            raise ValidationError(_("Petunjuk hanya untuk kamera di titik, bukan di kantor."))
        self.polygon = checked_polygon(self.polygon)


def checked_polygon(points: Any) -> list[list[float]]:
    """Return the polygon rounded to a tenth of a pixel at 1080p. A mark may be small. Raises ValidationError."""
    try:
        polygon = [[round(float(x), 4), round(float(y), 4)] for x, y in points][:40]
    except (TypeError, ValueError, OverflowError):
        raise ValidationError({"polygon": Zone.PROBLEMS["few_points"]}) from None
    problem = polygon_problem([(x, y) for x, y in polygon])
    if problem and not (problem == "small" and _has_some_size(polygon)):
        raise ValidationError({"polygon": HINT_PROBLEMS.get(problem, Zone.PROBLEMS[problem])})
    return polygon


def _has_some_size(polygon: list[list[float]]) -> bool:
    xs, ys = zip(*polygon, strict=True)
    return bool(max(xs) - min(xs) >= LEAST_SIDE and max(ys) - min(ys) >= LEAST_SIDE)


LEAST_SIDE = 0.02  # 13 pixels of a picture 640 wide
HINT_PROBLEMS = {"small": _("Tempat ini terlalu kecil."), "outside": _("Tempat ini keluar dari gambar.")}


class HintRule(models.Model):
    """When hints fall silent: of the last `counted` decided ones fewer than least_percent were confirmed. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    counted = models.PositiveSmallIntegerField(
        _("keputusan yang dihitung"), default=10, validators=[MinValueValidator(3), MaxValueValidator(100)]
    )
    least_percent = models.PositiveSmallIntegerField(
        _("ketepatan terendah (persen)"), default=50, validators=[MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = verbose_name_plural = _("aturan petunjuk")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="hint_rule_is_one_row"),
            models.CheckConstraint(condition=Q(counted__gte=3), name="hint_rule_counts_some"),
            models.CheckConstraint(condition=Q(least_percent__lte=100), name="hint_rule_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.least_percent}% / {self.counted}"

    @classmethod
    def current(cls) -> "HintRule":
        """Return the row, or the usual values."""
        return cls.objects.first() or cls()


class HintRefusal(models.TextChoices):
    """Why a hint is no incident."""

    NOTHING = "nothing", _("Tidak ada apa-apa di sana")
    LIGHT = "light", _("Bayangan, pantulan, hujan, atau lensa kotor")
    SLIGHT = "slight", _("Ada, tetapi terlalu sedikit untuk ditangani")
    KNOWN = "known", _("Benar, tetapi sudah ditangani dalam kejadian lain")
    ALLOWED = "allowed", _("Benar, tetapi diizinkan: acara, pekerjaan jalan, pasar")
    OTHER = "other", _("Lain, tulis di bawah")


# The camera saw what is there, so these say nothing against it.
RIGHT_ALL_THE_SAME = (HintRefusal.KNOWN, HintRefusal.ALLOWED)


class StreetHint(models.Model):
    """What a camera may have seen. Says nothing by itself: an operator confirms or refuses it.

    jpeg: the picture when it was noticed, forgotten after PICTURES_KEPT of keeping.py. refusal, refusal_text: why it
    was refused, as far as the operator said.
    """

    class Decision(models.TextChoices):
        """What an operator decided."""

        YES = "yes", _("benar")
        NO = "no", _("bukan")

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="hints")
    kind = models.CharField(max_length=12, choices=HintKind.choices)
    level = models.CharField(max_length=12, choices=HintLevel.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    jpeg = models.BinaryField(null=True, editable=False)
    decision = models.CharField(max_length=3, choices=Decision.choices, blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=8, choices=HintRefusal.choices, blank=True, default="", db_default="")
    refusal_text = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = verbose_name_plural = _("petunjuk")
        constraints = [
            models.UniqueConstraint(fields=["camera", "kind"], condition=Q(ended_at=None), name="street_hint_one_open"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="street_hint_in_order"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by=None, decided_at=None)
                | Q(decision__in=["yes", "no"], decided_by__isnull=False, decided_at__isnull=False),
                name="street_hint_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decision="no") | Q(refusal="", refusal_text=""), name="street_hint_refusal_of_a_refused"
            ),
        ]
        indexes = [models.Index(fields=["camera", "kind", "-started_at"], name="street_hint_by_camera")]

    def __str__(self) -> str:
        return f"{self.camera}: {self.get_kind_display()} {self.started_at:%Y-%m-%d %H:%M}"


class HintClip(models.Model):
    """The seconds around the moment at which a hint was noticed. Forgotten with its picture."""

    hint = models.OneToOneField(StreetHint, models.CASCADE, primary_key=True, related_name="clip")
    mp4 = models.BinaryField(editable=False)
    began_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("klip petunjuk")

    def __str__(self) -> str:
        return f"{self.hint_id} {self.began_at:%Y-%m-%d %H:%M:%S}"
