"""The video wall: which offices it shows, through which camera, and its entries in the log of live views."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict

from discipline.board.rows import GROUPS
from discipline.board.screens.models import tidy_name
from discipline.staffing.models import StandingState
from offices.access.gate import User, kecamatan_offices, scope_of, within
from offices.hours.schedule import local_day
from offices.places.models import Kecamatan, Kelurahan, Office, Place, of_offices
from streams.cameras.models import Camera, Zone
from streams.live import access_log, picture_gate
from streams.live.models import View

TROUBLE, PLACE = "masalah", "kantor"
ORDERS = (TROUBLE, PLACE)
SIZES, SIZE = (12, 24, 48), 24  # tiles per page; 0: all
BESIDE, OWN_PAGE = "samping", "halaman"  # where the map is; "": nowhere
POINTS, BOTH = "titik", "semua"  # "": offices
LOOKS = (POINTS, BOTH)
TURNS_S, TURN_S = (10, 20, 60), 20  # seconds per page; 0: pages don't turn


class WallNotFound(Exception):
    """A named office or kecamatan does not exist or is out of the user's scope, or there is nothing to show."""


@dataclass(frozen=True, slots=True)
class WallChoice:
    """What a wall shows and how, from its address. Without offices and kecamatan it shows the user's whole scope."""

    offices: tuple[str, ...] = ()  # codes
    kecamatan: tuple[str, ...] = ()  # codes
    order: str = TROUBLE
    size: int = SIZE
    turn_s: int = TURN_S
    map_at: str = ""
    look: str = ""  # "", or one of LOOKS
    points: tuple[str, ...] = ()  # codes
    purposes: tuple[str, ...] = ()  # of points; without points and purposes all points are shown
    scene: str = ""  # a code, which replaces the choice of offices and points
    screen: str = ""  # the name of the screen, "" for a wall on which nothing can be put

    @property
    def whole(self) -> bool:
        """Whether the wall shows the user's whole scope."""
        return not (self.offices or self.kecamatan)


class WallSection(TypedDict):
    """A kecamatan in the form that chooses offices. open: some of it is chosen."""

    area: Kecamatan
    offices: list[Office]
    open: bool


def parse_choice(query: QueryDict) -> WallChoice:
    """Read ?kantor= and ?kecamatan= (codes, repeated or separated by commas), ?urut= ?ubin= ?putar=
    ?peta=, of street points ?lihat= ?titik= ?keperluan= ?adegan=, and ?layar=, the name of the screen.

    Invalid values are replaced by the defaults.
    """

    def codes(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for value in query.getlist(name) for code in value.split(",") if code))

    def number(name: str, allowed: tuple[int, ...], default: int) -> int:
        value = query.get(name, "")
        return int(value) if value in map(str, (0, *allowed)) else default

    order, points, purposes = query.get("urut", ""), codes("titik"), codes("keperluan")
    look = look if (look := query.get("lihat", "")) in LOOKS else ""
    return WallChoice(
        offices=codes("kantor"),
        kecamatan=codes("kecamatan"),
        order=order if order in ORDERS else TROUBLE,
        size=number("ubin", SIZES, SIZE),
        turn_s=number("putar", TURNS_S, TURN_S),
        map_at=where if (where := query.get("peta", "")) in (BESIDE, OWN_PAGE) else "",
        look=look or (BOTH if points or purposes else ""),
        points=points,
        purposes=purposes,
        scene=query.get("adegan", "")[:20],
        screen=tidy_name(query.get("layar", "")),
    )


def chosen_offices(user: User, chosen: WallChoice) -> set[int]:
    """Return the ids of the offices to show.

    Raises WallNotFound when a named office or kecamatan does not exist or is out of the user's scope, or when there is
    no office at all.
    """
    scope = scope_of(user)
    visible = Kelurahan.objects.filter(within(scope))
    named = (
        visible
        if chosen.whole
        else visible.filter(Q(code__in=chosen.offices) | Q(kecamatan__code__in=chosen.kecamatan))
    )
    found = {pk: (code, area) for pk, code, area in named.values_list("pk", "code", "kecamatan__code")}
    for above in kecamatan_offices(scope, in_use=True):
        if chosen.whole or above.code in chosen.offices + chosen.kecamatan:
            found[above.office_id] = (above.code, above.code)
    seen_offices, seen_areas = {code for code, _ in found.values()}, {area for _, area in found.values()}
    if not found or set(chosen.offices) - seen_offices or set(chosen.kecamatan) - seen_areas:
        raise WallNotFound
    return set(found)


def sections(user: User, chosen: WallChoice) -> list[WallSection]:
    """Return the offices that the user may choose, by kecamatan, its own office last."""
    scope = scope_of(user)
    visible = Kelurahan.objects.filter(within(scope))
    areas = Kecamatan.objects.filter(kelurahan__in=visible).distinct()
    offices: dict[int, list[Office]] = {area.pk: [] for area in areas}
    for office in (*visible, *kecamatan_offices(scope, in_use=True)):
        if office.kecamatan_id in offices:
            offices[office.kecamatan_id].append(office)
    codes = {*chosen.kecamatan, *chosen.offices}
    return [
        {
            "area": area,
            "offices": offices[area.pk],
            "open": bool(codes & {area.code, *(office.code for office in offices[area.pk])}),
        }
        for area in areas
    ]


def cameras_of(offices: Iterable[int], now: datetime, *, closed_too: bool) -> dict[int, int]:
    """Return the id of the camera through which a wall shows each office, by office id: that of its worst counter.

    Offices without a camera are omitted, and unless `closed_too` also those without a counter on duty. Seven queries.
    """
    shown = set(offices)
    if not closed_too:
        shown = picture_gate.on_duty(now, shown)
    zones = Zone.objects.filter(of_offices(shown, "camera__"))
    worst: dict[int, int] = {}
    for camera, state in zones.values_list("camera", "subject__counter__standing__state"):
        rank = GROUPS.index(state or StandingState.UNKNOWN.value)
        worst[camera] = min(rank, worst.get(camera, rank))
    cameras = Camera.objects.filter(of_offices(shown), enabled=True).order_by("name")
    rows = cameras.values_list("pk", "kelurahan", "place__kecamatan")
    chosen: dict[int, int] = {}
    for camera, below, above in sorted(rows, key=lambda row: worst.get(row[0], len(GROUPS))):
        chosen.setdefault(-above if below is None else below, camera)
    return chosen


def client_build() -> str:
    """Return a text that changes with the static files. A wall that was loaded with another one reloads itself."""
    return f"{settings.VERSION}-{getattr(staticfiles_storage, 'manifest_hash', '')}"


class WallViewLog:
    """Log the live views of one wall: one View from the first requested picture to the last.

    offices: ids; points: ids of their places.

    A new View begins with each local day and with each reason. Until `explained_until` closed offices are shown,
    because the viewer has given a reason.
    """

    def __init__(self, user: User, offices: Iterable[int], points: Iterable[int] = ()) -> None:
        self.user, self.offices, self.points = user, sorted(offices), sorted(points)
        self.view: View | None = None
        self.explained_until: datetime | None = None

    def change(self, offices: Iterable[int], points: Iterable[int], now: datetime) -> None:
        """Log from now on that the wall shows these offices and points. An open View ends, another begins."""
        if (self.offices, self.points) == (sorted(offices), sorted(points)):
            return
        self.offices, self.points = sorted(offices), sorted(points)
        if self.view:
            self._begin(now, self.view.reason if self.explained_until else None)

    def asks(self, now: datetime) -> None:
        """Record that pictures are requested. Call it at least every access_log.PULSE while they are."""
        if self.explained_until and now >= self.explained_until:
            self.end(now)
        if self.view and local_day(self.view.opened_at) != local_day(now):
            self._begin(now, self.view.reason if self.explained_until else None)
        elif self.view:
            access_log.touch_view(self.view.pk, now)
        else:
            self._begin(now)

    def explains(self, reason: str, now: datetime) -> None:
        """Begin to show closed offices too, on other pages as well. Raises picture_gate.ReasonNeeded."""
        places = Place.objects.filter(of_offices(self.offices, on_place=True)).values_list("pk", flat=True)
        with transaction.atomic():
            self._begin(now, picture_gate.give_reason(self.user, list(places), reason, now))
        self.explained_until = now + picture_gate.REMEMBERED

    def end(self, now: datetime) -> None:
        """Close the View. A later request begins a new one, without closed offices."""
        if self.view:
            access_log.close_view(self.view.pk, now)
        self.view = self.explained_until = None

    def _begin(self, now: datetime, reason: str | None = None) -> None:
        view = access_log.open_wall_view(self.user, self.offices, now, reason, self.points)
        if self.view:
            access_log.close_view(self.view.pk, now)
        self.view = view
