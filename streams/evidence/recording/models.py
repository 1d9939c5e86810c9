"""The recorded minutes, how long each class of place is kept, what is held, and what had to be deleted early."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from offices.places.models import Place
from offices.points.models import RetentionClass
from streams.cameras.models import Camera
from streams.evidence.models import REASON, gives_reason

OFFICE = "office"  # the class of all offices; those of points are RetentionClass
CLASSES = [(OFFICE, _("Kantor")), *RetentionClass.choices]
MOST_DAYS = 366


class RecordedMinute(models.Model):
    """One file: the packets of one camera for about a minute. One row a file, written once.

    starts_at and ends_at are when its first and last picture arrived, by this machine's clock; plays_from and
    plays_until are the file's own times, which follow the camera's clock and never go back. `gap` is why the pictures
    between the minute before and this one are missing. `path` is below settings.RECORDING_DIR.
    """

    class Gap(models.TextChoices):
        """Why pictures are missing."""

        NONE = "", _("Tidak ada")
        CAMERA = "camera", _("Kamera atau jaringan terputus")
        SYSTEM = "system", _("Sidak tidak merekam")
        DISK = "disk", _("Penyimpanan penuh atau rusak")
        OFF = "off", _("Perekaman dimatikan")
        FORMAT = "format", _("Bentuk video tidak dapat direkam")

    # No constraints: rows outlive their camera until their files are deleted, so that no file is forgotten.
    camera = models.ForeignKey(Camera, models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False)
    place = models.ForeignKey(Place, models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False)
    kept_as = models.CharField(max_length=12, choices=CLASSES)  # the place's class when it was recorded
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    plays_from = models.DateTimeField()
    plays_until = models.DateTimeField()
    size = models.PositiveBigIntegerField()  # bytes
    keyframes = models.BinaryField()  # minute_file.pack_index
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=100)
    gap = models.CharField(max_length=8, choices=Gap.choices, blank=True)

    class Meta:
        ordering = ["camera_id", "starts_at"]  # not by "camera", which would leave out the rows of deleted ones
        constraints = [
            # Also the index by which a camera's day is read. A minute that is found again is not stored twice.
            models.UniqueConstraint(fields=["camera", "starts_at"], name="recorded_minute_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at"), plays_until__gt=F("plays_from")), name="recorded_in_order"
            ),
        ]
        indexes = [models.Index(fields=["kept_as", "starts_at"], name="recorded_by_class")]

    def __str__(self) -> str:
        return self.path


class RetentionRule(models.Model):
    """From a day on, places of a class are recorded and kept for so many days. Append-only.

    The row with the latest `since` that has come holds, of two of one day the newer. Without a row, and with 0 days,
    the class is not recorded; what was recorded before is kept for as long as the rule was then.
    """

    kept_as = models.CharField(_("kelas"), max_length=12, choices=CLASSES)
    days = models.PositiveSmallIntegerField(_("disimpan (hari)"), validators=[MaxValueValidator(MOST_DAYS)])
    since = models.DateField(_("berlaku sejak"))
    basis = models.CharField(_("dasar hukum"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh"))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["kept_as", "-since", "-pk"]
        verbose_name = verbose_name_plural = _("masa simpan rekaman")
        constraints = [
            models.CheckConstraint(condition=Q(days__lte=MOST_DAYS), name="recording_days_bounded"),
            models.CheckConstraint(condition=~Q(basis=""), name="recording_has_a_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kept_as_display()}: {self.days}, {self.since}"


class RecordingHold(models.Model):
    """Exempts a camera's minutes of a span from deletion, until it is released.

    bound: it belongs to a case file and is released with it, by nobody's hand.
    """

    camera = models.ForeignKey(Camera, models.DO_NOTHING, db_constraint=False, related_name="+")
    since = models.DateTimeField(_("dari"))
    until = models.DateTimeField(_("sampai"))
    reason = models.CharField(_("alasan"), max_length=500, validators=[gives_reason])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    bound = models.BooleanField(default=False)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    release_reason = models.CharField(max_length=500, blank=True)  # always where the holder releases it

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = _("penguncian rekaman")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="recording_hold_in_order"),
            models.CheckConstraint(condition=Q(reason__regex=REASON), name="recording_hold_says_why"),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="recording_hold_released_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["camera", "since"], condition=Q(released_at=None), name="recording_held")]

    def __str__(self) -> str:
        return f"{self.camera_id}: {self.since} – {self.until}"


class EarlyDeletion(models.Model):
    """Minutes of one class that were deleted before their time, as the disk or the quota was full. Append-only."""

    class Why(models.TextChoices):
        """What was full."""

        DISK = "disk", _("Penyimpanan penuh")
        QUOTA = "quota", _("Kuota habis")

    at = models.DateTimeField(db_index=True)
    why = models.CharField(max_length=8, choices=Why.choices)
    kept_as = models.CharField(max_length=12, choices=CLASSES)
    minutes = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()  # bytes
    until = models.DateTimeField()  # when the newest of them began

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at}: {self.minutes} {self.kept_as}"
