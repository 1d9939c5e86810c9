"""The daily reports of the room."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DailyReport(models.Model):
    """The report about [since, until), made once. Append-only. pdf: the file; sha256: its hash in hex."""

    since = models.DateTimeField(unique=True)
    until = models.DateTimeField()
    made_at = models.DateTimeField()
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-since"]
        verbose_name = verbose_name_plural = _("laporan harian ruang kendali")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("since"), made_at__gte=F("until")), name="daily_report_in_order"
            ),
            models.CheckConstraint(condition=~Q(sha256=""), name="daily_report_has_a_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}"
