"""What a report is about: the city, a kecamatan, a kelurahan or one counter, by the address that names it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from offices.access.gate import Scope, User, scope_of, within
from offices.places.models import Counter, Kecamatan, Kelurahan

CITY_KEY = "kota"
COUNTER_KEY = "loket-"


class Level(StrEnum):
    CITY = "kota"
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    COUNTER = "loket"


LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """`row` is None for the city. Of a kelurahan its kecamatan is loaded, of a counter its kelurahan with that."""

    level: Level
    row: Any = None

    @property
    def key(self) -> str:
        if self.level is Level.CITY:
            return CITY_KEY
        return f"{COUNTER_KEY}{self.row.pk}" if self.level is Level.COUNTER else self.row.code

    @property
    def name(self) -> str:
        return self.row.name if self.row else _("Kota Palembang")

    @property
    def title(self) -> str:
        """As a letterhead says it: "Kecamatan Ilir Barat I"."""
        if self.level is Level.KECAMATAN:
            return _("Kecamatan %(name)s") % {"name": self.name}
        if self.level is Level.KELURAHAN:
            return _("Kelurahan %(name)s") % {"name": self.name}
        if self.level is Level.COUNTER:
            return _("%(counter)s, Kelurahan %(office)s") % {"counter": self.name, "office": self.row.kelurahan.name}
        return self.name

    @property
    def above(self) -> OrgUnit | None:
        """The place that this one is a part of."""
        if self.level is Level.COUNTER:
            return OrgUnit(Level.KELURAHAN, self.row.kelurahan)
        if self.level is Level.KELURAHAN:
            return OrgUnit(Level.KECAMATAN, self.row.kecamatan)
        return OrgUnit(Level.CITY) if self.level is Level.KECAMATAN else None

    @property
    def levels(self) -> tuple[Level, ...]:
        """Those that it has parts of, the widest first. A counter is its own part."""
        return LEVELS[LEVELS.index(self.level) + 1 :] or (Level.COUNTER,)

    @property
    def parts(self) -> Level:
        return self.levels[0]

    def within(self, path: str = "") -> Q:
        """A filter for rows whose counter is at `path`: "" on Counter itself, "counter" on DayTally and Alert."""
        to = f"{path}__" if path else ""
        if self.level is Level.COUNTER:
            return Q(**{f"{to}pk": self.row.pk})
        if self.level is Level.KELURAHAN:
            return Q(**{f"{to}kelurahan": self.row.pk})
        if self.level is Level.KECAMATAN:
            return Q(**{f"{to}kelurahan__kecamatan": self.row.pk})
        return Q(**{f"{to}kelurahan__isnull": False})  # kecamatan offices have no reports yet

    def offices(self) -> Any:
        """The Kelurahan rows in it."""
        if self.level is Level.COUNTER:
            return Kelurahan.objects.filter(pk=self.row.kelurahan_id)
        if self.level is Level.KELURAHAN:
            return Kelurahan.objects.filter(pk=self.row.pk)
        return Kelurahan.objects.filter(Q() if self.row is None else Q(kecamatan=self.row.pk))


def place_for(user: User, key: str) -> OrgUnit:
    """The place of that key. Http404 when there is none, and when it is not wholly in the user's scope."""
    return place_in(scope_of(user), key)


def place_in(scope: Scope, key: str) -> OrgUnit:
    """The same for a scope that is no user's: another system's."""
    found: Any
    if key == CITY_KEY:
        if scope.city:
            return OrgUnit(Level.CITY)
    elif key.startswith(COUNTER_KEY):
        known = Counter.objects.filter(within(scope, "kelurahan")).select_related("kelurahan__kecamatan")
        if found := known.filter(pk=_number(key.removeprefix(COUNTER_KEY))).first():
            return OrgUnit(Level.COUNTER, found)
    elif found := Kelurahan.objects.filter(within(scope), code=key).select_related("kecamatan").first():
        return OrgUnit(Level.KELURAHAN, found)
    elif (found := Kecamatan.objects.filter(code=key).first()) and (scope.city or found.pk in scope.kecamatan):
        return OrgUnit(Level.KECAMATAN, found)
    raise Http404


def default_place(user: User) -> OrgUnit | None:
    """Where the user's reports begin: the widest place in scope. None without any."""
    scope = scope_of(user)
    if scope.city:
        return OrgUnit(Level.CITY)
    if kecamatan := Kecamatan.objects.filter(pk__in=scope.kecamatan).first():
        return OrgUnit(Level.KECAMATAN, kecamatan)
    office = Kelurahan.objects.filter(within(scope)).select_related("kecamatan").first()
    return OrgUnit(Level.KELURAHAN, office) if office else None


def _number(text: str) -> int:
    """0, which no row has, when it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
