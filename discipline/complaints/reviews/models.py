"""Indications that reports confirm, and what cameras missed. Append-only.

Both hold while the outcome of the report is still the one under which they were written.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from discipline.alerts.models import Alert
from discipline.complaints.models import Complaint
from discipline.complaints.seen_rule import SeenOutcome
from offices.places.models import Counter


class ConfirmationQuerySet(models.QuerySet["AlertConfirmation"]):
    """Queries of confirmations."""

    def standing(self) -> "ConfirmationQuerySet":
        """Leave out those of reports that were found later to say something else."""
        return self.filter(complaint__outcome=SeenOutcome.CONFIRMED.value).select_related("complaint")


class AlertConfirmation(models.Model):
    """A person found that a resident's report says the same as an indication. It decides nothing about it."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="confirmations")
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="confirmations")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("laporan warga yang menguatkan indikasi")
        constraints = [models.UniqueConstraint(fields=["complaint", "alert"], name="alert_confirmed_once_by_a_report")]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.alert_id}"


class MistakeQuerySet(models.QuerySet["CameraMistake"]):
    """Queries of mistakes."""

    def standing(self) -> "MistakeQuerySet":
        """Leave out those of reports that were found later to say something else."""
        return self.filter(complaint__outcome=SeenOutcome.CAMERA_WRONG.value).select_related("counter")


class CameraMistake(models.Model):
    """A person found that a counter was empty at a moment at which its camera saw staff.

    `evaluate --reviews` measures the detector on what was recorded then. The record of the office stays as it is.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="mistakes")
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = MistakeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("kekeliruan kamera")
        constraints = [models.UniqueConstraint(fields=["complaint", "counter"], name="camera_wrong_once_for_a_report")]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.counter_id}"
