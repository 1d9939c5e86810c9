"""The result of a spot check as one user may see it, the draw behind it, and the link to share it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks import draw
from discipline.spotchecks.findings import answers
from discipline.spotchecks.models import OFFICE, Finding, SpotCheck, SpotMark, SpotPicture, SpotStop
from discipline.spotchecks.sample import stop_clips
from discipline.spotchecks.sample.items_rule import ConductItem
from discipline.spotchecks.sample.stop_clips import StopClip
from discipline.spotchecks.scope import stops_within
from discipline.staffing.models import Flip, StandingState
from offices.access.gate import Scope, User, kecamatan_offices, kelurahan_for, scope_of
from offices.hours.schedule import local_day
from offices.places.models import Counter, at_office

SALT = "sidak.spotcheck.share"
SHARED_FOR = timedelta(days=7)


class ShareExpired(Exception):
    """The shared address has expired."""


@dataclass(frozen=True, slots=True)
class OfficeResult:
    """One office of the result. `system_state` is its StandingState when it was marked, "" if unknown.

    items, clips: what was seen, and the clips of its counters; none unless it was marked CONDUCT.
    """

    stop: SpotStop
    system_state: str
    pictures: list[SpotPicture]
    finding: Finding | None
    off_duty: bool  # empty or closed outside its service hours, so there is no finding
    items: list[ConductItem]
    clips: list[StopClip]


@dataclass(frozen=True, slots=True)
class DrawTurn:
    """One candidate of the draw. place: its rank among all, from 1; turn: its waiting time in thousandths."""

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
    """The draw, repeated. A user gets the turns of offices in scope only, and `last` to compare them with.

    same: the stops are those that the draw gives; before: the number of draws by the same person earlier that day;
    unused: how many of those led to no finished check.
    """

    seed: str
    rule: int
    count: int
    candidates: int
    last: float  # the longest turn that was drawn, in thousandths
    turns: list[DrawTurn]
    same: bool
    before: int
    unused: int


def visible_checks(user: User, scope: Scope) -> QuerySet[SpotCheck]:
    """Return the checks that a user may read: finished ones with an office in scope, and the user's own."""
    own = Q(by=user.pk) if spotchecks.checker_for(user) else Q(pk__in=())
    finished = Q(finished_at__isnull=False)
    if not scope.city:
        finished &= Q(pk__in=SpotStop.objects.filter(stops_within(scope)).values("check_of"))
    return SpotCheck.objects.filter(own | finished).select_related("by")


def office_results(check: SpotCheck, user: User) -> list[OfficeResult]:
    """Return the check's offices in the user's scope, in the order of the round."""
    stops = check.stops.filter(stops_within(scope_of(user))).select_related(*OFFICE)
    shown = list(stops.order_by("place"))
    findings = {finding.stop_id: finding for finding in Finding.objects.filter(stop__in=shown)}
    taken: dict[int, list[SpotPicture]] = defaultdict(list)
    for picture in SpotPicture.objects.filter(entry__stop__in=shown, removed_at=None).select_related("entry", "camera"):
        taken[picture.entry.stop_id or 0].append(picture)
    clips = stop_clips.clips_of(stop.pk for stop in shown if stop.mark == SpotMark.CONDUCT)
    return [
        OfficeResult(
            stop=stop,
            system_state=_system_state(stop),
            pictures=taken[stop.pk],
            finding=findings.get(stop.pk),
            off_duty=stop.mark in answers.OF_DUTY and stop.pk not in findings,
            items=[ConductItem(code) for code in stop.items] if stop.mark == SpotMark.CONDUCT else [],
            clips=clips[stop.pk],
        )
        for stop in shown
    ]


def count_marks(shown: Sequence[OfficeResult]) -> list[tuple[SpotMark, int]]:
    """Return the number of offices per mark, in the order of SpotMark; marks that no office got are omitted."""
    marks = [part.stop.mark for part in shown]
    return [(mark, marks.count(mark)) for mark in SpotMark if mark in marks]


def count_marks_by_check(checks: Sequence[SpotCheck], scope: Scope) -> dict[int, list[tuple[SpotMark, int]]]:
    """Return count_marks of the offices in scope by check id, in one query."""
    stops = SpotStop.objects.filter(stops_within(scope), check_of__in=checks).exclude(mark="").order_by()
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for pk, mark, number in stops.values_list("check_of", "mark").annotate(Count("pk")):
        counts[pk][mark] = number
    return {check.pk: [(m, counts[check.pk][m]) for m in SpotMark if m in counts[check.pk]] for check in checks}


def repeat_draw(check: SpotCheck, user: User) -> RepeatedDraw | None:
    """Repeat the draw of a check; None when its offices were chosen by hand."""
    if not check.draw:
        return None
    stored, drawn = check.draw, spotchecks.redraw(check)
    weights = {code: weight for code, _, _, weight in stored["candidates"]}
    order = sorted(weights, key=lambda code: (draw.waiting_time(stored["seed"], code, weights[code]), code))
    place_of = {code: place for place, code in enumerate(order, start=1)}
    names = dict(kelurahan_for(user).values_list("code", "name"))
    names |= {office.code: office.name for office in kecamatan_offices(scope_of(user))}
    turns = [
        DrawTurn(
            place_of[code],
            code,
            names[code],
            days,
            troubles,
            weight,
            _turn(stored["seed"], code, weight),
            code in drawn,
        )
        for code, days, troubles, weight in stored["candidates"]
        if code in names
    ]
    earlier = SpotCheck.objects.filter(by=check.by_id, how=SpotCheck.How.DRAW, started_at__lt=check.started_at)
    earlier = earlier.filter(started_at__date=local_day(check.started_at))
    stops = tuple(check.stops.order_by("place").values_list(Coalesce("kelurahan__code", "kecamatan__code"), flat=True))
    return RepeatedDraw(
        seed=stored["seed"],
        rule=stored["rule"],
        count=stored["count"],
        candidates=len(weights),
        last=_turn(stored["seed"], drawn[-1], weights[drawn[-1]]),
        turns=sorted(turns, key=lambda turn: turn.place),
        same=stops == drawn,
        before=earlier.count(),
        unused=earlier.filter(finished_at=None).count(),
    )


def share_token(check: SpotCheck) -> str:
    """Return a signed token for the shared address, valid for SHARED_FOR."""
    return signing.dumps(check.pk, salt=SALT)


def check_from_token(token: str) -> int:
    """Return the id of the check that a shared address names.

    Raises ShareExpired, or ValueError when the token was not signed here.
    """
    try:
        return int(signing.loads(token, salt=SALT, max_age=SHARED_FOR))
    except signing.SignatureExpired as error:
        raise ShareExpired from error
    except signing.BadSignature as error:
        raise ValueError("the token has no valid signature") from error


def _turn(seed: str, code: str, weight: int) -> float:
    """Return the waiting time in thousandths, as the pages show it."""
    return 1000 * draw.waiting_time(seed, code, weight)


def _system_state(stop: SpotStop) -> str:
    """Return the worst state of the office's counters when it was marked, by their flips; "" if unknown."""
    at: datetime | None = stop.marked_at
    if at is None:
        return ""
    states: list[str] = []
    for counter in Counter.objects.filter(at_office(stop.office), active=True):
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
