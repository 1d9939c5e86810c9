"""The daily reports of the room, and for how long their papers are kept."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.incidents.dated_retention.models import DatedRetention, retention_constraints


class DailyReport(models.Model):
    """The report about [since, until), made once. Append-only, but for its paper, which holds names.

    pdf: the file, empty once it was erased at `erased_at`; sha256: its hash in hex, which stays.
    """

    since = models.DateTimeField(unique=True)
    until = models.DateTimeField()
    made_at = models.DateTimeField()
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-since"]
        verbose_name = verbose_name_plural = _("laporan harian ruang kendali")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("since"), made_at__gte=F("until")), name="daily_report_in_order"
            ),
            models.CheckConstraint(condition=~Q(sha256=""), name="daily_report_has_a_hash"),
            models.CheckConstraint(
                condition=(Q(erased_at=None) & ~Q(pdf=b"")) | Q(erased_at__isnull=False, pdf=b""),
                name="daily_report_has_a_paper_until_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}"


class DailyRetention(DatedRetention):
    """For how long the papers of daily reports are kept."""

    usual_days = 365

    class Meta(DatedRetention.Meta):
        verbose_name = verbose_name_plural = _("masa simpan laporan harian ruang kendali")
        constraints = retention_constraints("daily_retention")
