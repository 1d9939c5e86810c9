"""The wall: which offices it shows, through which camera, and its line in the log of views."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db.models import Q
from django.http import QueryDict

from discipline.board.rows import GROUPS
from discipline.staffing.models import StandingState
from offices.access.gate import User, scope_of, within
from offices.hours.schedule import local_day
from offices.places.models import Kecamatan, Kelurahan
from streams.cameras.models import Camera, Zone
from streams.live import access_log
from streams.live.models import View

EXPLAINED_FOR = timedelta(minutes=30)  # one reason opens closed offices for so long
TROUBLE, PLACE = "masalah", "kantor"
ORDERS = (TROUBLE, PLACE)
SIZES, SIZE = (12, 24, 48), 24  # tiles on a page; 0 is all of them
TURNS_S, TURN_S = (10, 20, 60), 20  # between pages; 0 does not turn


class WallNotFound(Exception):
    """An office or kecamatan that is not there, or not this user's."""


@dataclass(frozen=True, slots=True)
class WallChoice:
    """What a wall shows and how, as its address says it. Nothing named: all that the user sees."""

    offices: tuple[str, ...] = ()  # codes
    kecamatan: tuple[str, ...] = ()
    order: str = TROUBLE
    size: int = SIZE
    turn_s: int = TURN_S

    @property
    def whole(self) -> bool:
        return not (self.offices or self.kecamatan)


def parse_choice(query: QueryDict) -> WallChoice:
    """?kantor= and ?kecamatan= (codes, repeated or with commas), ?urut= ?ubin= ?putar=. Nonsense is left out."""

    def codes(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for value in query.getlist(name) for code in value.split(",") if code))

    def number(name: str, allowed: tuple[int, ...], default: int) -> int:
        value = query.get(name, "")
        return int(value) if value in {str(one) for one in (0, *allowed)} else default

    order = query.get("urut", "")
    return WallChoice(
        offices=codes("kantor"),
        kecamatan=codes("kecamatan"),
        order=order if order in ORDERS else TROUBLE,
        size=number("ubin", SIZES, SIZE),
        turn_s=number("putar", TURNS_S, TURN_S),
    )


def chosen_offices(user: User, chosen: WallChoice) -> set[int]:
    """Those to show. NotThere when one that is named is not there or out of the user's scope, or nothing is in it."""
    scope = scope_of(user)
    mine = Kelurahan.objects.filter(within(scope))
    named = mine if chosen.whole else mine.filter(Q(code__in=chosen.offices) | Q(kecamatan__code__in=chosen.kecamatan))
    found = {pk: (code, area) for pk, code, area in named.values_list("pk", "code", "kecamatan__code")}
    seen_offices, seen_areas = {code for code, _ in found.values()}, {area for _, area in found.values()}
    if not found or set(chosen.offices) - seen_offices or set(chosen.kecamatan) - seen_areas:
        raise WallNotFound
    return set(found)


def sections(user: User, chosen: WallChoice) -> list[dict[str, Any]]:
    """The user's offices by kecamatan, to choose from; `open`: some of it is chosen."""
    mine = Kelurahan.objects.filter(within(scope_of(user)))
    areas = Kecamatan.objects.filter(kelurahan__in=mine).distinct()
    of: dict[int, list[Kelurahan]] = {area.pk: [] for area in areas}
    for office in mine:
        of[office.kecamatan_id].append(office)
    picked = {*chosen.kecamatan, *chosen.offices}
    return [
        {"area": area, "offices": of[area.pk], "open": bool(picked & {area.code, *(one.code for one in of[area.pk])})}
        for area in areas
    ]


def cameras_of(of_offices: Iterable[int], now: datetime, *, closed_too: bool) -> dict[int, int]:
    """The camera through which a wall shows each office: that of its worst counter.

    Offices without a camera are left out, and unless `closed_too` those without a counter on duty. Seven queries.
    """
    shown = set(of_offices)
    if not closed_too:
        shown = access_log.on_duty(now, shown)
    zones = Zone.objects.filter(camera__kelurahan__in=shown)
    worst: dict[int, int] = {}
    for camera, state in zones.values_list("camera", "subject__counter__standing__state"):
        place = GROUPS.index(state or StandingState.UNKNOWN.value)
        worst[camera] = min(place, worst.get(camera, place))
    found = Camera.objects.filter(kelurahan__in=shown, enabled=True).order_by("name").values_list("pk", "kelurahan")
    chosen: dict[int, int] = {}
    for camera, office in sorted(found, key=lambda row: worst.get(row[0], len(GROUPS))):
        chosen.setdefault(office, camera)
    return chosen


def client_build() -> str:
    """Changes when what browsers load changes: a wall that has an older one loads itself anew."""
    return f"{settings.VERSION}-{getattr(staticfiles_storage, 'manifest_hash', '')}"


class WallViewLog:
    """One wall's lines in the log of views: a line from the first picture asked for to the last, anew each local day
    and with each reason. `explained_until`: closed offices are shown, because their viewer said why."""

    def __init__(self, user: User, of_offices: Iterable[int]) -> None:
        self.user, self.offices = user, sorted(of_offices)
        self.view: View | None = None
        self.explained_until: datetime | None = None

    def asks(self, now: datetime) -> None:
        """Pictures are wanted. Call it at least every viewing.PULSE while they are."""
        if self.explained_until and now >= self.explained_until:
            self.end(now)
        if self.view and local_day(self.view.opened_at) != local_day(now):
            self._begin(now, self.view.reason if self.explained_until else None)
        elif self.view:
            access_log.touch_view(self.view.pk, now)
        else:
            self._begin(now)

    def explains(self, reason: str, now: datetime) -> None:
        """Wants closed offices too. viewing.ReasonNeeded when the reason is none or a poor one."""
        self._begin(now, reason)
        self.explained_until = now + EXPLAINED_FOR

    def end(self, now: datetime) -> None:
        if self.view:
            access_log.close_view(self.view.pk, now)
        self.view = self.explained_until = None

    def _begin(self, now: datetime, reason: str | None = None) -> None:
        view = access_log.open_wall_view(self.user, self.offices, now, reason)
        if self.view:
            access_log.close_view(self.view.pk, now)
        self.view = view
