"""System incidents and their thresholds."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.staffing import incident_rule
from offices.places.models import Counter


class IncidentRule(models.Model):
    """The city's incident_rule.IncidentThresholds: one row, or none for the defaults.

    In the database, because watches and workers on all machines must use the same numbers.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    share = models.FloatField(_("bagian kamera"), default=0.3, help_text=_("0,3: lebih dari 30 dari 100 kamera"))
    window_s = models.PositiveIntegerField(_("gelap bersama dalam (detik)"), default=60)
    min_cameras = models.PositiveIntegerField(_("paling sedikit kamera"), default=3)
    dark_s = models.PositiveIntegerField(_("gelap setelah tanpa gambar (detik)"), default=30)
    stall_s = models.PositiveIntegerField(_("pemantau terhenti setelah (detik)"), default=10)
    clock_s = models.PositiveIntegerField(_("selisih jam paling besar (detik)"), default=5)
    settle_s = models.PositiveIntegerField(_("berakhir setelah pulih (detik)"), default=10)
    longest_s = models.PositiveIntegerField(_("menjadi gangguan kamera setelah (detik)"), default=1800)

    class Meta:
        verbose_name = verbose_name_plural = _("aturan gangguan sistem")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="incident_rule_only_one"),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lt=1, min_cameras__gte=1, window_s__gte=1, dark_s__gte=1)
                & Q(stall_s__gte=1, clock_s__gte=1, settle_s__gte=1, longest_s__gte=1),
                name="incident_rule_makes_sense",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> incident_rule.IncidentThresholds:
        """Return the stored thresholds, or the defaults."""
        values = cls.objects.values(*incident_rule.IncidentThresholds.__dataclass_fields__).first()
        return incident_rule.IncidentThresholds(**values) if values else incident_rule.IncidentThresholds()


class SystemIncident(models.Model):
    """A suspected failure of Sidak itself, which ends by itself.

    It covers [since, ended_at) of the whole city, or only of the `counters` whose cameras the failed watch process held
    (none, when it held no camera: then it only reports the failure). During it these counters are UNKNOWN, and no
    indications are raised for them. At most one of the whole city is open, and one of part of it per watch process.
    """

    class Kind(models.TextChoices):  # from the least to the most specific
        FLEET_BLIND = "fleet_blind", _("Banyak kamera gelap serentak")
        NO_WATCH = "no_watch", _("Tidak ada proses pemantau")
        WATCH_STALLED = "watch_stalled", _("Pemantau terhenti")
        CLOCK_JUMPED = "clock_jumped", _("Jam komputer salah")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    since = models.DateTimeField()
    raised_at = models.DateTimeField()  # when last reported: cameras count as seeing only by later looks
    calm_since = models.DateTimeField(null=True)  # since when enough cameras see again, or none is waited for
    ended_at = models.DateTimeField(null=True, db_index=True)
    blind = models.PositiveIntegerField(default=0)  # largest number of dark cameras
    total = models.PositiveIntegerField(default=0)  # cameras, when `blind` was counted
    watcher = models.CharField(max_length=120, blank=True)  # the watch that stalled or has a wrong clock
    counters = ArrayField(models.BigIntegerField(), null=True, editable=False)  # ids; None: the whole city
    off_s = models.FloatField(default=0)  # seconds that it stalled, or that its clock is off
    # Outbox: set in the transaction that queues its notices.
    notices_queued_at = models.DateTimeField(_("pemberitahuan diantrekan pada"), null=True, db_column="told_at")

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("gangguan sistem")
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"],
                condition=Q(ended_at=None, counters=None),
                nulls_distinct=False,
                name="incident_one_open",
            ),
            models.UniqueConstraint(
                fields=["watcher"],
                condition=Q(ended_at=None, counters__isnull=False),
                name="incident_one_open_per_watch",
            ),
            models.CheckConstraint(condition=Q(raised_at__gte=F("since")), name="incident_raised_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("since")), name="incident_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.since:%Y-%m-%dT%H:%M:%SZ}"

    def affects(self, counter: int) -> bool:
        """Return whether the counter with this id is one of those that it is about."""
        return self.counters is None or counter in self.counters

    def covers(self, counter: int, at: datetime) -> bool:
        """Return whether the counter with this id was not to be judged at `at`."""
        return self.since <= at and (self.ended_at is None or at < self.ended_at) and self.affects(counter)


class IncidentDoubt(models.Model):
    """An incident_rule.Doubt of a counter. One incident may have several, as more becomes known of it.

    Rechecks judge by them.
    """

    counter = models.ForeignKey(Counter, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    at = models.DateTimeField()
    last_look_at = models.DateTimeField(null=True)
    judged_until = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(at__gte=F("since")), name="doubt_known_after_start")]
        indexes = [models.Index(fields=["counter", "at"], name="doubt_by_counter")]

    def __str__(self) -> str:
        return f"{self.counter}: {self.since:%Y-%m-%dT%H:%M:%SZ}"

    def as_rule_doubt(self) -> incident_rule.Doubt:
        """Return it for the rule."""
        return incident_rule.Doubt(self.since, self.at, self.last_look_at, self.judged_until)


class SweepMark(models.Model):
    """The incident_rule.SweepTimes of all workers, in PostgreSQL's time: one row, or none before the first sweep."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    swept_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True)
    newest_alert = models.BigIntegerField(default=0)  # its id at that time

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="sweep_mark_only_one")]

    def __str__(self) -> str:
        return f"{self.swept_at:%Y-%m-%dT%H:%M:%SZ}"
