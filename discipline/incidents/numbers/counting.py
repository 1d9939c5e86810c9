"""Count a month: its incidents by type and kecamatan, its tasks by agency, its reports of residents by office."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from operator import itemgetter

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from discipline.incidents.models import Incident, IncidentStep
from discipline.incidents.numbers.statistics_rule import Spread, spread
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.tasks.deadline_rule import Deadline
from discipline.incidents.tasks.kept_rule import kept_or_missed, reached
from discipline.incidents.tasks.models import Task, TaskStep
from discipline.incidents.tasks.state_rule import TaskState
from discipline.reports.numbers import tables
from discipline.reports.numbers.figures import Sums
from discipline.reports.numbers.period import DAY, Period
from discipline.reports.numbers.places import Level, OrgUnit
from offices.hours.schedule import ZONE

CountReports = Callable[[datetime, datetime], dict[str, int]]
_counters: list[CountReports] = []


@dataclass(frozen=True, slots=True)
class TimesLine:
    """A row: how many incidents or tasks, and their times from the opening or asking. kept, missed: of tasks."""

    name: str
    number: int
    acknowledge: Spread
    arrive: Spread
    close: Spread
    kept: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """An office: the residents' reports about it beside what was seen at its counters."""

    name: str
    kecamatan: str
    reports: int
    sums: Sums


@dataclass(frozen=True, slots=True)
class MonthNumbers:
    """The numbers of a month. `floor`: percent of coverage below which an office has too little data."""

    month: Period
    total: TimesLine
    kinds: list[TimesLine]
    kecamatan: list[TimesLine]
    agencies: list[TimesLine]
    places: list[PlaceLine]
    floor: int


@dataclass(frozen=True, slots=True)
class Course:
    """One incident or task: what happened how long after the beginning; None if it did not, or not yet."""

    acknowledge: timedelta | None
    arrive: timedelta | None
    close: timedelta | None
    kept: int = 0
    missed: int = 0


def register_reports(count: CountReports) -> None:
    """Register who counts residents' reports about offices in [since, until), by OrgUnit.key."""
    _counters[:] = [count]


def month_numbers(month: Period, now: datetime) -> MonthNumbers:
    """Return the numbers of what began in the month, as it stands now. Duplicates don't count."""
    since, until = bounds(month)
    incidents = list(_incidents(since, until, now))
    return MonthNumbers(
        month,
        _line("", [course for _kind, _area, course in incidents]),
        _grouped((kind, course) for kind, _area, course in incidents),
        _grouped((area, course) for _kind, area, course in incidents),
        _grouped(_tasks(since, until, now)),
        *_places(month, since, until),
    )


def bounds(month: Period) -> tuple[datetime, datetime]:
    """Return the first moment of the month, and that after its last."""
    first, after = (datetime.combine(day, time(), ZONE) for day in (month.first, month.last + DAY))
    return first, after


def _incidents(since: datetime, until: datetime, now: datetime) -> Iterable[tuple[str, str, Course]]:
    """Yield the name of the type, that of the kecamatan, and the course of each incident.

    Whoever opens one has acknowledged it at once: that is no time of waiting. It was reached when the first officer
    was there, by the officer's own clock.
    """
    steps = Prefetch("steps", IncidentStep.objects.order_by("pk"), to_attr="so_far")
    of_tasks = Prefetch("steps", TaskStep.objects.order_by("pk"), to_attr="so_far")
    tasks = Prefetch("tasks", Task.objects.prefetch_related(of_tasks), to_attr="asked")
    rows = Incident.objects.filter(opened_at__gte=since, opened_at__lt=until)
    rows = rows.exclude(state=IncidentState.DUPLICATE.value).select_related("kind", "near__kecamatan")
    for one in rows.prefetch_related(steps, tasks):
        first: dict[str, timedelta] = {}
        for step in one.so_far:  # type: ignore[attr-defined]  # by Prefetch
            first.setdefault(step.state, max(step.at - one.opened_at, timedelta()))
        closed = first.get(IncidentState.CLOSED.value) if one.status is IncidentState.CLOSED else None
        acknowledged = first.get(IncidentState.ACKNOWLEDGED.value)
        if one.opened_by_id and not acknowledged:
            acknowledged = None
        arrivals = [_arrival(task, now) for task in one.asked]  # type: ignore[attr-defined]  # by Prefetch
        arrived = min((max(at - one.opened_at, timedelta()) for at in arrivals if at), default=None)
        course = Course(acknowledged, arrived, closed)
        yield one.kind.name, one.near.kecamatan.name if one.near else _("tanpa kecamatan"), course


def _arrival(task: Task, now: datetime) -> datetime | None:
    """Return when an officer was first there; None for a task that was dropped. Needs `so_far`."""
    moves = [(step.status, step.happened_at) for step in task.so_far]  # type: ignore[attr-defined]  # by Prefetch
    return None if task.status.dropped else reached(moves, task.asked_at, now).get(Deadline.ARRIVE)


def _tasks(since: datetime, until: datetime, now: datetime) -> Iterable[tuple[str, Course]]:
    """Yield who was asked and the course of each task; those declined or cancelled have no times.

    The times are from the asking. Deadlines count from when the task was last sent back.
    """
    steps = Prefetch("steps", TaskStep.objects.order_by("pk"), to_attr="so_far")
    rows = Task.objects.filter(asked_at__gte=since, asked_at__lt=until).select_related("agency", "kelurahan__kecamatan")
    for task in rows.prefetch_related(steps):
        moves = [(step.status, step.happened_at) for step in task.so_far]  # type: ignore[attr-defined]  # by Prefetch
        if task.status.dropped:
            yield task.who, Course(None, None, None)
            continue
        done = reached(moves, task.asked_at, now)
        kept, missed = kept_or_missed(task.deadlines, reached(moves, task.clock_at, now), task.asked_at, now)
        finished = max((at for state, at in moves if state is TaskState.DONE), default=None)
        yield (
            task.who,
            Course(
                _since(done.get(Deadline.ACKNOWLEDGE), task),
                _since(done.get(Deadline.ARRIVE), task),
                _since(finished if task.status is TaskState.DONE else None, task),
                kept,
                missed,
            ),
        )


def _since(at: datetime | None, task: Task) -> timedelta | None:
    return at - task.asked_at if at else None


def _grouped(courses: Iterable[tuple[str, Course]]) -> list[TimesLine]:
    """Return a line for each name, the most frequent first."""
    found: dict[str, list[Course]] = {}
    for name, course in courses:
        found.setdefault(name, []).append(course)
    return [_line(name, some) for name, some in sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))]


def _line(name: str, courses: list[Course]) -> TimesLine:
    return TimesLine(
        name,
        len(courses),
        spread(one.acknowledge for one in courses if one.acknowledge is not None),
        spread(one.arrive for one in courses if one.arrive is not None),
        spread(one.close for one in courses if one.close is not None),
        sum(one.kept for one in courses),
        sum(one.missed for one in courses),
    )


def _places(month: Period, since: datetime, until: datetime) -> tuple[list[PlaceLine], int]:
    """Return the offices with reports about them, the most first, and ReportData.floor."""
    counts = _counters[0](since, until) if _counters else {}
    city = OrgUnit(Level.CITY)
    report = tables.build_report(city, month)
    offices = [*report.lines_of(Level.KELURAHAN), *tables.kecamatan_office_lines(city, month)]
    by_key = {line.key: line for line in offices}
    lines = [
        PlaceLine(by_key[key].name, by_key[key].parent, number, by_key[key].sums)
        for key, number in sorted(counts.items(), key=itemgetter(0))
        if key in by_key
    ]
    return sorted(lines, key=lambda line: -line.reports), report.floor
