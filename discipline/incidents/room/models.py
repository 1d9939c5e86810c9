"""Who may enter the room, who entered it, and for how long that is kept."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.incidents.dated_retention.models import DatedRetention, retention_constraints

LONGEST_NAME, LONGEST_PURPOSE = 120, 300


class RoomPass(models.Model):
    """A named person who may enter from the first to the last day (WIB), both included, unless it was ended before."""

    name = models.CharField(_("nama"), max_length=LONGEST_NAME)
    body = models.CharField(_("instansi atau perusahaan"), max_length=LONGEST_NAME)
    reason = models.CharField(_("alasan"), max_length=LONGEST_PURPOSE)
    first = models.DateField(_("berlaku sejak"))
    last = models.DateField(_("sampai dengan"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = verbose_name_plural = _("izin masuk ruang kendali")
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="room_pass_in_order",
                violation_error_message=_("Izin tidak dapat berakhir sebelum berlaku."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="room_pass_ended_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(reason=""), name="room_pass_says_who_and_why"),
        ]

    def __str__(self) -> str:
        return self.name


class RoomVisit(models.Model):
    """A row about a visit: the arrival, the departure or a correction; the newest of its chain holds.

    The database refuses changes, and to delete a row before it is FEWEST_DAYS old.

    - corrects: the row before it; None for the arrival. The old row may be deleted before this one.
    - let_in_by: who let the person in; by, at: who wrote the row and when.
    - note: why it was corrected; the departure takes over that of the row before it.
    """

    room_pass = models.ForeignKey(RoomPass, models.PROTECT, related_name="visits")
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    purpose = models.CharField(_("keperluan"), max_length=LONGEST_PURPOSE)
    let_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    corrects = models.OneToOneField(
        "self", models.DO_NOTHING, null=True, db_constraint=False, related_name="corrected_by"
    )
    note = models.CharField(_("alasan koreksi"), max_length=LONGEST_PURPOSE, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-came_at", "-pk"]
        verbose_name = verbose_name_plural = _("kunjungan ruang kendali")
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("came_at")), name="room_visit_in_order"
            ),
            models.CheckConstraint(condition=Q(came_at__lte=F("at")), name="room_visit_not_in_the_future"),
            models.CheckConstraint(condition=~Q(purpose=""), name="room_visit_has_a_purpose"),
        ]
        indexes = [models.Index(fields=["-came_at", "-id"], name="room_visit_newest")]

    def __str__(self) -> str:
        return f"{self.room_pass} {self.came_at:%Y-%m-%d %H:%M}"


class RoomRetention(DatedRetention):
    """For how long rows of visits, and passes that are over, are kept."""

    usual_days = 90

    class Meta(DatedRetention.Meta):
        verbose_name = verbose_name_plural = _("masa simpan kunjungan ruang kendali")
        constraints = retention_constraints("room_retention")
