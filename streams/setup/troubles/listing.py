"""The rows of the page of cameras: trouble first, by cause, longest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from streams.cameras.troubles.models import CameraDay, CameraNote, CameraTrouble
from streams.cameras.troubles.notes import Ticket, planned_work, tickets
from streams.cameras.troubles.rule import DAYS, Uptime, percent, uptime
from streams.setup.camera_health import ORDER, TROUBLE, CameraCondition


@dataclass(slots=True)
class ListedCamera:
    """One camera on the page. `since` is None while its trouble is too young to be stored."""

    condition: CameraCondition
    since: datetime | None = None
    ticket: Ticket = field(default_factory=Ticket)
    work: CameraNote | None = None  # planned work that is going on
    uptime: Uptime | None = None

    @property
    def heading(self) -> tuple[str, str]:
        """By what it is grouped: its cause when in trouble, else its group."""
        return self.condition.group, self.condition.cause

    @property
    def percent(self) -> float | None:
        """The share of the last 30 days in which it was well."""
        return percent(self.uptime.share) if self.uptime and self.uptime.share is not None else None


@dataclass(frozen=True, slots=True)
class CauseGroup:
    """The cameras of one heading on this page; `count` is their number on all pages."""

    first: CameraCondition
    rows: Sequence[ListedCamera]
    count: int


def listed(conditions: Iterable[CameraCondition], now: datetime) -> list[ListedCamera]:
    """Return the rows in the page's order, with their tickets. `conditions` are in the order of the places."""
    going_on = {one.camera_id: one for one in CameraTrouble.objects.filter(ended_at=None)}
    by_trouble = tickets(going_on.values())
    rows = []
    for condition in conditions:
        row = ListedCamera(condition)
        trouble = going_on.get(condition.camera.pk)
        if condition.group == TROUBLE and trouble:
            row.since, row.ticket = trouble.since, by_trouble[trouble.pk]
        rows.append(row)
    longest: dict[tuple[str, str], datetime] = {}
    for row in rows:
        longest[row.heading] = min(longest.get(row.heading, now), row.since or now)
    rows.sort(
        key=lambda row: (
            ORDER.index(row.condition.group),
            longest[row.heading],
            row.condition.state,
            row.since or now,
        )
    )
    return rows


def grouped(shown: Sequence[ListedCamera], everything: Iterable[ListedCamera]) -> list[CauseGroup]:
    """Return the rows of one page by their headings."""
    headings = list(dict.fromkeys(row.heading for row in shown))
    all_headings = [row.heading for row in everything]
    return [
        CauseGroup(rows[0].condition, rows, all_headings.count(heading))
        for heading in headings
        if (rows := [row for row in shown if row.heading == heading])
    ]


def complete(shown: Sequence[ListedCamera], today: date, now: datetime) -> None:
    """Add to the rows of one page what the others need not be asked for: uptime and planned work."""
    cameras = [row.condition.camera.pk for row in shown]
    days: dict[int, dict[date, tuple[float, float]]] = {}
    for camera, day, well_s, trouble_s in CameraDay.objects.filter(
        camera__in=cameras, day__gt=today - timedelta(days=DAYS)
    ).values_list("camera", "day", "well_s", "trouble_s"):
        days.setdefault(camera, {})[day] = (well_s, trouble_s)
    work = planned_work(cameras, now)
    for row in shown:
        row.uptime = uptime(days.get(row.condition.camera.pk, {}), today)
        row.work = work.get(row.condition.camera.pk)
