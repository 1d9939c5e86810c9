"""Which street points a user may see, and the search among them."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from offices.access.gate import Scope, within_places
from offices.places.models import Place
from offices.places.search import matches, normalise, search_text
from offices.points.models import Purpose

PROPOSER = "point__proposed_by_office"
LOADED = (
    "agency",
    "point__proposed_by_agency",
    f"{PROPOSER}__kelurahan__kecamatan",
    f"{PROPOSER}__kecamatan",
)


@dataclass(frozen=True, slots=True)
class PointFilter:
    """What the list is narrowed to; "" does not narrow. `agency` is a code."""

    words: str = ""
    purpose: str = ""
    agency: str = ""


def points_in(scope: Scope) -> QuerySet[Place]:
    """Return the points in scope, by code, each with its details, agency and proposer.

    A place that was entered in the administration may have no details yet.
    """
    points = Place.objects.filter(within_places(scope), kind=Place.Kind.POINT)
    return points.select_related(*LOADED).order_by("point_code")


def point_in(scope: Scope, code: str) -> Place:
    """Return the point with this code. Raises Http404 if there is none in scope."""
    return get_object_or_404(points_in(scope), point_code=code)


def find_points(scope: Scope, wanted: PointFilter) -> list[Place]:
    """Return the points in scope that match. Words match names as on the board, and parts of codes."""
    found = points_in(scope)
    if wanted.purpose in Purpose.values:
        found = found.filter(point__purposes__contains=[wanted.purpose])
    if wanted.agency:
        found = found.filter(agency__code=wanted.agency)
    return [
        place for place in found if names_point(wanted.words, place.point_code, place.point_name, str(place.agency))
    ]


def names_point(words: str, code: str, name: str, agency: str) -> bool:
    """Return whether the words name the point with this code, its agency or a part of its code; "" names all."""
    typed = words.strip()
    if not typed or typed.upper() in code:
        return True
    asked = normalise(typed)
    return bool(asked) and matches(asked, search_text(name, code, agency))
