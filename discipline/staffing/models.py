"""Standings, flips and staffing rules of counters, and requests to recount days."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.core.fields import CODE_LENGTH
from discipline.staffing import rule as staffing_rule
from discipline.staffing.alert_kinds import AlertKind
from offices.hours.models import Scoped, scope_columns, validity_column
from offices.places.models import Counter
from streams.looks.control_choice import ENOUGH


class StandingState(models.TextChoices):
    """rule.State as the choices of columns."""

    CLOSED = staffing_rule.State.CLOSED.value, _("Di luar jam layanan")
    STAFFED = staffing_rule.State.STAFFED.value, _("Ada petugas")
    GRACE = staffing_rule.State.GRACE.value, _("Masa toleransi")
    ABSENT = staffing_rule.State.ABSENT.value, _("Kosong")
    UNKNOWN = staffing_rule.State.UNKNOWN.value, _("Tidak terpantau")


class StaffingRule(Scoped):
    """The rule.Tolerances of a scope for a range of dates; the closest valid one applies to a counter."""

    absence_grace_s = models.PositiveIntegerField(_("masa toleransi kosong (detik)"), default=600)
    opening_grace_s = models.PositiveIntegerField(_("masa toleransi buka (detik)"), default=300)
    not_opened_s = models.PositiveIntegerField(_("dinyatakan tidak buka setelah (detik)"), default=7200)
    closing_window_s = models.PositiveIntegerField(_("jendela pulang awal (detik)"), default=900)
    exit_looks = models.PositiveSmallIntegerField(_("pengamatan kosong sebelum dihitung"), default=3)
    enter_looks = models.PositiveSmallIntegerField(_("pengamatan terisi sebelum dihitung"), default=1)
    stale_s = models.PositiveIntegerField(_("pengamatan basi setelah (detik)"), default=60)
    blinded_s = models.PositiveIntegerField(_("kamera tertutup atau bergeser setelah (detik)"), default=60)
    camera_fault_s = models.PositiveIntegerField(_("gangguan kamera setelah (detik)"), default=300)
    control_share = models.FloatField(
        _("bagian gambar petugas yang harus terlihat dalam cahaya saat itu"),
        default=ENOUGH,
        validators=[MinValueValidator(0.5), MaxValueValidator(1.0)],
        help_text=_("0,5 sampai 1; bila lebih sedikit terlihat, loket kosong dinyatakan tidak dapat dinilai"),
    )
    valid_from = models.DateField(_("berlaku dari"), null=True, blank=True)
    valid_to = models.DateField(_("sampai dengan"), null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = verbose_name_plural = _("aturan kehadiran")
        constraints = [
            *Scoped.Meta.constraints,
            # A single old look must never be enough for an absence.
            models.CheckConstraint(
                condition=Q(stale_s__lt=F("absence_grace_s"))
                & Q(stale_s__lt=F("opening_grace_s"))
                & Q(stale_s__lt=F("closing_window_s"))
                & Q(not_opened_s__gt=F("opening_grace_s")),
                name="rule_stale_shorter_than_grace",
            ),
            models.CheckConstraint(
                condition=Q(exit_looks__gte=1, enter_looks__gte=1, stale_s__gte=1), name="rule_counts_looks"
            ),
            models.CheckConstraint(
                condition=Q(control_share__gte=0.5, control_share__lte=1), name="rule_control_share"
            ),
            ExclusionConstraint(
                name="rule_no_overlap",
                expressions=[*scope_columns(), validity_column()],
                violation_error_message=_("Sudah ada aturan untuk lingkup dan tanggal ini."),
            ),
        ]

    def __str__(self) -> str:
        return self.scope_name

    def tolerance_s(self, kind: AlertKind) -> int:
        """Return the seconds of the field that the kind's row names."""
        seconds: int = getattr(self, kind.row.tolerance)
        return seconds

    def as_rule(self) -> staffing_rule.Tolerances:
        """Return the numbers as the staffing rule takes them."""
        names = staffing_rule.Tolerances.__dataclass_fields__
        return staffing_rule.Tolerances(**{name: getattr(self, name) for name in names})


class Standing(models.Model):
    """The current state of a counter: rule.CounterStanding as a row. Only ledger.py writes it.

    `due_at` is None only when no change can come by time alone.
    """

    counter = models.OneToOneField(Counter, models.CASCADE, primary_key=True, related_name="standing")
    state = models.CharField(max_length=8, choices=StandingState.choices, default=StandingState.CLOSED)
    reason = models.CharField(max_length=CODE_LENGTH, blank=True, default="")  # see rule.py
    since = models.DateTimeField()
    last_look_at = models.DateTimeField(null=True)
    last_look = models.CharField(max_length=8, blank=True, default="")
    last_people = models.PositiveSmallIntegerField(default=0)
    empty_since = models.DateTimeField(null=True)
    empty_looks = models.PositiveIntegerField(default=0)
    staffed_looks = models.PositiveIntegerField(default=0)
    opened = models.BooleanField(null=True)
    opened_for = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    saw_at = models.DateTimeField(null=True)  # the last look that was not BLIND, also off duty and during incidents

    def __str__(self) -> str:
        return f"{self.counter}: {self.get_state_display()}"


class FlipQuerySet(models.QuerySet["Flip"]):
    """Queries of flips."""

    def as_rule_flips(self) -> Iterator[tuple[int, staffing_rule.StateChange]]:
        """Yield (counter id, StateChange) in the order of the query, without making model instances."""
        for counter, at, old, new, reason, since in self.values_list("counter", "at", "old", "new", "reason", "since"):
            yield counter, _rule_flip(at, old, new, reason, since)


class Flip(models.Model):
    """One change of a standing, dated when it fell due. Append-only; reports are computed from these rows."""

    counter = models.ForeignKey(Counter, models.PROTECT, related_name="flips")
    at = models.DateTimeField()
    old = models.CharField(max_length=8, choices=StandingState.choices)
    new = models.CharField(max_length=8, choices=StandingState.choices)
    reason = models.CharField(max_length=CODE_LENGTH, blank=True)
    since = models.DateTimeField()  # start of what it reports: the first EMPTY look, or the opening
    noticed_at = models.DateTimeField()
    alerted_at = models.DateTimeField(null=True)  # outbox: set in the transaction that opens and closes its alerts

    objects = FlipQuerySet.as_manager()

    class Meta:
        ordering = ["counter", "at", "pk"]
        indexes = [
            models.Index(fields=["counter", "at"]),
            models.Index(fields=["id"], condition=Q(alerted_at=None), name="flip_outbox"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ} {self.old}→{self.new}"

    def as_rule_flip(self) -> staffing_rule.StateChange:
        """Return the flip as the staffing rule's StateChange."""
        return _rule_flip(self.at, self.old, self.new, self.reason, self.since)


def _rule_flip(at: datetime, old: str, new: str, reason: str, since: datetime) -> staffing_rule.StateChange:
    return staffing_rule.StateChange(at, staffing_rule.State(old), staffing_rule.State(new), reason, since)


class Recount(models.Model):
    """A request to recompute days, as data that they are computed from has changed. Deleted when that is done."""

    counter = models.ForeignKey(Counter, models.CASCADE, null=True, related_name="+")  # None: every counter
    first_day = models.DateField()
    last_day = models.DateField()
    why = models.CharField(max_length=80)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="recount_not_backwards"),
        ]
