"""Copies of stored pictures that were requested, and the heads in each of them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from offices.places.models import Counter
from streams.evidence.models import REASON, Evidence


class FootageCopy(models.Model):
    """A request for the pictures of a counter between two moments; deleted after requests.KEPT.

    What stays is in the logs: of openings, with the reason, and of files. Only its maker may open it.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    counter = models.ForeignKey(Counter, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(since__lt=F("until")), name="footage_copy_ends_after_start"),
            models.CheckConstraint(condition=Q(reason__regex=REASON), name="footage_copy_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.counter}: {self.reason}"


class FootagePicture(models.Model):
    """One picture of a copy. `marks` is what marks_rule.dump returns, None until the worker has found the heads.

    `chosen` are the applicant's numbers in it; empty, once `decided`, where the applicant is not in the picture.
    """

    copy = models.ForeignKey(FootageCopy, models.CASCADE, related_name="pictures")
    original = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    marks = models.JSONField(null=True)
    chosen = ArrayField(models.PositiveSmallIntegerField(), default=list)
    decided = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField()

    class Meta:
        ordering = ["original__at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["copy", "original"], name="footage_picture_once_per_copy"),
            models.CheckConstraint(
                condition=Q(decided=False) | Q(marks__isnull=False), name="footage_decided_on_marks"
            ),
        ]
        indexes = [models.Index(fields=["again_at"], condition=Q(marks__isnull=True), name="footage_picture_waiting")]

    def __str__(self) -> str:
        return f"{self.copy}: {self.original}"
