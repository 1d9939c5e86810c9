"""Troubles of cameras, their daily uptime, and the operators' notes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from streams.cameras.models import Camera


class CameraTrouble(models.Model):
    """A time in which a camera was in trouble; `cause` is the latest code of rule.cause_of.

    Written by `watch` alone, and kept for keeping.KEPT after its end. It is the operators' ticket: notes refer to it,
    and it closes by itself.
    """

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="troubles")
    cause = models.CharField(max_length=20)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["camera"], condition=Q(ended_at=None), name="camera_in_one_trouble"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("since")), name="trouble_in_order"),
        ]
        indexes = [models.Index(fields=["camera", "-since"], name="trouble_by_camera")]

    def __str__(self) -> str:
        return f"{self.camera}: {self.cause}"


class CameraDay(models.Model):
    """How long `watch` saw a camera well and in trouble on one day (WIB), in seconds. Kept for keeping.KEPT."""

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="days")
    day = models.DateField()
    well_s = models.FloatField(default=0)
    trouble_s = models.FloatField(default=0)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["camera", "day"], name="camera_day_once")]

    def __str__(self) -> str:
        return f"{self.camera} {self.day}"


class CameraNote(models.Model):
    """What an operator did about a camera's trouble, or wrote for the next shift. Append-only.

    Of PLANNED and RESUMED the later counts: until `until`, no messages are sent about the camera.
    """

    class Kind(models.TextChoices):
        SEEN = "seen", _("Sudah dilihat")
        CALLED = "called", _("Sudah ditelepon")
        NOTE = "note", _("Catatan")
        PLANNED = "planned", _("Pekerjaan terencana")
        RESUMED = "resumed", _("Pekerjaan selesai")
        SHIFT = "shift", _("Catatan shift")

    # Without constraints: a camera or an old trouble may be deleted while the notes stay unchanged.
    camera = models.ForeignKey(Camera, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    camera_name = models.CharField(max_length=150, blank=True)  # with its place, at that time
    trouble = models.ForeignKey(CameraTrouble, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.CharField(max_length=500, blank=True)
    until = models.DateTimeField(null=True)  # of planned work
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = _("catatan kamera")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="planned", until__gt=F("at")) | (~Q(kind="planned") & Q(until=None)),
                name="camera_note_planned_until",
            ),
            models.CheckConstraint(
                condition=Q(kind="shift", camera=None) | (~Q(kind="shift") & Q(camera__isnull=False)),
                name="camera_note_of_a_camera",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["note", "shift"]) | ~Q(text=""), name="camera_note_says_something"
            ),
        ]
        indexes = [
            models.Index(fields=["camera", "-at"], name="camera_note_by_camera"),
            models.Index(fields=["kind", "-at"], name="camera_note_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.camera_name or self.get_kind_display()}: {self.text or self.get_kind_display()}"
