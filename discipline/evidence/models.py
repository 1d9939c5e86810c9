"""Retention times of evidence, its disk usage, and legal holds."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.alerts.models import Alert
from offices.places.models import Kelurahan
from streams.evidence.models import REASON, gives_reason


class Retention(models.Model):
    """Retention times and disk quota of evidence. Each change is a new row, and the newest applies."""

    still_days = models.PositiveSmallIntegerField(
        _("bukti disimpan (hari)"), default=30, validators=[MinValueValidator(1)]
    )
    case_days = models.PositiveSmallIntegerField(
        _("bukti perkara disimpan (hari)"), default=90, validators=[MinValueValidator(1)]
    )
    quota_gb = models.PositiveIntegerField(_("kuota (GB)"), default=200, validators=[MinValueValidator(1)])
    warn_percent = models.PositiveSmallIntegerField(
        _("peringatan pada (%)"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    since = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("masa simpan")
        constraints = [
            models.CheckConstraint(
                condition=Q(still_days__gte=1, case_days__gte=F("still_days"), quota_gb__gte=1)
                & Q(warn_percent__gte=1, warn_percent__lte=100),
                name="retention_makes_sense",
                violation_error_message=_("Bukti perkara tidak boleh disimpan lebih singkat daripada bukti lain."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.still_days}/{self.case_days}, {self.quota_gb} GB"


class Storage(models.Model):
    """The disk usage of evidence, as last measured. One row."""

    used_bytes = models.PositiveBigIntegerField()
    held_bytes = models.PositiveBigIntegerField()  # part of used_bytes that is under a legal hold
    measured_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.used_bytes} B"


class LegalHold(models.Model):
    """Exempts evidence from destruction while it lasts: that of one indication, or of an office on a range of days."""

    alert = models.ForeignKey(Alert, models.PROTECT, null=True, related_name="holds")
    kelurahan = models.ForeignKey(Kelurahan, models.PROTECT, null=True, related_name="holds")
    first_day = models.DateField(_("dari tanggal"), null=True)
    last_day = models.DateField(_("sampai tanggal"), null=True)
    reason = models.CharField(_("alasan"), max_length=500, validators=[gives_reason])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = verbose_name_plural = _("penguncian bukti")
        constraints = [
            models.CheckConstraint(
                condition=Q(alert__isnull=False, kelurahan=None, first_day=None, last_day=None)
                | Q(alert=None, kelurahan__isnull=False, first_day__lte=F("last_day")),
                name="hold_is_of_an_alert_or_of_an_office",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | Q(ended_at__gte=F("since"), ended_by__isnull=False, end_reason__regex=REASON),
                name="hold_ends_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(reason__regex=REASON), name="hold_says_why"),
            models.UniqueConstraint(fields=["alert"], condition=Q(ended_at=None), name="hold_once_per_alert"),
        ]

    def __str__(self) -> str:
        if self.alert:
            return str(self.alert)
        return f"{self.kelurahan}, {self.first_day:%d-%m-%Y} – {self.last_day:%d-%m-%Y}"
