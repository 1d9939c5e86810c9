"""Where cameras stand: the offices of kelurahan and kecamatan, street points and the agencies that run them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Begins with a letter: a folder of evidence is named by it, and must not be mistaken for an office's (16.71.01.1001).
POINT_CODE = r"^[A-Z][A-Z0-9-]{1,18}[A-Z0-9]$"
OFFICE_KEY = "kantor-"  # and the code of a kecamatan, which alone stands for all its kelurahan
Row = TypeVar("Row", bound=models.Model)
TELEPHONE = RegexValidator(
    r"^(\+|0)[0-9](?:[ ().-]{0,2}[0-9]){6,14}$",
    _("Nomor dengan kode wilayah, misalnya 0711-352282 atau +62 811-711-352."),
)
LATITUDE = [MinValueValidator(-90), MaxValueValidator(90)]
LONGITUDE = [MinValueValidator(-180), MaxValueValidator(180)]


class AreaQuerySet(models.QuerySet[Any]):
    """The default queryset of areas."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Create the areas and the place of each one's office."""
        with transaction.atomic():
            made = super().bulk_create(objs, *args, **kwargs)
            Place.objects.bulk_create(one.make_office() for one in made)
        return made


class Area(models.Model):
    """Base class for a part of the city whose office is a place, which is created with it."""

    objects = AreaQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the area, and a new one's place with it."""
        adding = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if adding:
                self.make_office().save()

    def make_office(self) -> "Place":
        """Return the place of its office, unsaved."""
        raise NotImplementedError


class Kecamatan(Area):
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

    def make_office(self) -> "Place":
        """Return the place of the kecamatan office, unsaved."""
        return Place(kind=Place.Kind.KECAMATAN, kecamatan=self)


class Kelurahan(Area):
    """An urban village, headed by a lurah, with its one office. Coordinates are in degrees."""

    code = models.CharField(_("kode"), max_length=13, unique=True)  # not contiguous: never generate one
    kecamatan = models.ForeignKey(Kecamatan, models.PROTECT, related_name="kelurahan")
    name = models.CharField(_("nama"), max_length=60)
    # The 2025 decree's spelling ("Tiga-puluh-lima Ilir"), so that search finds both.
    official_name = models.CharField(_("nama menurut Kepmendagri"), max_length=60)
    # The area's centroid until an administrator enters the office's position.
    latitude = models.FloatField(_("lintang"))
    longitude = models.FloatField(_("bujur"))
    address = models.CharField(_("alamat"), max_length=200, blank=True, default="", db_default="")
    phone = models.CharField(_("telepon"), max_length=24, blank=True, default="", db_default="", validators=[TELEPHONE])
    whatsapp = models.CharField(
        _("nomor WhatsApp"), max_length=24, blank=True, default="", db_default="", validators=[TELEPHONE]
    )

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = _("kelurahan")

    def __str__(self) -> str:
        return self.name

    @property
    def area(self) -> Kecamatan:
        """The kecamatan that its office lies in, as of each Office."""
        return self.kecamatan

    @property
    def office_id(self) -> int:
        """The number of its office among all offices: its own id. See Place.office_id."""
        return self.pk

    @property
    def office_key(self) -> str:
        """The key of its office in addresses of hours and reports: its code."""
        return self.code

    @property
    def office_title(self) -> str:
        """Its name with the kind, as in messages: "Kelurahan 35 Ilir"."""
        return gettext("Kelurahan %(name)s") % {"name": self.name}

    def make_office(self) -> "Place":
        """Return the place of the kelurahan office, unsaved."""
        return Place(kind=Place.Kind.KELURAHAN, kelurahan=self)


class Agency(models.Model):
    """An organisation of the city (OPD) that runs street points."""

    code = models.SlugField(_("kode"), max_length=20, unique=True)
    name = models.CharField(_("nama"), max_length=120, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("instansi")

    def __str__(self) -> str:
        return self.name


class PlaceQuerySet(models.QuerySet["Place"]):
    """The default queryset of places."""

    def loaded(self) -> "PlaceQuerySet":
        """Load with each place all that its code, name, district and position are taken from."""
        return self.select_related("kelurahan__kecamatan", "kecamatan", "agency")


class Place(models.Model):
    """Where cameras stand: a kelurahan office, a kecamatan office, or a point of the city that an agency runs.

    A kecamatan office is an Office: pages take it where they take a Kelurahan for a kelurahan office.

    An office takes its code and name from its kelurahan or kecamatan; a point has its own. The pin of a kelurahan
    office is the kelurahan's; that of a kecamatan office is here once an administrator has set it. The database
    refuses to change the kind or the kelurahan or kecamatan of a place.
    """

    class Kind(models.TextChoices):
        """Whose office it is, or that it is a point."""

        KELURAHAN = "kelurahan", _("Kantor kelurahan")
        KECAMATAN = "kecamatan", _("Kantor kecamatan")
        POINT = "point", _("Titik")

    kind = models.CharField(_("jenis"), max_length=12, choices=Kind.choices)
    kelurahan = models.OneToOneField(Kelurahan, models.CASCADE, null=True, blank=True, related_name="place")
    kecamatan = models.OneToOneField(Kecamatan, models.CASCADE, null=True, blank=True, related_name="place")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="points", verbose_name=_("instansi pengelola")
    )
    point_code = models.CharField(
        _("kode titik"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(POINT_CODE, _("Huruf besar, angka dan tanda hubung; huruf di depan."))],
    )
    point_name = models.CharField(_("nama titik"), max_length=80, blank=True)
    latitude = models.FloatField(_("lintang"), null=True, blank=True, validators=LATITUDE)
    longitude = models.FloatField(_("bujur"), null=True, blank=True, validators=LONGITUDE)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["kelurahan__code", "kecamatan__code", "point_code"]
        verbose_name = verbose_name_plural = _("tempat")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="kelurahan", kelurahan__isnull=False, kecamatan=None, agency=None)
                & Q(point_code="", point_name="", latitude=None, longitude=None)
                | Q(kind="kecamatan", kelurahan=None, kecamatan__isnull=False, agency=None)
                & Q(point_code="", point_name="")
                & (Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False))
                | Q(kind="point", kelurahan=None, kecamatan=None, agency__isnull=False, point_code__regex=POINT_CODE)
                & Q(latitude__isnull=False, longitude__isnull=False)
                & Q(latitude__range=(-90, 90), longitude__range=(-180, 180))
                & ~Q(point_name=""),
                name="place_has_what_its_kind_needs",
            ),
            models.UniqueConstraint(fields=["point_code"], condition=~Q(point_code=""), name="point_code_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def code_at(path: str = "") -> Coalesce:
        """Return an expression for the code of the place at `path`: "" on Place itself, "place" on a camera."""
        to = f"{path}__" if path else ""
        own = NullIf(f"{to}point_code", Value(""))
        return Coalesce(f"{to}kelurahan__code", f"{to}kecamatan__code", own)

    @property
    def code(self) -> str:
        """The kelurahan's or kecamatan's code, or the point's own."""
        if self.kelurahan:
            return self.kelurahan.code
        return self.kecamatan.code if self.kecamatan else self.point_code

    @property
    def name(self) -> str:
        """The name of the kelurahan, kecamatan office or point: a proper name, the same in every language."""
        if self.kelurahan:
            return self.kelurahan.name
        return f"Kantor Camat {self.kecamatan}" if self.kecamatan else self.point_name

    official_name = address = phone = whatsapp = ""  # which only kelurahan offices have

    @property
    def area(self) -> Kecamatan:
        """The kecamatan of an office."""
        assert self.district  # a point is no office
        return self.district

    @property
    def office(self) -> "Kelurahan | Place":
        """The office at this place: a Kelurahan, or the place itself for a kecamatan office."""
        return self.kelurahan or self

    @property
    def office_id(self) -> int:
        """The number of the office among all offices: the kelurahan's id, or minus the kecamatan's."""
        if self.kelurahan_id is not None:
            return self.kelurahan_id
        assert self.kecamatan_id is not None  # a point is no office
        return -self.kecamatan_id

    @property
    def office_key(self) -> str:
        """The key of the office in addresses of hours and reports."""
        return self.code if self.kelurahan_id else f"{OFFICE_KEY}{self.code}"

    @property
    def office_title(self) -> str:
        """The name with the kind, as in messages."""
        return self.kelurahan.office_title if self.kelurahan else self.name

    @property
    def district(self) -> Kecamatan | None:
        """The kecamatan that the office belongs to; None of a point."""
        return self.kelurahan.kecamatan if self.kelurahan else self.kecamatan

    @property
    def position(self) -> tuple[float, float]:
        """Latitude and longitude in degrees; of an office without its own pin, the middle of its area."""
        if self.latitude is not None and self.longitude is not None:
            return self.latitude, self.longitude
        area = self.kelurahan or self.kecamatan
        assert area  # a point has its own
        return area.latitude, area.longitude


class PlacedQuerySet(models.QuerySet[Row]):
    """The default queryset of what is at a place."""

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        """Create the rows, each with its place and kelurahan filled in."""
        rows = list(objs)
        fill_places(rows)
        return super().bulk_create(rows, *args, **kwargs)


class Placed(models.Model):
    """Base class for what is at a place. `kelurahan` is the place's, None elsewhere; the database refuses any other.

    Given one of the two, saving fills in the other. A kelurahan that is set decides: to move a row to a place of
    another kind, set `kelurahan` to None.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row with its place and kelurahan filled in."""
        fields: Collection[str] | None = kwargs.get("update_fields")
        if fields is None or {"kelurahan", "place"} & set(fields):
            fill_places([self])
        super().save(*args, **kwargs)


def fill_places(rows: Sequence[Any]) -> None:
    """Set the place of each row that has a kelurahan, and the kelurahan of the others by their place. One query.

    Raises Place.DoesNotExist for a kelurahan without a place.
    """
    wanted = {row.kelurahan_id for row in rows if row.kelurahan_id is not None}
    places = dict(Place.objects.filter(kelurahan__in=wanted).values_list("kelurahan", "pk")) if wanted else {}
    if missing := wanted - places.keys():
        raise Place.DoesNotExist(f"no place of kelurahan {sorted(missing)}")
    for row in rows:
        if row.kelurahan_id is not None:
            row.place_id = places[row.kelurahan_id]
        elif row.place_id is not None:
            row.kelurahan_id = row.place.kelurahan_id
