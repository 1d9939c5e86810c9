"""System incidents and their thresholds."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.staffing import incident_rule


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
    """A suspected failure of Sidak itself. At most one is open, and it ends by itself.

    It covers [since, ended_at). During it counters are UNKNOWN, and no indications are raised.
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
    off_s = models.FloatField(default=0)  # seconds that it stalled, or that its clock is off
    # Outbox: set in the transaction that queues its notices.
    notices_queued_at = models.DateTimeField(_("pemberitahuan diantrekan pada"), null=True, db_column="told_at")

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("gangguan sistem")
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"], condition=Q(ended_at=None), nulls_distinct=False, name="incident_one_open"
            ),
            models.CheckConstraint(condition=Q(raised_at__gte=F("since")), name="incident_raised_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("since")), name="incident_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.since:%Y-%m-%dT%H:%M:%SZ}"

    def covers(self, at: datetime) -> bool:
        """Return whether `at` lies in the incident."""
        return self.since <= at and (self.ended_at is None or at < self.ended_at)
