"""What the public sees of the points now. Six queries for all of them, kept for a moment by each web server."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from offices.hours.schedule import local_day
from offices.places.models import Place
from offices.points.models import Point
from streams.cameras.troubles.models import CameraDay, CameraTrouble
from streams.cameras.troubles.rule import DAYS, Uptime, uptime
from streams.live.public import plan, seats
from streams.live.public.closures import limits
from streams.live.public.models import PublicPoint
from streams.live.public.state_rule import ClosedNow, Seen, Shown, state_of
from streams.source.hls.playlist_rule import PLAYLIST, STILL

KEPT_S = 2.0


@dataclass(frozen=True, slots=True)
class PublicView:
    """A point as the public sees it. contact: whom to ask, "" when there is none on record; delay_s: see PublicPoint.

    Holds nothing of its camera: no address, no name.
    """

    code: str
    name: str
    agency: str
    agency_code: str
    purposes: tuple[str, ...]
    latitude: float
    longitude: float
    direction: int | None
    contact: str
    controller: str
    delay_s: int
    shown: Shown


def public_state(point: PublicPoint, now: datetime) -> Shown:
    """Return the one true state of a point."""
    return _states([point], now)[point.pk]


def public_points(now: datetime) -> tuple[PublicView, ...]:
    """Return the points that the public sees, by name. Kept for KEPT_S."""
    return _kept.get(now)


class _Kept:
    """The last answer, so that a crowd costs the database no more than one visitor."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until, self._views = 0.0, ()  # type: tuple[float, tuple[PublicView, ...]]

    def get(self, now: datetime) -> tuple[PublicView, ...]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._views = _views(now)
                self._until = time.monotonic() + KEPT_S
            return self._views

    def forget(self) -> None:
        """Ask again next time."""
        self._until = 0.0


_kept = _Kept()
forget_views = _kept.forget


def _views(now: datetime) -> tuple[PublicView, ...]:
    points = list(
        PublicPoint.objects.filter(shown=True, place__kind=Place.Kind.POINT)
        .select_related("place__agency", "place__point", "camera")
        .prefetch_related("place__point__bases__controller")
    )
    states = _states(points, now)
    return tuple(sorted((_view(one, states[one.pk], now) for one in points), key=lambda view: view.name.casefold()))


def _view(point: PublicPoint, shown: Shown, now: datetime) -> PublicView:
    place = point.place
    details: Point | None = getattr(place, "point", None)
    basis = details.basis_on(local_day(now)) if details else None
    return PublicView(
        code=place.point_code,
        name=place.point_name,
        agency=place.agency.name if place.agency else "",
        agency_code=place.agency.code if place.agency else "",
        purposes=tuple(details.purposes) if details else (),
        latitude=place.latitude or 0.0,
        longitude=place.longitude or 0.0,
        direction=details.direction if details else None,
        contact=basis.contact if basis else "",
        controller=basis.controller.name if basis else "",
        delay_s=point.delay_s,
        shown=shown,
    )


def _states(points: Sequence[PublicPoint], now: datetime) -> dict[int, Shown]:
    closures: dict[int, list[ClosedNow]] = {}
    for one in plan.open_closures(now).filter(point__in=points):
        closures.setdefault(one.point_id, []).append(ClosedNow(one.cause, one.reason, one.until))
    cameras = {point.camera_id for point in points if point.camera_id}
    troubles = {one.camera_id: one for one in CameraTrouble.objects.filter(camera__in=cameras, ended_at=None)}
    viewers, city = seats.count_seats(now.timestamp()), limits()
    all_full = sum(viewers.values()) >= city.most_viewers
    found = {}
    for point in points:
        folder = plan.folder().of_point(point.place.point_code)
        trouble = troubles.get(point.camera_id or 0)
        seen = Seen(
            live=point.live,
            picture_at=_changed(folder / STILL),
            playlist_at=_changed(folder / PLAYLIST),
            trouble=trouble.pk if trouble else None,
            trouble_since=trouble.since if trouble else None,
            full=all_full or viewers.get(point.place.point_code, 0) >= point.most_viewers,
        )
        found[point.pk] = state_of(closures.get(point.pk, ()), seen, now)
    return found


def uptime_of(code: str, today: date) -> Uptime:
    """Return the last 30 days of the camera that a public point has now."""
    days = CameraDay.objects.filter(
        camera__public_point__place__point_code=code, day__gt=today - timedelta(days=DAYS)
    ).values_list("day", "well_s", "trouble_s")
    return uptime({day: (well_s, trouble_s) for day, well_s, trouble_s in days}, today)


def _changed(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None
