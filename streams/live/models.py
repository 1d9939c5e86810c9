"""The log of views: who viewed which camera, and the reasons for which closed offices were viewed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from streams.cameras.models import Camera
from streams.evidence.models import REASON

LOST_AFTER = timedelta(minutes=3)  # without a sign of life


class View(models.Model):
    """A user's live view of one camera, its single pictures of a quarter of an hour, or a wall of many offices.

    What is played of a camera's recordings in a quarter of an hour is one row for each recorded hour.

    The database refuses DELETE and all changes but two: `seen_at`, the last time at which the view was certainly open,
    may move forward, and `ended_at` may be set once, to seen_at. A killed process sets no end; seen_at is then the
    earliest possible end, and pages present it as such.
    """

    class Why(models.TextChoices):
        ROUTINE = "routine", _("Pemantauan rutin")
        SPOT_CHECK = "spot_check", _("Inspeksi")
        INDICATION = "indication", _("Memeriksa indikasi")
        SETUP = "setup", _("Menyetel kamera")  # only by the pages that do

    class How(models.TextChoices):
        LIVE = "live", _("Siaran langsung")
        WALL = "wall", _("Layar pantau")
        PICTURE = "picture", _("Gambar terbaru")
        RECORDED = "recorded", _("Rekaman")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=How.choices)
    why = models.CharField(max_length=10, choices=Why.choices)
    # No constraint: a camera may be deleted while the log of its viewers stays unchanged.
    camera = models.ForeignKey(Camera, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    camera_name = models.CharField(max_length=60, blank=True)  # at that time
    offices = ArrayField(models.BigIntegerField())  # of Kelurahan: one, or all on the wall; none for another place
    points = ArrayField(models.BigIntegerField(), default=list, db_default=[])  # of Place: those on the wall
    closed = models.BooleanField(default=False)  # an interior outside its office's hours was shown
    reason = models.CharField(max_length=500, blank=True)
    quarter = models.DateTimeField(null=True)  # of pictures and recordings: the start of the quarter of an hour
    recorded_at = models.DateTimeField(null=True)  # of recordings: the start of the hour that was viewed
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = verbose_name_plural = _("akses kamera")
        constraints = [
            models.CheckConstraint(condition=Q(closed=False) | Q(reason__regex=REASON), name="view_of_closed_says_why"),
            models.CheckConstraint(
                condition=Q(how="wall", camera=None)
                | Q(how="live", camera__isnull=False)
                | Q(how="picture", quarter__isnull=False)  # without a camera: of an address that is tried
                | Q(how="recorded", camera__isnull=False, quarter__isnull=False, recorded_at__isnull=False),
                name="view_is_of_a_camera_or_a_wall",
            ),
            models.CheckConstraint(condition=Q(seen_at__gte=F("opened_at")), name="view_seen_after_opening"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at=F("seen_at")), name="view_ends_when_seen"),
            models.UniqueConstraint(
                fields=["user", "camera", "camera_name", "quarter", "why", "closed", "reason"],
                condition=Q(how="picture"),
                nulls_distinct=False,
                name="view_of_pictures_once_a_quarter",
            ),
            models.UniqueConstraint(
                fields=["user", "camera", "quarter", "recorded_at", "why", "closed", "reason"],
                condition=Q(how="recorded"),
                name="view_of_recordings_once_a_quarter",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="view_newest"),
            models.Index(fields=["user", "-opened_at"], name="view_by_user"),
            GinIndex(fields=["offices"], name="view_by_office"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.camera_name or self.get_how_display()}"

    @property
    def lasted(self) -> timedelta:
        """Duration, as far as known."""
        return self.seen_at - self.opened_at

    def lost(self, now: datetime) -> bool:
        """Return whether the end is missing and the last sign of life is older than LOST_AFTER.

        Single pictures and recordings have no end.
        """
        return (
            self.how not in (self.How.PICTURE, self.How.RECORDED)
            and self.ended_at is None
            and now - self.seen_at > LOST_AFTER
        )


class ViewReason(models.Model):
    """Why a user views closed places: it counts for picture_gate.REMEMBERED. Append-only like View."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    places = ArrayField(models.BigIntegerField())  # of Place
    reason = models.CharField(max_length=500)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(reason__regex=REASON), name="view_reason_says_why")]
        indexes = [models.Index(fields=["user", "-given_at"], name="view_reason_by_user")]

    def __str__(self) -> str:
        return f"{self.user}: {self.reason}"
