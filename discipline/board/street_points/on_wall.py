"""Street points on the wall: which are shown, through which camera, and the scenes that choose them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from discipline.board.street_points.models import WallScene
from discipline.board.street_points.rows import ROW_IDS, PointRow, PointState, point_rows
from discipline.board.wall import BOTH, POINTS, WallChoice, WallNotFound, chosen_offices
from offices.access.gate import User, scope_of
from streams.cameras.models import Camera


class WallPointRow(PointRow):
    """A row of the wall. order: sort key among all tiles, those of offices included (OfficeRow.wall_order)."""

    order: str


def with_scene(choice: WallChoice) -> WallChoice:
    """Return the choice with what its scene shows, instead of what it names. Raises WallNotFound."""
    if not choice.scene:
        return choice
    scene = WallScene.objects.filter(code=choice.scene).first()
    if scene is None or not (scene.chooses_offices or scene.chooses_points):
        raise WallNotFound
    return replace(
        choice,
        look="" if not scene.chooses_points else BOTH if scene.chooses_offices else POINTS,
        offices=tuple(scene.offices),
        kecamatan=tuple(scene.kecamatan),
        points=tuple(scene.points),
        purposes=tuple(scene.purposes),
    )


def scenes_with(rows: Sequence[PointRow]) -> list[WallScene]:
    """Return the scenes that show something where these are all points: a link to an empty one would lead nowhere."""
    if not rows:
        return []
    codes, purposes = {row["code"] for row in rows}, {purpose for row in rows for purpose in row["purposes"]}
    return [
        scene
        for scene in WallScene.objects.all()
        if scene.chooses_offices or codes & set(scene.points) or purposes & set(scene.purposes)
    ]


def on_wall(user: User, choice: WallChoice, now: datetime) -> tuple[set[int], list[WallPointRow]]:
    """Return the ids of the offices and the rows of the points that a wall shows.

    Raises WallNotFound when a named one does not exist or is out of the user's scope, or when there is nothing.
    """
    choice = with_scene(choice)
    points = _points(user, choice, now) if choice.look in (POINTS, BOTH) else []
    offices = set() if choice.look == POINTS else chosen_offices(user, choice)
    if not offices and not points:
        raise WallNotFound
    return offices, points


def _points(user: User, choice: WallChoice, now: datetime) -> list[WallPointRow]:
    rows = point_rows(scope_of(user), now)
    if set(choice.points) - {row["code"] for row in rows}:
        raise WallNotFound
    if choice.points or choice.purposes:
        rows = [row for row in rows if row["code"] in choice.points or set(row["purposes"]) & set(choice.purposes)]
    return [{**row, "order": _order(row)} for row in rows]


def _order(row: PointRow) -> str:
    """Return the sort key: points in trouble among offices that no camera sees, the others after all."""
    return f"{2 if row['state'] == PointState.TROUBLE else 8}9{row['code']}"


def places_of(ids: Iterable[int]) -> list[int]:
    """Return the ids of the places of points' rows."""
    return [one - ROW_IDS for one in ids]


def cameras_of_points(ids: Iterable[int]) -> dict[int, int]:
    """Return the id of the camera through which a wall shows each point, by row id. One query."""
    places = places_of(ids)
    cameras = Camera.objects.filter(place__in=places, enabled=True).order_by("-name").values_list("place", "pk")
    return {ROW_IDS + place: camera for place, camera in cameras}
