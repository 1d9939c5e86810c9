"""Where agencies work, and the record of changes to agencies and types of incidents."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.places.models import Agency, Kecamatan, Kelurahan


class AgencyArea(models.Model):
    """A kecamatan or kelurahan in which an agency works. An agency without any works in the whole city."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="areas")
    kecamatan = models.ForeignKey(Kecamatan, models.CASCADE, null=True, related_name="+")
    kelurahan = models.ForeignKey(Kelurahan, models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("wilayah instansi")
        constraints = [
            models.CheckConstraint(
                condition=Q(kecamatan__isnull=False, kelurahan=None) | Q(kecamatan=None, kelurahan__isnull=False),
                name="agency_area_is_one",
            ),
            models.UniqueConstraint(
                fields=["agency", "kecamatan", "kelurahan"], nulls_distinct=False, name="agency_area_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """The code of the kecamatan or kelurahan. Needs it loaded."""
        return self.kelurahan.code if self.kelurahan else self.kecamatan.code if self.kecamatan else ""

    @property
    def name(self) -> str:
        """Its name with the kind."""
        if self.kelurahan:
            return self.kelurahan.office_title
        return str(_("Kecamatan %(name)s") % {"name": self.kecamatan})


class DispatchChange(models.Model):
    """A change of an agency's duty telephone, areas or types, or of a type of incident, in words. Append-only.

    about: "agency:" or "type:" and the code.
    """

    about = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("perubahan penugasan")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="dispatch_change_says_something")]
        indexes = [models.Index(fields=["about", "-id"], name="dispatch_changes_about")]

    def __str__(self) -> str:
        return f"{self.about}: {self.text[:60]}"
