"""Who may make spot checks, which offices are drawn, and the entries of the phone. The only writer of SpotCheck,
SpotStop and SpotEntry.

A phone sends its entries in order. Each carries a uuid that the phone made, and counts once however often it is sent.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from discipline.alerts.models import Alert
from discipline.spotchecks import draw
from discipline.spotchecks.findings import answers
from discipline.spotchecks.models import OFFICE_ID, SpotCheck, SpotEntry, SpotMark, SpotPicture, SpotStop
from discipline.spotchecks.sample import keeping as counter_clips
from discipline.spotchecks.sample.items_rule import known_items
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.access.gate import Scope, User, kecamatan_offices
from offices.access.models import Membership
from offices.hours.schedule import local_day
from offices.places.models import Kelurahan, Office, Place
from streams.cameras.models import Camera

MOST_OFFICES = 30  # in one round
TROUBLE_PERIOD = timedelta(days=30)  # maximum age of indications that count in a draw
WRONG_CLOCK = timedelta(minutes=5)  # times of a phone's clock further off than that are ignored
Kind, Role = SpotEntry.Kind, Membership.Role


class SpotCheckRefused(Exception):
    """A check or entry is refused, and will be however often it is sent.

    why: EMPTY (no offices), NOT_YOURS (the user may not check that), FINISHED, UNKNOWN (no such office in the check) or
    TAKEN (the uuid belongs to another check).
    """

    EMPTY, NOT_YOURS, FINISHED, UNKNOWN, TAKEN = "empty", "not_yours", "finished", "unknown", "taken"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class StoredDraw(TypedDict):
    """SpotCheck.draw. candidates: [code, unchecked_days, troubles, weight] of each (see draw.Candidate)."""

    rule: int
    seed: str
    count: int
    candidates: list[list[str | int | None]]


@dataclass(frozen=True, slots=True)
class Checker:
    """The role in which a user may make spot checks: the mayor everywhere, a camat in `kecamatan` (ids)."""

    role: str
    kecamatan: frozenset[int] = frozenset()

    @property
    def offices(self) -> QuerySet[Kelurahan]:
        """The offices that this user may check: those with a camera in use."""
        camera = Exists(Camera.objects.filter(kelurahan=OuterRef("pk"), enabled=True))
        offices = Kelurahan.objects.filter(camera).select_related("kecamatan")
        return offices if self.role == Role.MAYOR else offices.filter(kecamatan__in=self.kecamatan)

    @property
    def kecamatan_offices(self) -> QuerySet[Place]:
        """The kecamatan offices that this user may check: the mayor all with a camera in use, a camat not the own."""
        known = kecamatan_offices(Scope(city=self.role == Role.MAYOR), in_use=True)
        return known.filter(Exists(Camera.objects.filter(place=OuterRef("pk"), enabled=True)))

    @property
    def ids(self) -> set[int]:
        """The Place.office_id of all offices that this user may check."""
        below = set(self.offices.values_list("pk", flat=True))
        return below | {office.office_id for office in self.kecamatan_offices}


@dataclass(frozen=True, slots=True)
class PhoneEntry:
    """An entry as the phone sends it. place: of the stop, None to finish; entered_at: by the phone's clock (aware)."""

    uuid: UUID
    kind: str
    entered_at: datetime
    place: int | None = None
    mark: str = ""
    text: str = ""


def checker_for(user: User) -> Checker | None:
    """Return what the user may check; None for those who may only read: lurah, operator, inspectorate."""
    if not user.is_authenticated or not user.is_active:
        return None
    memberships = list(Membership.objects.filter(user_id=user.pk, role__in=(Role.MAYOR, Role.CAMAT)))
    if any(membership.role == Role.MAYOR for membership in memberships):
        return Checker(Role.MAYOR)
    kecamatan = frozenset(membership.kecamatan_id for membership in memberships if membership.kecamatan_id)
    return Checker(Role.CAMAT, kecamatan) if kecamatan else None


def candidates(offices: Iterable[Office], now: datetime) -> list[draw.Candidate]:
    """Return the offices as candidates of a draw, ordered by code. Three queries."""
    checked = SpotStop.objects.filter(check_of__finished_at__isnull=False).exclude(mark="").order_by()
    last = dict(checked.values_list(OFFICE_ID).annotate(Max("marked_at")))
    alerts = Alert.objects.counted().filter(kind__in=ACCUSATIONS, raised_at__gte=now - TROUBLE_PERIOD).order_by()
    of_counter = Coalesce("counter__kelurahan", -F("counter__place__kecamatan"))
    troubles = dict(alerts.values_list(of_counter).annotate(Count("pk")))
    return [
        draw.Candidate(
            office.code,
            (local_day(now) - local_day(last[office.office_id])).days if office.office_id in last else None,
            troubles.get(office.office_id, 0),
        )
        for office in sorted(offices, key=lambda office: office.code)
    ]


def start_drawn(user: User, count: int, reason: str, now: datetime) -> SpotCheck:
    """Start a check of `count` drawn offices, and store all that is needed to repeat the draw.

    Raises SpotCheckRefused (EMPTY or NOT_YOURS).
    """
    checker = _required_checker(user)
    seed = secrets.token_hex(16)
    every: dict[str, Office] = {office.code: office for office in checker.offices}
    every |= {office.code: office for office in checker.kecamatan_offices}
    drawn_from = candidates(every.values(), now)
    codes = draw.draw(seed, {office.code: office.weight for office in drawn_from}, min(count, MOST_OFFICES))
    stored: StoredDraw = {
        "rule": draw.RULE,
        "seed": seed,
        "count": count,
        "candidates": [[office.code, office.unchecked_days, office.troubles, office.weight] for office in drawn_from],
    }
    return _start(user, checker, SpotCheck.How.DRAW, [every[code] for code in codes], reason, now, stored)


def start_with(user: User, how: str, offices: Sequence[Office], reason: str, now: datetime) -> SpotCheck:
    """Start a check of these offices, in this order.

    Raises SpotCheckRefused (EMPTY, or NOT_YOURS also when the user may not check one of them).
    """
    checker = _required_checker(user)
    allowed = checker.ids
    if any(office.office_id not in allowed for office in offices):
        raise SpotCheckRefused(SpotCheckRefused.NOT_YOURS)
    return _start(user, checker, how, offices[:MOST_OFFICES], reason, now, None)


def accept_entry(
    check: SpotCheck, sent: PhoneEntry, now: datetime, picture: Callable[[SpotEntry], object] | None = None
) -> tuple[SpotEntry, bool]:
    """Store an entry of the maker's phone and apply it. Return its row and whether it is new.

    `picture` is called to store the snapshot of a new entry, inside the same transaction. Raises SpotCheckRefused
    (FINISHED, UNKNOWN or TAKEN), and whatever `picture` raises, such as OSError.
    """
    with transaction.atomic():
        locked = SpotCheck.objects.select_for_update().get(pk=check.pk)
        earlier = SpotEntry.objects.filter(uuid=sent.uuid).first()
        if earlier is not None:
            if earlier.check_of_id != check.pk:
                raise SpotCheckRefused(SpotCheckRefused.TAKEN)
            return earlier, False
        if locked.finished_at:
            raise SpotCheckRefused(SpotCheckRefused.FINISHED)
        stop = _find_stop(locked, sent)
        entry = SpotEntry.objects.create(
            uuid=sent.uuid,
            check_of=locked,
            stop=stop,
            kind=sent.kind,
            mark=sent.mark,
            text=sent.text,
            entered_at=sent.entered_at,
            received_at=now,
        )
        if picture and sent.kind == Kind.SNAPSHOT:
            picture(entry)
        if stop is not None:
            _apply_entry(stop, sent, entry_time(locked, sent.entered_at, now))
        else:
            SpotCheck.objects.filter(pk=locked.pk).update(finished_at=now)
            answers.open_findings(locked, now)
    return entry, True


def entry_time(check: SpotCheck, entered_at: datetime, received_at: datetime) -> datetime:
    """Return when an entry was made: by the phone's clock, or received_at if that is off by more than WRONG_CLOCK."""
    possible = check.started_at - WRONG_CLOCK <= entered_at <= received_at + WRONG_CLOCK
    return min(max(entered_at, check.started_at), received_at) if possible else received_at


def redraw(check: SpotCheck) -> tuple[str, ...]:
    """Return the codes that the stored seed and weights give. If they differ from the stops, one of them was altered.

    Raises KeyError when the offices were not drawn.
    """
    stored = check.draw or {}
    return draw.draw(stored["seed"], {code: weight for code, _, _, weight in stored["candidates"]}, stored["count"])


def _required_checker(user: User) -> Checker:
    checker = checker_for(user)
    if checker is None:
        raise SpotCheckRefused(SpotCheckRefused.NOT_YOURS)
    return checker


def _start(
    user: User,
    checker: Checker,
    how: str,
    offices: Sequence[Office],
    reason: str,
    now: datetime,
    stored: StoredDraw | None,
) -> SpotCheck:
    if not offices:
        raise SpotCheckRefused(SpotCheckRefused.EMPTY)
    with transaction.atomic():
        check = SpotCheck.objects.create(
            by_id=user.pk or 0, role=checker.role, how=how, draw=stored, reason=reason.strip(), started_at=now
        )
        SpotStop.objects.bulk_create(
            SpotStop(check_of=check, place=place, kelurahan=office)
            if isinstance(office, Kelurahan)
            else SpotStop(check_of=check, place=place, kecamatan=office.kecamatan)
            for place, office in enumerate(offices, start=1)
        )
    return check


def _find_stop(check: SpotCheck, sent: PhoneEntry) -> SpotStop | None:
    if sent.kind == Kind.FINISH:
        return None
    stop = check.stops.filter(place=sent.place).first() if sent.place else None
    if stop is None:
        raise SpotCheckRefused(SpotCheckRefused.UNKNOWN)
    return stop


def _apply_entry(stop: SpotStop, sent: PhoneEntry, at: datetime) -> None:
    if sent.kind == Kind.MARK:
        stop.mark, stop.marked_at = SpotMark(sent.mark), at
        if stop.mark == SpotMark.CONDUCT:
            counter_clips.want_for_stop(stop, at)
    elif sent.kind == Kind.NOTE:
        stop.note = sent.text
    elif sent.kind == Kind.ITEMS:
        stop.items = known_items(sent.text.split(","))
    elif sent.kind == Kind.REMOVE:
        SpotPicture.objects.filter(entry__stop=stop, entry__uuid=sent.text, removed_at=None).update(removed_at=at)
    stop.save(update_fields=["mark", "marked_at", "note", "items"])
