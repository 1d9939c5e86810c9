"""The rows of the street points that a user may see, with the state of their cameras."""

from collections import Counter as Tally
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, TypedDict

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from offices.access.gate import Scope
from offices.places.models import Place
from offices.places.search import search_text
from offices.points.finding import points_in
from streams.cameras.models import Camera
from streams.cameras.troubles.models import CameraTrouble
from streams.live.public.plan import open_closures

ROW_IDS = 1_000_000_000  # added to the place's id, so that no row has the id of an office (Place.office_id)
REFRESH_S = 20  # how often open pages ask for the rows


class PointState(StrEnum):
    """States from worst to best. The values are also the names of shapes and of CSS classes (is-…)."""

    TROUBLE = "point_trouble"
    NO_CAMERA = "point_none"
    SHUT = "point_shut"
    OK = "point_ok"


WORDS: dict[str, Any] = {
    PointState.TROUBLE.value: _("kamera terganggu"),
    PointState.NO_CAMERA.value: _("belum ada kamera"),
    PointState.SHUT.value: _("ditutup untuk publik"),
    PointState.OK.value: _("kamera baik"),
}


class PointRow(TypedDict):
    """A point. id: see ROW_IDS; search: what `matches` searches; at: latitude and longitude, None without a pin."""

    id: int
    code: str
    name: str
    agency: str
    purposes: list[str]
    state: str
    word: str
    search: str
    at: tuple[float, float] | None
    url: str


def point_rows(scope: Scope, now: datetime) -> list[PointRow]:
    """Return the rows of the scope's points by code. One query; none for users who see no points."""
    if not scope.sees_points:
        return []
    return [_row(place) for place in _with_state(points_in(scope), now)]


def count_by_state(rows: Iterable[PointRow]) -> list[tuple[str, str, int]]:
    """Return each state that occurs, the worst first, with its word and the number of points."""
    tally = Tally(row["state"] for row in rows)
    return [(state.value, str(WORDS[state.value]), tally[state]) for state in PointState if tally[state]]


def _with_state(points: QuerySet[Place], now: datetime) -> QuerySet[Place]:
    cameras = Camera.objects.filter(place=OuterRef("pk"), enabled=True)
    troubles = CameraTrouble.objects.filter(camera__place=OuterRef("pk"), camera__enabled=True, ended_at=None)
    return (
        points.select_related(None)
        .select_related("agency", "point")
        .annotate(
            state=Case(
                When(~Exists(cameras), then=Value(PointState.NO_CAMERA.value)),
                When(Exists(troubles), then=Value(PointState.TROUBLE.value)),
                When(Exists(open_closures(now).filter(point=OuterRef("pk"))), then=Value(PointState.SHUT.value)),
                default=Value(PointState.OK.value),
            )
        )
    )


def _row(place: Place) -> PointRow:
    details = getattr(place, "point", None)
    state: str = place.state  # type: ignore[attr-defined]  # annotated
    agency = place.agency.name if place.agency else ""
    pinned = place.latitude is not None and place.longitude is not None
    return {
        "id": ROW_IDS + place.pk,
        "code": place.point_code,
        "name": place.point_name,
        "agency": agency,
        "purposes": list(details.purposes) if details else [],
        "state": state,
        "word": str(WORDS[state]),
        "search": search_text(place.point_name, agency),
        "at": (place.latitude, place.longitude) if pinned else None,  # type: ignore[typeddict-item]
        "url": reverse("point", args=[place.point_code]),
    }
