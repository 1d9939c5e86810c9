"""Signed months: their state, the steps that were taken, and the signed documents."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from discipline.reports.signing.steps import MonthState as Stage
from discipline.reports.signing.steps import SignStep
from offices.access.models import Membership
from offices.places.models import Kecamatan


class MonthReport(models.Model):
    """A kecamatan's month and how far its signature is. A month without a row is a draft without any step.

    `state` follows from the steps; only signing/taking.py writes it, and a trigger in the database refuses to take a
    signed month back. `reviewed` is the document that was reviewed last, kept to show what changed since; it is empty
    after signing. `seen` is the fingerprint of the rows that the newest snapshot was compared with.
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
    """A document of a month: number 1 is what was signed, each later one amends the one before.

    `body` is the exact bytes of snapshot.build_document, `sha256` their hash. Append-only: the database refuses UPDATE
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
    """One step that a user took. Append-only: the database refuses UPDATE and DELETE."""

    class What(models.TextChoices):
        REVIEWED = SignStep.REVIEWED.value, _("Diperiksa")
        RETURNED = SignStep.RETURNED.value, _("Dikembalikan ke draf")
        SIGNED = SignStep.SIGNED.value, _("Ditandatangani")
        SENT = SignStep.SENT.value, _("Dikirim")
        ACKNOWLEDGED = SignStep.ACKNOWLEDGED.value, _("Perubahan diketahui")

    report = models.ForeignKey(MonthReport, models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Membership.Role.choices)  # the user's at that time
    what = models.CharField(max_length=12, choices=What.choices)
    text = models.TextField(blank=True)
    # The document that was signed or acknowledged; each at most once.
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
