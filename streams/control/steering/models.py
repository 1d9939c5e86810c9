"""Which cameras are steered, by whom, and when they were off their home preset."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from streams.cameras.models import Camera

IDLE_S = 120  # without a move, until a camera goes home that has no time of its own


class HomePreset(models.Model):
    """Where a camera looks when nobody steers it: `token` at the camera. It goes there after idle_s without a move.

    onvif_port: None to try the usual ones.
    """

    camera = models.OneToOneField(Camera, models.CASCADE, primary_key=True, related_name="home_preset")
    token = models.CharField(max_length=80)
    name = models.CharField(_("preset asal"), max_length=80)
    idle_s = models.PositiveIntegerField(
        _("kembali setelah (detik)"), default=IDLE_S, validators=[MinValueValidator(30), MaxValueValidator(3600)]
    )
    onvif_port = models.PositiveIntegerField(
        _("port ONVIF"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )

    class Meta:
        verbose_name = verbose_name_plural = _("preset asal")
        constraints = [
            models.CheckConstraint(condition=~Q(token=""), name="home_preset_has_token"),
            models.CheckConstraint(condition=Q(idle_s__gte=30, idle_s__lte=3600), name="home_preset_idle_in_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.camera}: {self.name}"


class PresetPicture(models.Model):
    """What a camera showed at the preset `token`, small. Replaced when it is there again, forgotten after a while."""

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="preset_pictures")
    token = models.CharField(max_length=80)
    jpeg = models.BinaryField(editable=False)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["camera", "token"]
        verbose_name = verbose_name_plural = _("gambar preset")
        constraints = [models.UniqueConstraint(fields=["camera", "token"], name="preset_picture_once")]

    def __str__(self) -> str:
        return f"{self.camera}: {self.token}"


class TourStop(models.Model):
    """A preset of a camera's tour, the `number`th, at which it stays for dwell_s."""

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="tour_stops")
    number = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    dwell_s = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["camera", "number"]
        verbose_name = verbose_name_plural = _("perhentian keliling")
        constraints = [
            models.UniqueConstraint(fields=["camera", "number"], name="tour_stop_in_order"),
            models.CheckConstraint(condition=Q(dwell_s__gte=5, dwell_s__lte=300), name="tour_stop_dwell_in_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.camera}: {self.number}. {self.name}"


class SteeringLease(models.Model):
    """Somebody steers a camera, until `expires_at` unless it is renewed. At most one a camera is open: not ended_at."""

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="steering_leases")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    priority = models.PositiveSmallIntegerField()  # of priority_rule
    reason = models.CharField(max_length=500, blank=True)
    since = models.DateTimeField()
    moved_at = models.DateTimeField()  # when it was taken, or last moved
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = verbose_name_plural = _("kendali kamera")
        constraints = [
            models.UniqueConstraint(fields=["camera"], condition=Q(ended_at=None), name="steering_by_one_at_a_time"),
            models.CheckConstraint(condition=Q(expires_at__gte=F("since")), name="steering_lease_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.camera}: {self.holder}"


class CameraAway(models.Model):
    """A time in which a camera was, or may have been, off its home preset: nothing is judged then.

    moved_at: the last move; back_at: when it was back; tried_at: when it was last sent home.
    """

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="away")
    since = models.DateTimeField()
    moved_at = models.DateTimeField()
    back_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = verbose_name_plural = _("kamera diarahkan")
        constraints = [
            models.UniqueConstraint(fields=["camera"], condition=Q(back_at=None), name="camera_away_once"),
            models.CheckConstraint(condition=Q(back_at=None) | Q(back_at__gte=F("since")), name="camera_away_in_order"),
        ]
        indexes = [models.Index(fields=["back_at"], name="camera_away_by_end")]

    def __str__(self) -> str:
        return f"{self.camera}: {self.since}"


class SteeringLog(models.Model):
    """A line of who steered which camera and why (by None: the program). Append-only."""

    class What(models.TextChoices):
        """What happened."""

        TAKEN = "taken", _("Kendali diambil")
        TAKEN_OVER = "taken_over", _("Kendali diambil alih")
        RELEASED = "released", _("Kendali dilepas")
        EXPIRED = "expired", _("Kendali berakhir sendiri")
        HOME = "home", _("Kembali ke preset asal")
        HOME_FAILED = "home_failed", _("Gagal kembali ke preset asal")
        HOME_SET = "home_set", _("Preset asal ditentukan")
        TOUR = "tour", _("Keliling dimulai")

    # Without a constraint: a camera may be deleted while the log stays unchanged.
    camera = models.ForeignKey(Camera, models.DO_NOTHING, db_constraint=False, related_name="+")
    camera_name = models.CharField(max_length=200)  # with its place, at that time
    what = models.CharField(max_length=12, choices=What.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    from_whom = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = _("log kendali kamera")
        indexes = [models.Index(fields=["camera", "-at"], name="steering_log_by_camera")]

    def __str__(self) -> str:
        return f"{self.camera_name}: {self.what}"
