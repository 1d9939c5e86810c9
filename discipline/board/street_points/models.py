"""The scenes of the wall: stored choices for floods, traffic, events and nights."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class WallScene(models.Model):
    """What a wall shows at ?adegan=<code>. kecamatan, offices and points hold codes, purposes those of Purpose.

    A point is shown when it is named or has one of the purposes; offices only when some are named.
    """

    code = models.SlugField(_("kode"), max_length=20, unique=True)
    name = models.CharField(_("nama"), max_length=40)
    purposes = ArrayField(models.CharField(max_length=20), verbose_name=_("keperluan"), default=list, blank=True)
    points = ArrayField(models.CharField(max_length=20), verbose_name=_("titik"), default=list, blank=True)
    kecamatan = ArrayField(models.CharField(max_length=20), verbose_name=_("kecamatan"), default=list, blank=True)
    offices = ArrayField(models.CharField(max_length=20), verbose_name=_("kantor"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = verbose_name_plural = _("adegan layar pantau")

    def __str__(self) -> str:
        return self.name

    @property
    def chooses_offices(self) -> bool:
        """Whether any offices are named; without, the wall shows none."""
        return bool(self.offices or self.kecamatan)

    @property
    def chooses_points(self) -> bool:
        """Whether points or purposes are named; without, the wall shows no point."""
        return bool(self.points or self.purposes)
