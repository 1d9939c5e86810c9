"""Calls that operators took in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode, choices
from discipline.core.fields import CODE_LENGTH, CodeField
from discipline.incidents.models import Incident


class CallVia(LabelledCode):
    """On which telephone a call came."""

    EMERGENCY = "112", "112"
    TELEPHONE = "telephone", _("Telepon")


class CallOutcome(LabelledCode):
    """What a call was."""

    INCIDENT = "incident", _("Kejadian")
    PRANK = "prank", _("Iseng")
    SILENT = "silent", _("Tanpa suara")
    MISTAKE = "mistake", _("Salah catat")


class IncomingCall(models.Model):
    """A call that an operator took in. Append-only.

    - via: "" for a prank or silence that was recorded by one key.
    - incident: what the call was about; other calls may be about the same.
    - text: the caller's words. Who called is not stored.
    - corrects: a prank or silence that was recorded by mistake, and does not count.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    via = CodeField(max_length=CODE_LENGTH, choices=choices(CallVia), blank=True)
    outcome = CodeField(max_length=CODE_LENGTH, choices=choices(CallOutcome))
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="calls")
    text = models.TextField(blank=True, max_length=4000)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = _("panggilan masuk")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=CallOutcome.INCIDENT.value, incident__isnull=False)
                | (~Q(outcome=CallOutcome.INCIDENT.value) & Q(incident=None)),
                name="call_about_an_incident",
            ),
            models.CheckConstraint(
                condition=Q(outcome=CallOutcome.MISTAKE.value, corrects__isnull=False)
                | (~Q(outcome=CallOutcome.MISTAKE.value) & Q(corrects=None)),
                name="call_mistake_corrects_another",
            ),
            models.CheckConstraint(condition=Q(corrects=None) | ~Q(corrects=F("pk")), name="call_not_of_itself"),
        ]
        indexes = [models.Index(fields=["-at"], name="call_newest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_outcome_display()}"
