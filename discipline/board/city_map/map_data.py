"""Gather the map: outlines from all offices' pins, and the pins and kecamatan of those that a user may see."""

from functools import lru_cache
from statistics import fmean
from typing import TypedDict

from django.conf import settings

from discipline.board.city_map.outlines_rule import Pin, Position, Ring, distance_km, outlines
from offices.access.gate import Scope, kecamatan_offices, within
from offices.places.models import Kelurahan, Office, place_of

NEIGHBOURS = 6


class KecamatanOutline(TypedDict):
    """A kecamatan. at: where its name is written, the middle of its offices' pins."""

    code: str
    name: str
    at: Position
    rings: list[Ring]


class MapTiles(TypedDict):
    """Where pictures of streets come from."""

    url: str
    attribution: str


class CityMap(TypedDict):
    """The map of one user. offices: id, latitude and longitude of each; city: the outline of the whole city."""

    offices: list[tuple[int, float, float]]
    kecamatan: list[KecamatanOutline]
    city: list[Ring]
    tiles: MapTiles | None


def city_map(scope: Scope) -> CityMap:
    """Return the offices of the scope, the kecamatan that they are in, and the outline of the city. Two queries."""
    every = list(Kelurahan.objects.select_related("kecamatan"))
    rings, city = _outlines(tuple(Pin(one.latitude, one.longitude, one.kecamatan.code) for one in every))
    seen = [one for one in every if scope.sees(one)]
    kecamatan = {one.kecamatan.code: one.kecamatan.name for one in seen}
    return {
        "offices": [(one.pk, one.latitude, one.longitude) for one in seen]
        + [(one.office_id, *one.position) for one in kecamatan_offices(scope, in_use=True)],
        "kecamatan": [
            {
                "code": code,
                "name": name,
                "at": _middle([one for one in every if one.kecamatan.code == code]),
                "rings": rings.get(code, []),
            }
            for code, name in kecamatan.items()
        ],
        "city": city,
        "tiles": {"url": settings.MAP_TILES_URL, "attribution": settings.MAP_TILES_ATTRIBUTION}
        if settings.MAP_TILES_URL
        else None,
    }


def neighbours(office: Office, scope: Scope) -> list[Kelurahan]:
    """Return the NEIGHBOURS offices of the scope whose pins are nearest to the office's, the nearest first."""
    others = Kelurahan.objects.filter(within(scope)).exclude(pk=office.office_id).select_related("kecamatan")
    here = place_of(office).position
    return sorted(others, key=lambda one: (distance_km(here, (one.latitude, one.longitude)), one.code))[:NEIGHBOURS]


@lru_cache(maxsize=2)  # takes a fifth of a second; pins change when an administrator moves one
def _outlines(pins: tuple[Pin, ...]) -> tuple[dict[str, list[Ring]], list[Ring]]:
    return outlines(pins)


def _middle(offices: list[Kelurahan]) -> Position:
    return round(fmean(one.latitude for one in offices), 4), round(fmean(one.longitude for one in offices), 4)
