"""One office now and today: its counters with their strips, its indications, its cameras."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from discipline.board import rows as board_rows
from discipline.staffing import rule as staffing_rule
from discipline.staffing.day_strip import Strip, draw_strip
from discipline.staffing.models import Flip, Standing
from offices.hours.duty import DutyDay
from offices.hours.schedule import ZONE, Schedule, local_day
from offices.places.models import Counter, Kelurahan
from streams.cameras.models import Camera

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CounterToday:
    """A counter's part of the office page: its dict of board.rows, its day, and its strip (None without duty)."""

    said: Row
    day: DutyDay
    strip: Strip | None


def local_midnight(now: datetime) -> datetime:
    return datetime.combine(local_day(now), time(), tzinfo=ZONE)


def office_snapshot(office: Kelurahan) -> tuple[list[Row], list[Row]]:
    """The office's row, and its indications of today, for its live line."""
    return [board_rows.office_row(office)], board_rows.office_indications(office, local_midnight(timezone.now()))


def counters_today(row: Row, now: datetime) -> list[CounterToday]:
    """For each counter of an office's row. A handful of queries, however many counters."""
    pks = [counter["id"] for counter in row["counters"]]
    schedule = Schedule(pks)
    start = local_midnight(now)
    flips: dict[int, list[Flip]] = defaultdict(list)
    for flip in Flip.objects.filter(counter__in=pks, at__gte=start, at__lt=start + timedelta(days=1)):
        flips[flip.counter_id].append(flip)
    standings = Standing.objects.in_bulk(pks)
    today = []
    for said in row["counters"]:
        day = schedule.day(said["id"], local_day(now))
        own = flips[said["id"]]
        standing = standings.get(said["id"])
        before = own[0].old if own else standing.state if standing else staffing_rule.State.CLOSED
        drawn = draw_strip([flip.as_rule_flip() for flip in own], day.intervals, now, staffing_rule.State(before))
        today.append(CounterToday(said, day, drawn))
    return today


def office_cameras(office: Kelurahan) -> list[Camera]:
    return list(Camera.objects.filter(kelurahan=office, enabled=True).order_by("name"))


def counter_names(office: Kelurahan) -> dict[int, str]:
    return dict(Counter.objects.filter(kelurahan=office).values_list("pk", "name"))
