"""Who owns which item of the queue, and about which the room was reminded."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class QueueClaim(models.Model):
    """An item of the queue that somebody has taken, by its key. Incidents have an owner of their own instead."""

    key = models.CharField(max_length=40, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("butir antrean yang diambil")
        indexes = [models.Index(fields=["at"], name="queue_claim_at")]

    def __str__(self) -> str:
        return f"{self.key}: {self.by}"


class QueueReminder(models.Model):
    """A notice to the room about an item, by its key, that nobody had taken in time."""

    key = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("pengingat antrean")
        indexes = [models.Index(fields=["at"], name="queue_reminder_at")]

    def __str__(self) -> str:
        return self.key
