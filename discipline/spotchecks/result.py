"""A finished spot check as one user may see it: own offices' part, the draw behind it, the link to pass on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db.models import Count, Q

from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks import draw
from discipline.spotchecks.findings import answers
from discipline.spotchecks.models import Finding, SpotCheck, SpotMark, SpotPicture, SpotStop
from discipline.staffing.models import Flip, StandingState
from offices.access.gate import Scope, User, kelurahan_for, scope_of, within
from offices.hours.schedule import local_day
from offices.places.models import Counter

SALT = "sidak.spotcheck.share"
SHARED_FOR = timedelta(days=7)


class ShareExpired(Exception):
    """The shared address has run out."""


@dataclass(frozen=True, slots=True)
class OfficeResult:
    """One office of the result. `said` is what the system said of it at that moment, "" when nothing is known."""

    stop: SpotStop
    said: str
    pictures: list[SpotPicture]
    finding: Finding | None
    off_duty: bool  # empty or shut outside its hours: noted, and held against nobody


@dataclass(frozen=True, slots=True)
class DrawTurn:
    """One candidate of the draw: its place among all turns, and whether it was drawn."""

    place: int
    code: str
    name: str
    unchecked_days: int | None
    troubles: int
    weight: int
    turn: float
    drawn: bool


@dataclass(frozen=True, slots=True)
class RepeatedDraw:
    """The draw, worked out again. A camat or lurah gets own offices' lines, and `last` to compare them with.

    `before`: draws by the same person earlier that day; `unused` of them led to no finished check.
    """

    seed: str
    rule: int
    count: int
    candidates: int
    last: float  # the longest turn that was drawn
    turns: list[DrawTurn]
    same: bool
    before: int
    unused: int


def visible_checks(user: User, scope: Scope) -> Any:
    """The checks that a user may read: finished ones with an office in scope, and own ones."""
    own = Q(by=user.pk) if spotchecks.checker_for(user) else Q(pk__in=())
    finished = Q(finished_at__isnull=False)
    if not scope.city:
        finished &= Q(pk__in=SpotStop.objects.filter(within(scope, "kelurahan")).values("check_of"))
    return SpotCheck.objects.filter(own | finished).select_related("by")


def office_results(check: SpotCheck, user: User) -> list[OfficeResult]:
    """The offices in the user's scope, in their order."""
    stops = check.stops.filter(within(scope_of(user), "kelurahan")).select_related("kelurahan__kecamatan")
    shown = list(stops.order_by("place"))
    findings = {one.stop_id: one for one in Finding.objects.filter(stop__in=shown)}
    taken: dict[int, list[SpotPicture]] = defaultdict(list)
    for picture in SpotPicture.objects.filter(entry__stop__in=shown).select_related("entry", "camera"):
        taken[picture.entry.stop_id or 0].append(picture)
    return [
        OfficeResult(
            stop=stop,
            said=_state_then(stop),
            pictures=taken[stop.pk],
            finding=findings.get(stop.pk),
            off_duty=stop.mark in answers.OF_DUTY and stop.pk not in findings,
        )
        for stop in shown
    ]


def count_marks(shown: Sequence[OfficeResult]) -> list[tuple[Any, int]]:
    """How many offices got which mark; those that got none at the end."""
    marks = [part.stop.mark for part in shown]
    return [(mark, marks.count(mark)) for mark in SpotMark if mark in marks]


def count_marks_by_check(checks: Sequence[SpotCheck], scope: Scope) -> dict[int, list[tuple[Any, int]]]:
    """The same of many checks, by key, in one query: only offices in scope are counted."""
    stops = SpotStop.objects.filter(within(scope, "kelurahan"), check_of__in=checks).exclude(mark="").order_by()
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for pk, mark, number in stops.values_list("check_of", "mark").annotate(Count("pk")):
        found[pk][mark] = number
    return {check.pk: [(m, found[check.pk][m]) for m in SpotMark if m in found[check.pk]] for check in checks}


def repeat_draw(check: SpotCheck, user: User) -> RepeatedDraw | None:
    """None when the offices were chosen by hand."""
    if not check.draw:
        return None
    kept, drawn = check.draw, spotchecks.redraw(check)
    weights = {code: weight for code, _, _, weight in kept["candidates"]}
    order = sorted(weights, key=lambda code: (draw.waiting_time(kept["seed"], code, weights[code]), code))
    place_of = {code: place for place, code in enumerate(order, start=1)}
    names = dict(kelurahan_for(user).values_list("code", "name"))
    turns = [
        DrawTurn(
            place_of[code], code, names[code], days, troubles, weight, _turn(kept["seed"], code, weight), code in drawn
        )
        for code, days, troubles, weight in kept["candidates"]
        if code in names
    ]
    earlier = SpotCheck.objects.filter(by=check.by_id, how=SpotCheck.How.DRAW, started_at__lt=check.started_at)
    earlier = earlier.filter(started_at__date=local_day(check.started_at))
    stops = tuple(check.stops.order_by("place").values_list("kelurahan__code", flat=True))
    return RepeatedDraw(
        seed=kept["seed"],
        rule=kept["rule"],
        count=kept["count"],
        candidates=len(weights),
        last=_turn(kept["seed"], drawn[-1], weights[drawn[-1]]),
        turns=sorted(turns, key=lambda one: one.place),
        same=stops == drawn,
        before=earlier.count(),
        unused=earlier.filter(finished_at=None).count(),
    )


def share_token(check: SpotCheck) -> str:
    return signing.dumps(check.pk, salt=SALT)


def check_from_token(token: str) -> int:
    """The check that a shared address names. Expired; ValueError when it was never given out."""
    try:
        return int(signing.loads(token, salt=SALT, max_age=SHARED_FOR))
    except signing.SignatureExpired as error:
        raise ShareExpired from error
    except signing.BadSignature as error:
        raise ValueError("no such address") from error


def _turn(seed: str, code: str, weight: int) -> float:
    """In thousandths, as people compare them."""
    return 1000 * draw.waiting_time(seed, code, weight)


def _state_then(stop: SpotStop) -> str:
    """The worst state of the office's counters at that moment, by their flips."""
    at: datetime | None = stop.marked_at
    if at is None:
        return ""
    states = []
    for counter in Counter.objects.filter(kelurahan=stop.kelurahan_id, active=True):
        last = Flip.objects.filter(counter=counter, at__lte=at).order_by("-at", "-pk").values_list("new", flat=True)
        if state := last.first():
            states.append(state)
    order = (
        StandingState.ABSENT,
        StandingState.UNKNOWN,
        StandingState.GRACE,
        StandingState.STAFFED,
        StandingState.CLOSED,
    )
    return next((state.value for state in order if state in states), "")
