"""The subjects of reports: the city, a kecamatan, an office or a counter, by the key in an address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from offices.access.gate import Scope, User, kecamatan_offices, scope_of, within, within_offices
from offices.places.locations.models import OFFICE_KEY
from offices.places.models import Counter, Kecamatan, Kelurahan, Office

CITY_KEY = "kota"
COUNTER_KEY = "loket-"


class Level(StrEnum):
    """The levels, widest first; the values are used in addresses and templates.

    A KECAMATAN_OFFICE is no part of its kecamatan: the reports of kecamatan and city list these offices apart.
    """

    CITY = "kota"
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    COUNTER = "loket"
    KECAMATAN_OFFICE = "kantor-camat"


LEVELS = (Level.CITY, Level.KECAMATAN, Level.KELURAHAN, Level.COUNTER)


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """The subject of a report. `row` is a Kecamatan, Kelurahan, Counter or Place (KECAMATAN_OFFICE), None for the city.

    A Kelurahan and a Place have `kecamatan` loaded, a Counter its office with it.
    """

    level: Level
    row: Any = None  # Any: `level` decides the class, which no type checker can follow

    @property
    def key(self) -> str:
        """The key in addresses: kota, a code, kantor- and a code, or loket- and an id; place_for() reads it."""
        if self.level is Level.CITY:
            return CITY_KEY
        if self.level is Level.KECAMATAN_OFFICE:
            return str(self.row.office_key)
        return f"{COUNTER_KEY}{self.row.pk}" if self.level is Level.COUNTER else self.row.code

    @property
    def name(self) -> str:
        """The name without the level: "Ilir Barat I"."""
        return self.row.name if self.row else _("Kota Palembang")

    @property
    def title(self) -> str:
        """The name with the level, as in a letterhead: "Kecamatan Ilir Barat I"."""
        if self.level is Level.KECAMATAN:
            return _("Kecamatan %(name)s") % {"name": self.name}
        if self.level is Level.KELURAHAN:
            return _("Kelurahan %(name)s") % {"name": self.name}
        if self.level is Level.COUNTER:
            return f"{self.name}, {self.row.office.office_title}"
        return self.name

    @property
    def office(self) -> int | None:
        """The id of the kelurahan office that this is, or is a counter of; None for other places."""
        if self.level is Level.COUNTER:
            return self.row.kelurahan_id and int(self.row.kelurahan_id)
        return int(self.row.pk) if self.level is Level.KELURAHAN else None

    @property
    def above(self) -> OrgUnit | None:
        """The place that this one is a part of; None for the city."""
        if self.level is Level.COUNTER:
            return self.of_office(self.row.office)
        if self.level in (Level.KELURAHAN, Level.KECAMATAN_OFFICE):
            return OrgUnit(Level.KECAMATAN, self.row.kecamatan)
        return OrgUnit(Level.CITY) if self.level is Level.KECAMATAN else None

    @classmethod
    def of_office(cls, office: Office) -> OrgUnit:
        """Return the unit of a kelurahan or kecamatan office."""
        return cls(Level.KELURAHAN if isinstance(office, Kelurahan) else Level.KECAMATAN_OFFICE, office)

    @property
    def of_kecamatan_office(self) -> bool:
        """Whether this is a kecamatan office or a counter of one."""
        return self.level is Level.KECAMATAN_OFFICE or (self.level is Level.COUNTER and self.row.kelurahan_id is None)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels of its parts, widest first. A counter is its own part."""
        if self.level is Level.KECAMATAN_OFFICE:
            return (Level.COUNTER,)
        return LEVELS[LEVELS.index(self.level) + 1 :] or (Level.COUNTER,)

    @property
    def parts(self) -> Level:
        """The level of its direct parts."""
        return self.levels[0]

    def within(self, path: str = "") -> Q:
        """Return a filter for rows in this place; `path` leads to their counter: "" on Counter, "counter" on Alert."""
        to = f"{path}__" if path else ""
        if self.level is Level.COUNTER:
            return Q(**{f"{to}pk": self.row.pk})
        if self.level is Level.KECAMATAN_OFFICE:
            return Q(**{f"{to}place": self.row.pk})
        if self.level is Level.KELURAHAN:
            return Q(**{f"{to}kelurahan": self.row.pk})
        if self.level is Level.KECAMATAN:
            return Q(**{f"{to}kelurahan__kecamatan": self.row.pk})
        return Q(**{f"{to}kelurahan__isnull": False})

    def offices(self) -> QuerySet[Kelurahan]:
        """Return the kelurahan of this place; for a counter, its own; none of a kecamatan office."""
        if self.of_kecamatan_office:
            return Kelurahan.objects.none()
        if self.level is Level.COUNTER:
            return Kelurahan.objects.filter(pk=self.row.kelurahan_id)
        if self.level is Level.KELURAHAN:
            return Kelurahan.objects.filter(pk=self.row.pk)
        return Kelurahan.objects.filter(Q() if self.row is None else Q(kecamatan=self.row.pk))


def place_for(user: User, key: str) -> OrgUnit:
    """Return the place with this key. Raises Http404 if there is none, or it is not wholly in the user's scope."""
    return place_in(scope_of(user), key)


def place_in(scope: Scope, key: str) -> OrgUnit:
    """Return the place with this key in a scope, such as an API client's. Raises Http404 as place_for() does."""
    if key == CITY_KEY:
        if scope.city:
            return OrgUnit(Level.CITY)
    elif key.startswith(COUNTER_KEY):
        known = Counter.objects.filter(within_offices(scope)).select_related("kelurahan__kecamatan", "place__kecamatan")
        if counter := known.filter(pk=_number(key.removeprefix(COUNTER_KEY))).first():
            return OrgUnit(Level.COUNTER, counter)
    elif key.startswith(OFFICE_KEY):
        if place := kecamatan_offices(scope).filter(kecamatan__code=key.removeprefix(OFFICE_KEY)).first():
            return OrgUnit(Level.KECAMATAN_OFFICE, place)
    elif office := Kelurahan.objects.filter(within(scope), code=key).select_related("kecamatan").first():
        return OrgUnit(Level.KELURAHAN, office)
    elif (kecamatan := Kecamatan.objects.filter(code=key).first()) and (scope.city or kecamatan.pk in scope.kecamatan):
        return OrgUnit(Level.KECAMATAN, kecamatan)
    raise Http404


def default_place(user: User) -> OrgUnit | None:
    """Return the widest place in the user's scope, or None without any."""
    scope = scope_of(user)
    if scope.city:
        return OrgUnit(Level.CITY)
    if kecamatan := Kecamatan.objects.filter(pk__in=scope.kecamatan).first():
        return OrgUnit(Level.KECAMATAN, kecamatan)
    office = Kelurahan.objects.filter(within(scope)).select_related("kecamatan").first()
    return OrgUnit(Level.KELURAHAN, office) if office else None


def _number(text: str) -> int:
    """Return an id; 0, which no row has, if the text is not one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
