"""The city's places: kecamatan, kelurahan, and the counters of their offices."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kecamatan(models.Model):
    """A district, headed by a camat. Coordinates are in degrees."""

    code = models.CharField(_("kode"), max_length=8, unique=True)  # Kemendagri, 16.71.01
    name = models.CharField(_("nama"), max_length=60)
    latitude = models.FloatField(_("lintang"))
    longitude = models.FloatField(_("bujur"))

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = _("kecamatan")

    def __str__(self) -> str:
        return self.name


class Kelurahan(models.Model):
    """An urban village, headed by a lurah, with its one office. Coordinates are in degrees."""

    code = models.CharField(_("kode"), max_length=13, unique=True)  # not contiguous: never generate one
    kecamatan = models.ForeignKey(Kecamatan, models.PROTECT, related_name="kelurahan")
    name = models.CharField(_("nama"), max_length=60)
    # The 2025 decree's spelling ("Tiga-puluh-lima Ilir"), so that search finds both.
    official_name = models.CharField(_("nama menurut Kepmendagri"), max_length=60)
    # The area's centroid until an administrator enters the office's position.
    latitude = models.FloatField(_("lintang"))
    longitude = models.FloatField(_("bujur"))

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = _("kelurahan")

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    """A service counter (loket), which is staffed or not. `quorum`: the number of staff it needs."""

    kelurahan = models.ForeignKey(Kelurahan, models.CASCADE, related_name="counters")
    name = models.CharField(_("nama"), max_length=60)
    quorum = models.PositiveSmallIntegerField(_("jumlah petugas minimal"), default=1)
    active = models.BooleanField(_("dipantau"), default=True)

    class Meta:
        ordering = ["kelurahan", "name"]
        verbose_name = verbose_name_plural = _("loket")
        constraints = [
            models.UniqueConstraint(fields=["kelurahan", "name"], name="counter_named_once_per_office"),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="counter_needs_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.kelurahan}"
