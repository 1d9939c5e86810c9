"""The daily reports of the room, and for how long their papers are kept."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

USUAL_DAYS = 365
FEWEST_DAYS, MOST_DAYS = 30, 1825  # the database refuses to erase a paper sooner


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


class DailyRetention(models.Model):
    """From a day on, the papers of daily reports are kept for so many days. Append-only.

    The row with the latest `since` that has come holds, of two of one day the newer; without one, USUAL_DAYS.
    """

    days = models.PositiveSmallIntegerField(
        _("disimpan (hari)"), validators=[MinValueValidator(FEWEST_DAYS), MaxValueValidator(MOST_DAYS)]
    )
    since = models.DateField(_("berlaku sejak"))
    basis = models.CharField(_("dasar"), max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = verbose_name_plural = _("masa simpan laporan harian ruang kendali")
        constraints = [
            models.CheckConstraint(condition=Q(days__range=(FEWEST_DAYS, MOST_DAYS)), name="daily_retention_bounded"),
            models.CheckConstraint(condition=~Q(basis=""), name="daily_retention_has_a_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.days}, {self.since}"
