"""Times of which nothing is believed."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.staffing import incident_rule


class IncidentRule(models.Model):
    """The numbers of incident_rule.IncidentThresholds for the whole city: one row, or none for the defaults.

    In the database, because every watch and every worker on every machine must judge by the same ones.
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
        values = cls.objects.values(*incident_rule.IncidentThresholds.__dataclass_fields__).first()
        return incident_rule.IncidentThresholds(**values) if values else incident_rule.IncidentThresholds()


class SystemIncident(models.Model):
    """A time of which nothing is believed, because it may be us. At most one is open; it ends by itself.

    It holds from `since` until before `ended_at`. Flips in it are UNKNOWN, and nobody is accused.
    """

    class Kind(models.TextChoices):  # from the vaguest to the most telling
        FLEET_BLIND = "fleet_blind", _("Banyak kamera gelap serentak")
        NO_WATCH = "no_watch", _("Tidak ada proses pemantau")
        WATCH_STALLED = "watch_stalled", _("Pemantau terhenti")
        CLOCK_JUMPED = "clock_jumped", _("Jam komputer salah")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    since = models.DateTimeField()
    raised_at = models.DateTimeField()  # when it was last told of: sight counts again only after it
    calm_since = models.DateTimeField(null=True)  # enough see again, or nothing is left to wait for
    ended_at = models.DateTimeField(null=True, db_index=True)
    blind = models.PositiveIntegerField(default=0)  # cameras, at the worst
    total = models.PositiveIntegerField(default=0)
    watcher = models.CharField(max_length=120, blank=True)  # who stood still, whose clock is wrong
    off_s = models.FloatField(default=0)  # for how long it stood still, by how much its clock is wrong
    told_at = models.DateTimeField(null=True)  # outbox: set in the transaction that queues its messages

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
        return self.since <= at and (self.ended_at is None or at < self.ended_at)
