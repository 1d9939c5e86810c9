"""Which screens are on, and what each shows to the account that is signed in on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from discipline.board.payloads import SpotlightSummary, SpotlightTile
from discipline.board.screens.events import ScreensChanged, may_see, screens_changed
from discipline.board.screens.models import ScreenSpotlight, WallScreen
from discipline.core.wording import name_of
from offices.access.gate import Scope, User, within_places
from offices.places.models import Place
from streams.cameras.models import Camera

RENEW_S = 20.0  # how often a screen says that it is on
ON_FOR = timedelta(seconds=50)  # without that it is off
MOST = 6  # pictures
# Added to the id of a camera at a point, and to Place.office_id: no tile of the wall has such an id. They are int32.
CAMERA_IDS, OFFICE_IDS = 1_500_000_000, 2_050_000_000


@dataclass(frozen=True, slots=True)
class ShownSpotlight:
    """A spotlight as one screen may show it. offices: Place.office_id; points: ids of places; cameras: at points."""

    summary: SpotlightSummary
    offices: frozenset[int]
    points: frozenset[int]
    cameras: frozenset[int]


def switch_on(user: User, name: str, channel: str, now: datetime) -> int:
    """Record that the user's screen with this name is on; return its id. Call it every RENEW_S."""
    assert user.pk is not None
    screen, _new = WallScreen.objects.get_or_create(user_id=user.pk, name=name)
    was_on = screen.seen_at is not None and now - screen.seen_at < ON_FOR
    WallScreen.objects.filter(pk=screen.pk).update(seen_at=now, channel=channel)
    if not was_on:
        screens_changed.publish(ScreensChanged())
    return screen.pk


def switch_off(screen: int, channel: str) -> None:
    """Record that the screen's page was closed, unless another page has its name now."""
    if WallScreen.objects.filter(pk=screen, channel=channel).update(seen_at=None, channel=""):
        screens_changed.publish(ScreensChanged())


def screens_on(now: datetime) -> list[tuple[WallScreen, ScreenSpotlight | None]]:
    """Return the screens that are on, by name, with what is on them. Two queries; one without screens."""
    screens = list(WallScreen.objects.filter(seen_at__gt=now - ON_FOR, user__is_active=True).select_related("user"))
    if not screens:
        return []
    shown = {one.screen_id: one for one in _shown(now).filter(screen__in=screens)}
    return [(screen, shown.get(screen.pk)) for screen in screens]


def shown_on(screen: int, scope: Scope, now: datetime) -> ShownSpotlight | None:
    """Return what the screen shows to an account with this scope: of the places only those in scope. Four queries."""
    found = _shown(now).filter(screen=screen).first()
    if found is None or not may_see(scope, found.key):
        return None
    seen = Place.objects.loaded().filter(within_places(scope)).in_bulk(found.places)
    places = [seen[pk] for pk in found.places if pk in seen]
    points = [one.pk for one in places if one.kind == Place.Kind.POINT]
    cameras = Camera.objects.filter(place__in=points, enabled=True).order_by("name", "pk")
    tiles: list[SpotlightTile] = []
    shown: set[int] = set()
    for place in places:
        if place.kind != Place.Kind.POINT:
            tiles.append({"id": OFFICE_IDS + place.office_id, "name": place.name})
            continue
        for camera in cameras:
            if camera.place_id == place.pk and len(tiles) < MOST:
                shown.add(camera.pk)
                tiles.append({"id": CAMERA_IDS + camera.pk, "name": f"{place.name}, {camera.name}"})
    return ShownSpotlight(
        summary={
            "id": found.pk,
            "title": found.title,
            "place": found.place,
            "by": name_of(found.by),
            "until": found.until.isoformat(timespec="milliseconds"),
            "pin": None if found.latitude is None or found.longitude is None else (found.latitude, found.longitude),
            "tiles": tiles[:MOST],
        },
        offices=frozenset(one.office_id for one in places if one.kind != Place.Kind.POINT),
        points=frozenset(points),
        cameras=frozenset(shown),
    )


def cameras_of_tiles(shown: ShownSpotlight, of_offices: dict[int, int]) -> dict[int, int]:
    """Return the id of the camera of each tile, by the tile's id. of_offices: those of offices, as wall.cameras_of."""
    chosen = {OFFICE_IDS + office: camera for office, camera in of_offices.items()}
    return chosen | {CAMERA_IDS + camera: camera for camera in shown.cameras}


def tile_ids(shown: ShownSpotlight | None) -> Iterable[int]:
    """Return the ids of its tiles."""
    return [tile["id"] for tile in shown.summary["tiles"]] if shown else []


def _shown(now: datetime) -> QuerySet[ScreenSpotlight]:
    return ScreenSpotlight.objects.filter(ended_at=None, until__gt=now).select_related("by")
