"""Gather what a daily report tells. Everything is as it was at the end of the day, also when this runs later."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q

from discipline.core.wording import name_of
from discipline.incidents.daily.contents import (
    AgencyTasks,
    CounterNumbers,
    DailyContents,
    ReportedIncident,
    ReportedNote,
    ReportedShift,
    ReportedTrouble,
    ResidentNumbers,
)
from discipline.incidents.models import Incident, IncidentStep
from discipline.incidents.room.models import RoomVisit
from discipline.incidents.shifts.duty import by_agency
from discipline.incidents.shifts.models import LogEntry, Shift
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.tasks.kept_rule import kept_or_missed, reached
from discipline.incidents.tasks.models import Task, TaskStep
from discipline.incidents.tasks.state_rule import TaskState
from discipline.reports.numbers import numerals, tables
from discipline.reports.numbers.columns import availability
from discipline.reports.numbers.counted import is_counted
from discipline.reports.numbers.figures import percent
from discipline.reports.numbers.period import PeriodKind, period_of
from discipline.reports.numbers.places import Level, OrgUnit
from offices.hours.schedule import local_day
from streams.cameras import words as camera_words
from streams.cameras.troubles.models import CameraTrouble


def gather(since: datetime, until: datetime, residents: ResidentNumbers | None) -> DailyContents:
    """Return what happened in [since, until). `residents`: numbers of residents' reports, which another room counts."""
    return DailyContents(
        since,
        until,
        incidents=list(_incidents(since, until)),
        tasks=_tasks(since, until),
        residents=residents,
        counters=_counters(since),
        troubles=list(_troubles(since, until)),
        shifts=list(_shifts(since, until)),
        notes=[
            ReportedNote(one.at, name_of(one.by), one.text)
            for one in LogEntry.objects.filter(at__gte=since, at__lt=until).select_related("by").order_by("at", "pk")
        ],
        visits=RoomVisit.objects.filter(
            ~Exists(RoomVisit.objects.filter(corrects=OuterRef("pk"), at__lt=until)),
            at__lt=until,
            came_at__gte=since,
            came_at__lt=until,
        ).count(),
    )


def _incidents(since: datetime, until: datetime) -> Iterator[ReportedIncident]:
    """Yield the incidents that were open at any time of the day, by priority and age."""
    steps = Prefetch("steps", IncidentStep.objects.filter(at__lt=until).order_by("pk"), to_attr="so_far")
    rows = Incident.objects.filter(opened_at__lt=until, changed_at__gte=since) | Incident.objects.filter(
        opened_at__lt=until
    ).exclude(state__in=[state.value for state in IncidentState if state.ended])
    loaded = rows.distinct().select_related("kind", "place", "near").prefetch_related(steps)
    for one in loaded.order_by("priority", "opened_at", "pk"):
        so_far: list[IncidentStep] = one.so_far  # type: ignore[attr-defined]  # by Prefetch
        state = IncidentState(so_far[-1].state) if so_far else IncidentState.NEW
        ended_at = so_far[-1].at if so_far and state.ended else None
        if ended_at and ended_at < since:  # its change after that was a note
            continue
        place = one.place.name if one.place else one.address or (one.near.name if one.near else "")
        yield ReportedIncident(
            one.number,
            one.title,
            one.kind.name,
            place,
            str(state.label),
            one.opened_at,
            _first(so_far, IncidentState.ACKNOWLEDGED),
            _first(so_far, IncidentState.HANDLED),
            ended_at,
        )


def _first(steps: list[IncidentStep], state: IncidentState) -> datetime | None:
    return next((step.at for step in steps if step.state == state.value), None)


def _tasks(since: datetime, until: datetime) -> list[AgencyTasks]:
    """Return the tasks that were asked for, done or due that day, by who was asked."""
    ours = Q(asked_at__gte=since) | Q(steps__at__gte=since, steps__at__lt=until)
    for name in ("acknowledge_by", "arrive_by", "finish_by"):
        ours |= Q(**{f"{name}__gte": since, f"{name}__lt": until})
    steps = Prefetch("steps", TaskStep.objects.filter(at__lt=until).order_by("pk"), to_attr="so_far")
    rows = Task.objects.filter(ours, asked_at__lt=until).distinct()
    found: dict[str, list[int]] = {}
    for task in rows.select_related("agency", "kelurahan__kecamatan").prefetch_related(steps):
        so_far: list[TaskStep] = task.so_far  # type: ignore[attr-defined]  # by Prefetch
        moves = [(TaskState(step.state), step.happened_at) for step in so_far]
        numbers = found.setdefault(task.who, [0, 0, 0, 0])
        numbers[0] += task.asked_at >= since
        numbers[1] += any(state is TaskState.DONE and at >= since for state, at in moves)
        if not (moves and moves[-1][0].dropped):
            kept, missed = kept_or_missed(task.deadlines, reached(moves, task.clock_at, until), since, until)
            numbers[2] += kept
            numbers[3] += missed
    return [AgencyTasks(who, *numbers) for who, numbers in sorted(found.items())]


def _counters(since: datetime) -> CounterNumbers | None:
    """Return the numbers of the service day that began after `since`."""
    city, period = OrgUnit(Level.CITY), period_of(PeriodKind.DAY, local_day(since))
    report = tables.build_report(city, period)
    total = report.total
    if not total.duty_s:
        return None
    return CounterNumbers(
        numerals.share(availability(total, report.floor)),
        numerals.share(percent(total.coverage)),
        numerals.hours(total.absent_s),
        total.indications,
        is_counted(city, period),
    )


def _troubles(since: datetime, until: datetime) -> Iterator[ReportedTrouble]:
    rows = CameraTrouble.objects.filter(Q(ended_at=None) | Q(ended_at__gte=since), since__lt=until)
    for one in rows.select_related("camera__place__kelurahan", "camera__place__kecamatan").order_by("since", "pk"):
        ended_at = one.ended_at if one.ended_at and one.ended_at < until else None
        cause = str(camera_words.cause(one.cause)[0])
        yield ReportedTrouble(one.camera.place.name, one.camera.name, cause, one.since, ended_at)


def _shifts(since: datetime, until: datetime) -> Iterator[ReportedShift]:
    rows = Shift.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since), started_at__lt=until)
    loaded = rows.select_related("chief", "handover__signature__signed_by").defer("handover__snapshot")
    for shift in loaded.order_by("started_at", "pk"):
        handover = getattr(shift, "handover", None)
        if handover and handover.made_at >= until:
            handover = None
        signature = getattr(handover, "signature", None)
        if signature and signature.signed_at >= until:
            signature = None
        members = shift.members.filter(Q(until=None) | Q(until__gt=since), since__lt=until)
        people = by_agency(members.select_related("user", "agency"))
        yield ReportedShift(
            shift.squad,
            name_of(shift.chief),
            shift.started_at,
            handover.made_at if handover else None,
            name_of(signature.signed_by) if signature else "",
            signature.signed_at if signature else None,
            tuple((agency, tuple(dict.fromkeys(name_of(one.user) for one in some))) for agency, some in people),
        )
