"""Checks of the evidence chains that a person has asked for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ChainCheck(models.Model):
    """One check, from the request to its result. Only checks.py writes it.

    `places` has a dict for each place that was checked so far: code, name, rows, files, faults (of
    verify.EvidenceFault). `head_faults` are English sentences of comparing.HeadsReport.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu giliran")
        WORKING = "working", _("Sedang diperiksa")
        DONE = "done", _("Selesai")
        FAILED = "failed", _("Terhenti")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField()  # progress was stored last
    ended_at = models.DateTimeField(null=True)
    to_check = models.PositiveIntegerField(default=0)  # places
    places = models.JSONField(default=list)
    heads = models.PositiveIntegerField(default=0)
    head_faults = models.JSONField(default=list)

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("pemeriksaan rantai bukti")
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(state__in=["waiting", "working"]), name="chain_check_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M} {self.state}"

    @property
    def under_way(self) -> bool:
        """Whether it waits or is being made."""
        return self.state in (self.State.WAITING, self.State.WORKING)

    @property
    def rows(self) -> int:
        """Rows of evidence that were checked."""
        return sum(place["rows"] for place in self.places)

    @property
    def files(self) -> int:
        """Files that were checked."""
        return sum(place["files"] for place in self.places)

    @property
    def fault_count(self) -> int:
        """Faults that were found."""
        return sum(len(place["faults"]) for place in self.places) + len(self.head_faults)
