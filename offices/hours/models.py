"""What determines when a counter is on duty: weekly plans, the city's own holidays, closures."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from offices.hours import duty
from offices.places.models import Counter, Kecamatan, Kelurahan, Office


def scope_columns() -> tuple[tuple[Any, str], ...]:
    """Return expressions for an exclusion constraint that compare the scopes of two Scoped rows.

    Ids are compared as ranges, which PostgreSQL's built-in GiST supports without btree_gist.
    """

    def alone(name: str) -> Func:
        pk = Coalesce(F(name), Value(0), output_field=models.IntegerField())
        return Func(pk, pk, Value("[]"), function="int8range")

    return tuple((alone(name), RangeOperators.OVERLAPS) for name in ("kecamatan", "kelurahan", "counter"))


def validity_column() -> tuple[Func, str]:
    """Return the expression for an exclusion constraint that compares the dates of two rows."""
    return (
        Func(F("valid_from"), F("valid_to"), Value("[]"), function="daterange"),
        RangeOperators.OVERLAPS,
    )


class Scoped(models.Model):
    """A rule for the whole city, one kecamatan, one kelurahan or one counter: at most one of them is set."""

    kecamatan = models.ForeignKey(Kecamatan, models.CASCADE, null=True, blank=True, related_name="+")
    kelurahan = models.ForeignKey(Kelurahan, models.CASCADE, null=True, blank=True, related_name="+")
    counter = models.ForeignKey(Counter, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(kecamatan=None, kelurahan=None)
                | Q(kecamatan=None, counter=None)
                | Q(kelurahan=None, counter=None),
                name="%(class)s_has_one_scope",
            )
        ]

    @property
    def closeness(self) -> int:
        """0 city, 1 kecamatan, 2 kelurahan, 3 counter: the rule with the highest applies."""
        return 3 if self.counter_id else 2 if self.kelurahan_id else 1 if self.kecamatan_id else 0

    def covers(self, counter: Counter) -> bool:
        """Return whether the rule applies to this counter. Needs counter.kelurahan and counter.place loaded."""
        return (
            (not self.counter_id or self.counter_id == counter.pk)
            and (not self.kelurahan_id or self.kelurahan_id == counter.kelurahan_id)
            and (not self.kecamatan_id or self.kecamatan_id == counter.kecamatan_id)
        )

    @property
    def scope_name(self) -> str:
        """The scope's name for display."""
        return str(self.counter or self.kelurahan or self.kecamatan or _("Seluruh kota"))


class HoursPlan(Scoped):
    """Weekly service hours without the breaks, for a scope and a period. Ramadan is a plan of higher priority."""

    name = models.CharField(_("nama"), max_length=80)
    monday = models.CharField(_("Senin"), max_length=60, blank=True, help_text="07:30-12:00,13:00-16:00")
    tuesday = models.CharField(_("Selasa"), max_length=60, blank=True)
    wednesday = models.CharField(_("Rabu"), max_length=60, blank=True)
    thursday = models.CharField(_("Kamis"), max_length=60, blank=True)
    friday = models.CharField(_("Jumat"), max_length=60, blank=True)
    saturday = models.CharField(_("Sabtu"), max_length=60, blank=True)
    sunday = models.CharField(_("Minggu"), max_length=60, blank=True)
    on_holidays = models.BooleanField(_("buka pada hari libur"), default=False)
    valid_from = models.DateField(_("berlaku dari"), null=True, blank=True)
    valid_to = models.DateField(_("sampai dengan"), null=True, blank=True)
    priority = models.SmallIntegerField(_("prioritas"), default=0)
    source = models.CharField(_("dasar"), max_length=200, blank=True)

    DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

    class Meta(Scoped.Meta):
        verbose_name = verbose_name_plural = _("jam layanan")
        constraints = [
            *Scoped.Meta.constraints,
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="hoursplan_ends_after_start",
            ),
            ExclusionConstraint(
                name="hoursplan_no_overlap",
                expressions=[
                    *scope_columns(),
                    (
                        Func(F("priority"), F("priority"), Value("[]"), function="int4range"),
                        RangeOperators.OVERLAPS,
                    ),
                    validity_column(),
                ],
                violation_error_message=_("Sudah ada jam layanan untuk lingkup, prioritas, dan tanggal ini."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Check the spans of each day."""
        problems: dict[str, str] = {}
        for day in self.DAYS:
            try:
                duty.parse_spans(getattr(self, day))
            except ValueError as error:
                problems[day] = str(error)
        if problems:
            raise ValidationError(problems)

    def as_plan(self) -> duty.WeeklyPlan:
        """Return the plan for duty_day. A narrower scope takes precedence over any priority of a wider one."""
        return duty.WeeklyPlan(
            name=self.name,
            week={number: duty.parse_spans(getattr(self, day)) for number, day in enumerate(self.DAYS)},
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            priority=self.closeness * 1000 + self.priority,
            on_holidays=self.on_holidays,
        )


class HolidayOverride(models.Model):
    """A day that the city declares closed or open, contrary to the national calendar."""

    day = models.DateField(_("tanggal"), unique=True)
    open = models.BooleanField(_("kantor buka"), default=False)
    name = models.CharField(_("keterangan"), max_length=120)
    source = models.CharField(_("dasar"), max_length=200, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["-day"]
        verbose_name = verbose_name_plural = _("hari khusus")

    def __str__(self) -> str:
        return f"{self.day:%d-%m-%Y} {self.name}"


class Closure(Scoped):
    """An approved closure (apel, flood, relocation), during which there is no duty.

    That of a kecamatan is its camat's, and does not close the kecamatan's own office, about which the mayor decides.
    """

    starts_at = models.DateTimeField(_("mulai"))
    ends_at = models.DateTimeField(_("selesai"))
    reason = models.CharField(_("alasan"), max_length=120)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)

    class Meta(Scoped.Meta):
        ordering = ["-starts_at"]
        verbose_name = verbose_name_plural = _("penutupan")
        constraints = [
            *Scoped.Meta.constraints,
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="closure_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} ({self.scope_name})"

    def covers(self, counter: Counter) -> bool:
        """Return whether it closes this counter. Needs counter.kelurahan and counter.place loaded."""
        return super().covers(counter) and not (self.kecamatan_id and counter.kelurahan_id is None)


class ClosureRequest(models.Model):
    """A request to close the whole office or one of its counters: a lurah's, or a camat's for the own office's counter.

    It is answered once; a granted request refers to its closure as long as that exists.
    """

    class Kind(models.TextChoices):
        APEL = "apel", _("Apel atau upacara")
        RAPAT = "rapat", _("Rapat")
        POSYANDU = "posyandu", _("Posyandu")
        DINAS_LUAR = "dinas_luar", _("Dinas luar")
        LAIN = "lain", _("Lainnya")

    class State(models.TextChoices):
        ASKED = "asked", _("Menunggu camat")
        GRANTED = "granted", _("Diberikan")
        REFUSED = "refused", _("Ditolak")
        WITHDRAWN = "withdrawn", _("Ditarik")  # by the lurah, before it was answered
        REVOKED = "revoked", _("Dicabut")  # by the camat, after it had been granted

    kelurahan = models.ForeignKey(
        Kelurahan, models.PROTECT, null=True, related_name="closure_requests", verbose_name=_("kantor")
    )  # None: the counter is a kecamatan office's
    counter = models.ForeignKey(
        Counter, models.PROTECT, null=True, blank=True, related_name="+"
    )  # None: the whole office
    kind = models.CharField(_("jenis"), max_length=12, choices=Kind.choices)
    starts_at = models.DateTimeField(_("mulai"))
    ends_at = models.DateTimeField(_("selesai"))
    reason = models.CharField(_("keterangan"), max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    word = models.CharField(_("catatan camat"), max_length=500, blank=True)
    closure = models.OneToOneField(Closure, models.SET_NULL, null=True, related_name="request")

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = verbose_name_plural = _("permohonan penutupan")
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="closure_request_ends_after_start"),
            models.CheckConstraint(
                condition=Q(kelurahan__isnull=False) | Q(counter__isnull=False), name="closure_request_has_an_office"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None, closure=None)
                | ~Q(state="asked") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="closure_request_is_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="granted") | Q(closure=None), name="closure_request_closes_when_granted"
            ),
        ]
        indexes = [models.Index(fields=["kelurahan"], condition=Q(state="asked"), name="closure_request_waits")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.place}"

    @property
    def place(self) -> str:
        """The name of the counter or office."""
        return str(self.counter or self.kelurahan)

    @property
    def office(self) -> Office:
        """The office that asks. Needs `kelurahan`, or `counter` and its place, loaded."""
        office = self.kelurahan or (self.counter and self.counter.office)
        assert office  # a constraint
        return office

    @property
    def state_word(self) -> str:
        """The label of the state; of one that waits, for whom."""
        return gettext("Menunggu wali kota") if self.waits and not self.kelurahan_id else self.get_state_display()

    @property
    def waits(self) -> bool:
        """Whether it has not been answered."""
        return self.state == self.State.ASKED
