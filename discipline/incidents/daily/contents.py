"""What a daily report tells, as rows for its tables. Pure."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReportedIncident:
    """An incident; state: its words at the end of the day. Times are None for what had not happened by then."""

    number: str
    title: str
    kind: str
    place: str
    state: str
    opened_at: datetime
    acknowledged_at: datetime | None
    handled_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AgencyTasks:
    """The tasks of an agency or kelurahan: how many it was asked for that day, and deadlines of that day."""

    who: str
    asked: int
    done: int
    kept: int
    missed: int


@dataclass(frozen=True, slots=True)
class ResidentNumbers:
    """Residents' reports: how many came, were verified, ended and how many passed a deadline that day; those open."""

    came: int = 0
    verified: int = 0
    ended: int = 0
    late: int = 0
    open: int = 0
    by_kind: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CounterNumbers:
    """The counters' numbers of the service day: in words, as reports show them; counted: the day is counted."""

    availability: str
    coverage: str
    absent: str
    indications: int
    counted: bool


@dataclass(frozen=True, slots=True)
class ReportedTrouble:
    """A camera in trouble; ended_at: None if it still was at the end of the day."""

    place: str
    camera: str
    cause: str
    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReportedShift:
    """A shift; people: names by agency.

    handed_over_at, signed_by and signed_at are None or "" if that had not happened by the end of the day.
    """

    squad: str
    chief: str
    started_at: datetime
    handed_over_at: datetime | None
    signed_by: str
    signed_at: datetime | None
    people: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ReportedNote:
    """An entry of the log book."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class DailyContents:
    """All of a report. `counters`: None on a day without duty. `residents`: None if nobody counted them."""

    since: datetime
    until: datetime
    incidents: list[ReportedIncident] = field(default_factory=list)
    tasks: list[AgencyTasks] = field(default_factory=list)
    residents: ResidentNumbers | None = None
    counters: CounterNumbers | None = None
    troubles: list[ReportedTrouble] = field(default_factory=list)
    shifts: list[ReportedShift] = field(default_factory=list)
    notes: list[ReportedNote] = field(default_factory=list)
    visits: int = 0

    def by_kind(self) -> list[tuple[str, dict[str, int]]]:
        """Return the number of incidents by type and, in that, by state; both in the order of their first row."""
        found: dict[str, dict[str, int]] = {}
        for one in sorted(self.incidents, key=lambda one: one.kind):
            states = found.setdefault(one.kind, {})
            states[one.state] = states.get(one.state, 0) + 1
        return list(found.items())
