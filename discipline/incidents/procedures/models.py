"""Versions of procedures, and their lines that were ticked."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.incidents.models import Incident, IncidentType
from discipline.incidents.procedures.lines_rule import LONGEST_PROCEDURE, lines_of


class Procedure(models.Model):
    """What is to be done about incidents of a type that are opened from a moment on. Append-only.

    - since: not before it was written, so that no incident's procedure changes afterwards.
    - text: one line for each thing to do.
    - by: None for the usual ones, with which Sidak begins. A migration fills the table, so users are not referenced in
      the database: tests empty them and leave this table alone.
    """

    kind = models.ForeignKey(IncidentType, models.PROTECT, related_name="procedures")
    since = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("langkah"), max_length=LONGEST_PROCEDURE)

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = verbose_name_plural = _("prosedur kejadian")
        constraints = [
            models.CheckConstraint(condition=Q(since__gte=F("written_at")), name="procedure_never_changes_the_past"),
            models.CheckConstraint(condition=~Q(text=""), name="procedure_says_something"),
        ]
        indexes = [models.Index(fields=["kind", "-since"], name="procedure_in_force")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.since:%Y-%m-%d}"

    @property
    def lines(self) -> list[str]:
        """Its lines, in their order."""
        return lines_of(self.text)


class ProcedureTick(models.Model):
    """A line of a procedure that somebody says was done for an incident. Append-only. line: from 0."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="procedure_ticks")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="ticks")
    line = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("langkah prosedur yang dicentang")
        constraints = [
            models.UniqueConstraint(fields=["incident", "procedure", "line"], name="procedure_line_ticked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.line}"
