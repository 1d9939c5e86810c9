"""Whom to ask first about an incident: who handles its type, there. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Reach(IntEnum):
    """How an agency's area holds a place, the closest first."""

    KELURAHAN = 0
    KECAMATAN = 1
    CITY = 2
    ELSEWHERE = 3


@dataclass(frozen=True, slots=True)
class Spot:
    """The codes of the kelurahan and kecamatan that an incident lies in; "" where that is unknown."""

    kelurahan: str = ""
    kecamatan: str = ""


@dataclass(frozen=True, slots=True)
class Askable:
    """An agency. areas: codes of kelurahan and kecamatan, none for the whole city; handles: the incident's type."""

    key: str
    name: str
    handles: bool
    areas: frozenset[str] = frozenset()

    def reach(self, spot: Spot) -> Reach:
        """Return how its area holds the spot."""
        if not self.areas:
            return Reach.CITY
        if spot.kelurahan in self.areas:
            return Reach.KELURAHAN
        return Reach.KECAMATAN if spot.kecamatan in self.areas else Reach.ELSEWHERE


def proposed_and_others(candidates: Iterable[Askable], spot: Spot) -> tuple[list[Askable], list[tuple[Askable, Reach]]]:
    """Return those who handle the type there, the most local first, and all others with how their area holds the spot.

    Of the others, those whose area holds it come first.
    """
    judged = [(one, one.reach(spot)) for one in candidates]
    judged.sort(key=lambda pair: (pair[1], not pair[0].handles, pair[0].name))
    proposed = [one for one, reach in judged if one.handles and reach is not Reach.ELSEWHERE]
    return proposed, [(one, reach) for one, reach in judged if one not in proposed]
