"""Shifts, who is on duty in them, their handovers, and the log book."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from offices.places.models import Agency

LONGEST_TEXT = 2000
LONGEST_SQUAD = 60


class Shift(models.Model):
    """A squad's time in the room. At most one is open: not ended_at. Its chief has begun it."""

    squad = models.CharField(_("regu"), max_length=LONGEST_SQUAD)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    chief = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = verbose_name_plural = _("giliran jaga")
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"], condition=Q(ended_at=None), nulls_distinct=False, name="shift_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="shift_in_order"
            ),
            models.CheckConstraint(condition=~Q(squad=""), name="shift_has_a_squad"),
        ]

    def __str__(self) -> str:
        return self.squad


class ShiftMember(models.Model):
    """Somebody on duty in a shift, for an agency or for none; until: None while on duty."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["since", "pk"]
        verbose_name = verbose_name_plural = _("petugas jaga")
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(until=None), name="shift_member_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="shift_member_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.shift}: {self.user}"


class Handover(models.Model):
    """What the system found when a shift ended, and the note of who ended it. Append-only.

    snapshot: a sheet as sheet_rule.to_json returns it.
    """

    shift = models.OneToOneField(Shift, models.PROTECT, related_name="handover")
    made_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    snapshot = models.JSONField()
    note = models.TextField(_("catatan"), blank=True, max_length=LONGEST_TEXT)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = verbose_name_plural = _("serah terima")

    def __str__(self) -> str:
        return f"{self.shift} {self.made_at:%Y-%m-%d %H:%M}"


class HandoverSignature(models.Model):
    """The next chief's signature to a handover. Append-only."""

    handover = models.OneToOneField(Handover, models.PROTECT, related_name="signature")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("tanda terima giliran")

    def __str__(self) -> str:
        return f"{self.handover}: {self.signed_by}"


class HandoverNotice(models.Model):
    """When the notice was queued that a handover was unsigned for too long. Append-only."""

    handover = models.OneToOneField(Handover, models.PROTECT, related_name="notice")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("pemberitahuan serah terima")

    def __str__(self) -> str:
        return f"{self.handover}: {self.at:%Y-%m-%d %H:%M}"


class LogEntry(models.Model):
    """An entry of the room's log book. Append-only. shift: the one that was open, if any."""

    shift = models.ForeignKey(Shift, models.PROTECT, null=True, related_name="entries")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("catatan"), max_length=LONGEST_TEXT)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = _("catatan buku jaga")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="log_entry_says_something")]
        indexes = [models.Index(fields=["-at", "-id"], name="log_entry_newest")]

    def __str__(self) -> str:
        return self.text[:60]
