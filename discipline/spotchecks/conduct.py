"""Spot checks: who may make them, which offices are drawn, and what the phone says. The only writer of SpotCheck,
SpotStop and SpotEntry.

What a phone says comes in order and counts once, however often it is sent: it carries a uuid that the phone made.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from discipline.alerts.models import Alert
from discipline.spotchecks import draw
from discipline.spotchecks.findings import answers
from discipline.spotchecks.models import SpotCheck, SpotEntry, SpotMark, SpotStop
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.access.gate import User
from offices.access.models import Membership
from offices.hours.schedule import local_day
from offices.places.models import Kelurahan
from streams.cameras.models import Camera

MOST_OFFICES = 30  # in one round
TROUBLE_PERIOD = timedelta(days=30)  # indications so young weigh in a draw
WRONG_CLOCK = timedelta(minutes=5)  # a phone's clock further off than that is not believed
Kind, Role = SpotEntry.Kind, Membership.Role


class SpotCheckRefused(Exception):
    """Why something is never taken: EMPTY (no offices), NOT_YOURS, FINISHED, UNKNOWN (no such office in it), TAKEN (the
    uuid belongs to another check)."""

    EMPTY, NOT_YOURS, FINISHED, UNKNOWN, TAKEN = "empty", "not_yours", "finished", "unknown", "taken"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Checker:
    """As what somebody may make spot checks: the mayor everywhere, a camat in some kecamatan."""

    role: str
    kecamatan: frozenset[int] = frozenset()

    @property
    def offices(self) -> QuerySet[Kelurahan]:
        """Those that can be seen from afar: with a camera in use."""
        camera = Exists(Camera.objects.filter(kelurahan=OuterRef("pk"), enabled=True))
        found = Kelurahan.objects.filter(camera).select_related("kecamatan")
        return found if self.role == Role.MAYOR else found.filter(kecamatan__in=self.kecamatan)


@dataclass(frozen=True, slots=True)
class PhoneEntry:
    """What a phone says. `place` is that of the stop, None to finish. `said_at` by the phone's clock (aware)."""

    uuid: UUID
    kind: str
    said_at: datetime
    place: int | None = None
    mark: str = ""
    text: str = ""


def checker_for(user: User) -> Checker | None:
    """None for all who only read: lurah, operator, inspectorate."""
    if not user.is_authenticated or not user.is_active:
        return None
    mine = list(Membership.objects.filter(user_id=user.pk, role__in=(Role.MAYOR, Role.CAMAT)))
    if any(one.role == Role.MAYOR for one in mine):
        return Checker(Role.MAYOR)
    kecamatan = frozenset(one.kecamatan_id for one in mine if one.kecamatan_id)
    return Checker(Role.CAMAT, kecamatan) if kecamatan else None


def candidates(offices: QuerySet[Kelurahan], now: datetime) -> list[draw.Candidate]:
    """What each office weighs in a draw, by code. Three queries."""
    seen = SpotStop.objects.filter(check_of__finished_at__isnull=False).exclude(mark="").order_by()
    last = dict(seen.values_list("kelurahan").annotate(Max("marked_at")))
    told = Alert.objects.counted().filter(kind__in=ACCUSATIONS, raised_at__gte=now - TROUBLE_PERIOD).order_by()
    troubles = dict(told.values_list("counter__kelurahan").annotate(Count("pk")))
    return [
        draw.Candidate(
            office.code,
            (local_day(now) - local_day(last[office.pk])).days if office.pk in last else None,
            troubles.get(office.pk, 0),
        )
        for office in offices.order_by("code")
    ]


def start_drawn(user: User, count: int, reason: str, now: datetime) -> SpotCheck:
    """Draw so many offices, and keep what anybody needs to draw them again. Refused."""
    by = _required(user)
    seed = secrets.token_hex(16)
    known = candidates(by.offices, now)
    codes = draw.draw(seed, {one.code: one.weight for one in known}, min(count, MOST_OFFICES))
    offices = {office.code: office for office in Kelurahan.objects.filter(code__in=codes)}
    kept = {
        "rule": draw.RULE,
        "seed": seed,
        "count": count,
        "candidates": [[one.code, one.unchecked_days, one.troubles, one.weight] for one in known],
    }
    return _start(user, by, SpotCheck.How.DRAW, [offices[code] for code in codes], reason, now, kept)


def start_with(user: User, how: str, offices: Sequence[Kelurahan], reason: str, now: datetime) -> SpotCheck:
    """Look at these, in this order. Refused also when one of them is not this user's to check."""
    by = _required(user)
    allowed = set(by.offices.values_list("pk", flat=True))
    if any(office.pk not in allowed for office in offices):
        raise SpotCheckRefused(SpotCheckRefused.NOT_YOURS)
    return _start(user, by, how, offices[:MOST_OFFICES], reason, now, None)


def accept_entry(
    check: SpotCheck, said: PhoneEntry, now: datetime, picture: Callable[[SpotEntry], Any] | None = None
) -> tuple[SpotEntry, bool]:
    """Take what the maker's phone says: the entry, and whether it is new. Refused for good, or OSError.

    `picture` keeps the snapshot of a new entry, inside the same transaction.
    """
    with transaction.atomic():
        locked = SpotCheck.objects.select_for_update().get(pk=check.pk)
        before = SpotEntry.objects.filter(uuid=said.uuid).first()
        if before is not None:
            if before.check_of_id != check.pk:
                raise SpotCheckRefused(SpotCheckRefused.TAKEN)
            return before, False
        if locked.finished_at:
            raise SpotCheckRefused(SpotCheckRefused.FINISHED)
        stop = _stop(locked, said)
        entry = SpotEntry.objects.create(
            uuid=said.uuid,
            check_of=locked,
            stop=stop,
            kind=said.kind,
            mark=said.mark,
            text=said.text,
            said_at=said.said_at,
            received_at=now,
        )
        if picture and said.kind == Kind.SNAPSHOT:
            picture(entry)
        if stop is not None:
            _apply_entry(stop, said, entry_time(locked, said.said_at, now))
        else:
            SpotCheck.objects.filter(pk=locked.pk).update(finished_at=now)
            answers.open_findings(locked, now)
    return entry, True


def entry_time(check: SpotCheck, said_at: datetime, received_at: datetime) -> datetime:
    """When it was: by the phone, unless its clock is plainly wrong."""
    possible = check.started_at - WRONG_CLOCK <= said_at <= received_at + WRONG_CLOCK
    return min(max(said_at, check.started_at), received_at) if possible else received_at


def redraw(check: SpotCheck) -> tuple[str, ...]:
    """The codes that the stored seed and weights give: the same as its stops, or somebody changed them."""
    kept = check.draw or {}
    return draw.draw(kept["seed"], {code: weight for code, _, _, weight in kept["candidates"]}, kept["count"])


def _required(user: User) -> Checker:
    found = checker_for(user)
    if found is None:
        raise SpotCheckRefused(SpotCheckRefused.NOT_YOURS)
    return found


def _start(
    user: User, by: Checker, how: str, offices: Sequence[Kelurahan], reason: str, now: datetime, kept: Any
) -> SpotCheck:
    if not offices:
        raise SpotCheckRefused(SpotCheckRefused.EMPTY)
    with transaction.atomic():
        check = SpotCheck.objects.create(
            by_id=user.pk or 0, role=by.role, how=how, draw=kept, reason=reason.strip(), started_at=now
        )
        SpotStop.objects.bulk_create(
            SpotStop(check_of=check, place=place, kelurahan=office) for place, office in enumerate(offices, start=1)
        )
    return check


def _stop(check: SpotCheck, said: PhoneEntry) -> SpotStop | None:
    if said.kind == Kind.FINISH:
        return None
    stop = check.stops.filter(place=said.place).first() if said.place else None
    if stop is None:
        raise SpotCheckRefused(SpotCheckRefused.UNKNOWN)
    return stop


def _apply_entry(stop: SpotStop, said: PhoneEntry, at: datetime) -> None:
    if said.kind == Kind.MARK:
        stop.mark, stop.marked_at = SpotMark(said.mark), at
    elif said.kind == Kind.NOTE:
        stop.note = said.text
    stop.save(update_fields=["mark", "marked_at", "note"])
