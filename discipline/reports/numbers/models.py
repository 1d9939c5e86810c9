"""The models of reports: one tally per counter and day, and the rules by which tallies are read."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Aggregate, F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from discipline.staffing.alert_kinds import COLUMNS
from offices.hours.models import validity_column
from offices.places.models import Counter


class DayTally(models.Model):
    """The tally of a counter's local day (WIB), written only by rollups.py from flips, hours and decisions.

    Seconds are those of tally.DaySeconds; indications count on the local day on which they began. A day has a row if
    it has duty, or an indication that began on it before its duty was removed.
    """

    counter = models.ForeignKey(Counter, models.CASCADE, related_name="days")
    day = models.DateField()
    duty_s = models.PositiveIntegerField()
    staffed_s = models.PositiveIntegerField()
    grace_s = models.PositiveIntegerField()
    absent_s = models.PositiveIntegerField()
    excused_s = models.PositiveIntegerField()
    unknown_s = models.PositiveIntegerField()
    late_s = models.PositiveIntegerField()
    early_s = models.PositiveIntegerField()
    longest_s = models.PositiveIntegerField()
    # alert_kinds.COLUMNS adds a column for each kind of alert that reports count, see below.
    excused = models.PositiveSmallIntegerField()
    staffed_by_hour = ArrayField(models.PositiveSmallIntegerField(), size=24)  # seconds of each WIB hour
    counted_by_hour = ArrayField(models.PositiveSmallIntegerField(), size=24)  # duty − unknown − excused
    why = models.CharField(max_length=300)  # the plan or exception behind the duty
    until = (
        models.DateTimeField()
    )  # tallied up to here: the day's last closing, or the time of the tally on a day in progress

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["counter", "day"], name="day_once_per_counter"),
            models.CheckConstraint(
                condition=Q(
                    duty_s=F("staffed_s") + F("grace_s") + F("absent_s") + F("excused_s") + F("unknown_s"),
                    absent_s__gte=F("late_s") + F("early_s"),
                ),
                name="day_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["day"])]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.day}"

    @property
    def counts(self) -> dict[str, int]:
        """The number of indications by column (alert_kinds.COLUMNS)."""
        return {column: getattr(self, column) for column in COLUMNS}


for _column in COLUMNS:
    DayTally.add_to_class(_column, models.PositiveSmallIntegerField(default=0))


class ColumnSums(Aggregate):
    """The sums of columns as one array, of nulls without rows. As one expression it costs the ORM a tenth of many."""

    template = "ARRAY[SUM(%(expressions)s)]"
    arg_joiner = "), SUM("
    output_field = ArrayField(models.BigIntegerField())


class HourlySums(Aggregate):
    """The sums of a column with a value for each hour, as an array of 24."""

    template = f"ARRAY[{', '.join(f'SUM((%(expressions)s)[{hour}])' for hour in range(1, 25))}]"
    output_field = ArrayField(models.BigIntegerField())


class Band(models.Model):
    """A range of minutes of late opening or early leave, as the city's rules distinguish them.

    For statistics only: consequences for pay are decided elsewhere.
    """

    class Kind(models.TextChoices):
        LATE = "late", _("Terlambat buka")
        EARLY = "early", _("Pulang sebelum waktunya")

    kind = models.CharField(_("jenis"), max_length=8, choices=Kind.choices)
    name = models.CharField(_("nama"), max_length=40)
    from_minute = models.PositiveSmallIntegerField(_("dari menit"), validators=[MinValueValidator(1)])
    to_minute = models.PositiveSmallIntegerField(_("sampai menit"), null=True, blank=True)
    reference = models.CharField(_("dasar hukum"), max_length=200, blank=True)
    valid_from = models.DateField(_("berlaku dari"), null=True, blank=True)
    valid_to = models.DateField(_("sampai dengan"), null=True, blank=True)

    class Meta:
        ordering = ["kind", "from_minute", "valid_from"]
        verbose_name = verbose_name_plural = _("kelompok keterlambatan")
        constraints = [
            models.CheckConstraint(
                condition=Q(from_minute__gte=1) & (Q(to_minute=None) | Q(to_minute__gte=F("from_minute"))),
                name="band_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="band_valid_to_after_from",
            ),
            *(
                ExclusionConstraint(
                    name=f"band_{kind}_no_overlap",
                    condition=Q(kind=kind),
                    expressions=[
                        (
                            Func(F("from_minute"), F("to_minute"), Value("[]"), function="int4range"),
                            RangeOperators.OVERLAPS,
                        ),
                        validity_column(),
                    ],
                    violation_error_message=_("Sudah ada kelompok untuk menit dan tanggal ini."),
                )
                for kind in ("late", "early")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReportRule(models.Model):
    """The rule of all reports: one row, or none for the defaults."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    coverage_floor = models.PositiveSmallIntegerField(
        _("cakupan paling sedikit (%)"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Di bawahnya sebuah loket tidak dinilai: tidak cukup data."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("aturan laporan")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="report_rule_only_one"),
            models.CheckConstraint(
                condition=Q(coverage_floor__gte=1, coverage_floor__lte=100), name="report_rule_floor_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def floor(cls) -> int:
        """Return the coverage in percent below which there is too little data."""
        floor = cls.objects.values_list("coverage_floor", flat=True).first()
        return floor if floor is not None else cls().coverage_floor
