"""What each street point is for, and on what legal basis its cameras stand there."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.places.models import Agency, Place


class Purpose(models.TextChoices):
    """What a point is watched for; a point may have several."""

    TRAFFIC = "traffic", _("Lalu lintas")
    FLOOD = "flood", _("Banjir")
    RUBBISH = "rubbish", _("Sampah")
    SECURITY = "security", _("Keamanan")


class RetentionClass(models.TextChoices):
    """How long recordings are kept; the days of each class are dated rows of the recording."""

    STREET = "street", _("Jalan")
    HOTSPOT = "hotspot", _("Titik rawan")


class Point(models.Model):
    """The details of one street point. The database refuses one of an office.

    `direction` is where its camera looks, in degrees clockwise from north. The point was proposed by an agency, by an
    office, or by nobody on record.
    """

    place = models.OneToOneField(
        Place,
        models.CASCADE,
        primary_key=True,
        limit_choices_to=Q(kind=Place.Kind.POINT),
        related_name="point",
        verbose_name=_("tempat"),
    )
    direction = models.PositiveSmallIntegerField(
        _("arah pandang (derajat)"), null=True, blank=True, validators=[MaxValueValidator(359)]
    )
    purposes = ArrayField(models.CharField(max_length=12, choices=Purpose.choices), verbose_name=_("keperluan"))
    proposed_by_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("instansi pengusul")
    )
    proposed_by_office = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kantor pengusul")
    )
    retention = models.CharField(
        _("kelas penyimpanan rekaman"),
        max_length=12,
        choices=RetentionClass.choices,
        default=RetentionClass.STREET,
    )
    has_sign = models.BooleanField(_("rambu CCTV terpasang"), default=False)

    class Meta:
        ordering = ["place__point_code"]
        verbose_name = verbose_name_plural = _("titik")
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__isnull=True) | Q(direction__lt=360), name="point_direction_in_degrees"
            ),
            models.CheckConstraint(
                condition=Q(purposes__len__gt=0) & Q(purposes__contained_by=Purpose.values),
                name="point_has_known_purposes",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by_agency=None) | Q(proposed_by_office=None), name="point_proposed_by_one"
            ),
            models.CheckConstraint(condition=Q(retention__in=RetentionClass.values), name="point_retention_known"),
        ]

    def __str__(self) -> str:
        return str(self.place)

    def basis_on(self, day: date) -> "PointBasis | None":
        """Return the legal basis in force on a local day, None before the first. One query unless prefetched."""
        return next((one for one in self.bases.all() if one.since <= day), None)  # newest first


class PointBasis(models.Model):
    """The legal basis of a point from a day on, its controller and whom the public may ask (UU 27/2022 Pasal 17, 18).

    The row with the latest `since` that has come holds. Rows are added, not changed.
    """

    point = models.ForeignKey(Point, models.CASCADE, related_name="bases")
    since = models.DateField(_("berlaku sejak"))
    basis = models.CharField(_("dasar hukum"), max_length=300)
    controller = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("pengendali data pribadi"))
    contact = models.CharField(_("narahubung"), max_length=200)

    class Meta:
        ordering = ["point", "-since"]
        verbose_name = verbose_name_plural = _("dasar hukum titik")
        constraints = [
            models.UniqueConstraint(fields=["point", "since"], name="point_basis_once_a_day"),
            models.CheckConstraint(condition=~Q(basis="") & ~Q(contact=""), name="point_basis_is_complete"),
        ]

    def __str__(self) -> str:
        return f"{self.point}: {self.basis}"
