"""Months that are signed: their state, the steps that people took, and what they signed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from discipline.reports.signing.steps import MonthState as Stage
from discipline.reports.signing.steps import SignStep
from offices.access.models import Membership
from offices.places.models import Kecamatan


class MonthReport(models.Model):
    """A kecamatan's month on its way to be signed; without a row it is a draft that nobody has touched.

    `state` is what its steps made of it; only signing/taking.py writes it, and the database refuses to lead one that
    is signed back. `reviewed` is the document that was reviewed last, so that what changed since can be told; empty
    after signing. `seen` is a fingerprint of the rows that the newest snapshot was compared with.
    """

    class State(models.TextChoices):
        DRAFT = Stage.DRAFT.value, _("Draf")
        REVIEWED = Stage.REVIEWED.value, _("Diperiksa camat")
        SIGNED = Stage.SIGNED.value, _("Ditandatangani")
        SENT = Stage.SENT.value, _("Dikirim")

    kecamatan = models.ForeignKey(Kecamatan, models.PROTECT, related_name="months")
    month = models.DateField()  # its first day
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    reviewed = models.BinaryField(default=bytes)
    seen = models.CharField(max_length=64, default="")

    class Meta:
        ordering = ["-month", "kecamatan"]
        verbose_name = verbose_name_plural = _("laporan bulanan")
        constraints = [
            models.UniqueConstraint(fields=["kecamatan", "month"], name="month_once_per_kecamatan"),
            models.CheckConstraint(condition=Q(month__day=1), name="month_by_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kecamatan} {self.month:%Y-%m}"


class MonthSnapshot(models.Model):
    """A month's numbers as they were: number 1 was signed, each later one is an amendment to the one before.

    `body` is signing.snapshot's document, byte by byte; `sha256` is its hash. Append-only: the database refuses UPDATE
    and DELETE.
    """

    report = models.ForeignKey(MonthReport, models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="snapshot_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="snapshot_numbered_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.number}"


class SigningStep(models.Model):
    """One step that somebody took. Append-only: the database refuses UPDATE and DELETE."""

    class What(models.TextChoices):
        REVIEWED = SignStep.REVIEWED.value, _("Diperiksa")
        RETURNED = SignStep.RETURNED.value, _("Dikembalikan ke draf")
        SIGNED = SignStep.SIGNED.value, _("Ditandatangani")
        SENT = SignStep.SENT.value, _("Dikirim")
        ACKNOWLEDGED = SignStep.ACKNOWLEDGED.value, _("Perubahan diketahui")

    report = models.ForeignKey(MonthReport, models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Membership.Role.choices)  # of that person at that time
    what = models.CharField(max_length=12, choices=What.choices)
    text = models.TextField(blank=True)
    # What the signature stands under; nothing is signed twice.
    snapshot = models.OneToOneField(MonthSnapshot, models.PROTECT, null=True, related_name="signature")

    class Meta:
        ordering = ["report", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["signed", "acknowledged"], snapshot__isnull=False)
                | (~Q(what__in=["signed", "acknowledged"]) & Q(snapshot=None)),
                name="step_signs_a_snapshot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.what}"
