"""One office today: its counters with their strips, its indications and its cameras."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from discipline.board import rows as board_rows
from discipline.board.payloads import CounterRow, IndicationRow
from discipline.staffing import rule as staffing_rule
from discipline.staffing.day_strip import Strip, draw_strip
from discipline.staffing.models import Flip, Standing
from offices.hours.duty import DutyDay
from offices.hours.schedule import ZONE, Schedule, local_day
from offices.places.models import Counter, Kelurahan
from streams.cameras.models import Camera


@dataclass(frozen=True, slots=True)
class CounterToday:
    """A counter's part of the office page: its row, its day, and its strip (None on a day without duty)."""

    row: CounterRow
    day: DutyDay
    strip: Strip | None


def local_midnight(now: datetime) -> datetime:
    """Return the start of the local day (WIB)."""
    return datetime.combine(local_day(now), time(), tzinfo=ZONE)


def indications_today(office: Kelurahan) -> list[IndicationRow]:
    """Return the office's indications of today, for its socket."""
    return board_rows.office_indications(office, local_midnight(timezone.now()))


def counters_today(counters: Sequence[CounterRow], now: datetime) -> list[CounterToday]:
    """Return the day of each counter. Six queries, however many counters."""
    pks = [counter["id"] for counter in counters]
    schedule = Schedule(pks)
    start = local_midnight(now)
    flips: dict[int, list[Flip]] = defaultdict(list)
    for flip in Flip.objects.filter(counter__in=pks, at__gte=start, at__lt=start + timedelta(days=1)):
        flips[flip.counter_id].append(flip)
    standings = Standing.objects.in_bulk(pks)
    today = []
    for counter in counters:
        day = schedule.day(counter["id"], local_day(now))
        own = flips[counter["id"]]
        standing = standings.get(counter["id"])
        before = own[0].old if own else standing.state if standing else staffing_rule.State.CLOSED
        drawn = draw_strip([flip.as_rule_flip() for flip in own], day.intervals, now, staffing_rule.State(before))
        today.append(CounterToday(counter, day, drawn))
    return today


def office_cameras(office: Kelurahan) -> list[Camera]:
    """Return the office's cameras in use, ordered by name."""
    return list(Camera.objects.filter(kelurahan=office, enabled=True).order_by("name"))


def counter_names(office: Kelurahan) -> dict[int, str]:
    """Return the names of the office's counters by id."""
    return dict(Counter.objects.filter(kelurahan=office).values_list("pk", "name"))
