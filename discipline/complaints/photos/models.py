"""Photos of residents' reports."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from discipline.complaints.models import Complaint

if TYPE_CHECKING:  # generic in its stubs only
    Manager = models.Manager["ComplaintPhoto"]
else:
    Manager = models.Manager


class PhotoManager(Manager):
    """The default manager: pictures are loaded only where they are asked for."""

    def get_queryset(self) -> "models.QuerySet[ComplaintPhoto]":
        """Leave the pictures out."""
        return super().get_queryset().defer("jpeg", "hidden")


class ComplaintPhoto(models.Model):
    """A photo of a report, or of one that is still being written.

    - key: that of the form, by which the photo finds its report.
    - jpeg: encoded anew, without metadata; only who handles the report sees it.
    - hidden: with heads hidden; None until the worker has made it, which tries again at again_at.
    - public: whether somebody has looked at `hidden` and lets the public see it.
    """

    key = models.UUIDField(unique=True)
    complaint = models.ForeignKey(Complaint, models.CASCADE, null=True, related_name="photos")
    jpeg = models.BinaryField(editable=False)
    hidden = models.BinaryField(null=True, editable=False)
    public = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField()

    objects = PhotoManager()

    class Meta:
        verbose_name = verbose_name_plural = _("foto laporan warga")
        constraints = [
            models.CheckConstraint(
                condition=Q(public=False) | Q(hidden__isnull=False, complaint__isnull=False),
                name="complaint_photo_public_when_hidden",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}"
