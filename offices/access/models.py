"""The roles of users."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.places.models import Kecamatan, Kelurahan


class Membership(models.Model):
    """A user's role. Mayor, operator and inspector cover the city, a camat one kecamatan, a lurah one kelurahan."""

    class Role(models.TextChoices):
        MAYOR = "mayor", _("Wali Kota")
        OPERATOR = "operator", _("Operator Kominfo")
        CAMAT = "camat", _("Camat")
        LURAH = "lurah", _("Lurah")
        INSPECTOR = "inspector", _("Inspektorat")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("peran"), max_length=12, choices=Role.choices)
    kecamatan = models.ForeignKey(Kecamatan, models.CASCADE, null=True, blank=True, related_name="+")
    kelurahan = models.ForeignKey(Kelurahan, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("keanggotaan")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["mayor", "operator", "inspector"], kecamatan=None, kelurahan=None)
                | Q(role="camat", kecamatan__isnull=False, kelurahan=None)
                | Q(role="lurah", kecamatan=None, kelurahan__isnull=False),
                name="membership_scope_fits_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
