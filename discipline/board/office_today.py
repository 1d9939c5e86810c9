"""One office today, or on an earlier day: its counters with their strips, its indications and its cameras."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from discipline.alerts.models import Alert
from discipline.alerts.rulings import rulings_by_counter
from discipline.board import rows as board_rows
from discipline.board.payloads import CounterRow, IndicationRow
from discipline.staffing import rule as staffing_rule
from discipline.staffing.alert_kinds import ACCUSATIONS
from discipline.staffing.day_strip import Strip, draw_strip
from discipline.staffing.models import Flip, Standing
from offices.hours.duty import DutyDay
from offices.hours.schedule import DAY, ZONE, Schedule, local_day
from offices.places.models import Counter, Office, at_office
from streams.cameras.models import Camera


@dataclass(frozen=True, slots=True)
class CounterToday:
    """A counter's part of the page: its row of now, its hours, and its strip (None on a day without duty)."""

    row: CounterRow
    day: DutyDay
    strip: Strip | None


def local_midnight(now: datetime) -> datetime:
    """Return the start of the local day (WIB)."""
    return datetime.combine(local_day(now), time(), tzinfo=ZONE)


def indications_today(office: Office) -> list[IndicationRow]:
    """Return the office's indications of today, for its socket."""
    return office_indications(office, local_midnight(timezone.now()))


def office_indications(office: Office, since: datetime) -> list[IndicationRow]:
    """Return the office's indications that are open or ended at `since` or later, newest first, at most 200."""
    return board_rows.indication_rows(_open_since(office, since), 200)


def count_office_indications(office: Office, since: datetime) -> int:
    """Count those of office_indications that reports count: no camera faults, no false alarms."""
    return Alert.objects.counted().filter(_open_since(office, since), kind__in=ACCUSATIONS).count()


def _open_since(office: Office, since: datetime) -> Q:
    return at_office(office, "counter") & (Q(ended_at=None) | Q(ended_at__gte=since))


def counters_today(counters: Sequence[CounterRow], now: datetime) -> list[CounterToday]:
    """Return the day of each counter. Eight queries, however many counters."""
    return counters_on(counters, local_day(now), now)


def counters_on(counters: Sequence[CounterRow], day: date, now: datetime) -> list[CounterToday]:
    """Return each counter's local day, with decisions taken into account, as far as it is known at `now`.

    The strip is None also on days before the counter was watched.
    """
    pks = [counter["id"] for counter in counters]
    schedule = Schedule(pks)
    start = datetime.combine(day, time(), tzinfo=ZONE)
    flips: dict[int, list[Flip]] = defaultdict(list)
    # Those of the day after may reach back over midnight.
    for flip in Flip.objects.filter(counter__in=pks, at__gte=start, at__lt=start + 2 * DAY):
        flips[flip.counter_id].append(flip)
    standings = Standing.objects.in_bulk(pks)
    rulings = rulings_by_counter(pks, start, start + DAY, now)
    found = []
    for counter in counters:
        pk, hours = counter["id"], schedule.day(counter["id"], day)
        own = flips[pk]
        before = _state_before(own, pk, start, standings.get(pk), day == local_day(now))
        drawn = None
        if before is not None:
            changes = [flip.as_rule_flip() for flip in own]
            drawn = draw_strip(changes, hours.intervals, now, before, rulings.get(pk, ()))
        found.append(CounterToday(counter, hours, drawn))
    return found


def _state_before(
    own: Sequence[Flip], counter: int, start: datetime, standing: Standing | None, is_today: bool
) -> staffing_rule.State | None:
    """Return the state at `start`, None if the counter was not watched yet on a past day that began then.

    `own` are its flips of the day and the day after.
    """
    if is_today:
        state = own[0].old if own else standing.state if standing else staffing_rule.State.CLOSED
        return staffing_rule.State(state)
    others = Flip.objects.filter(counter=counter)
    if (not own or local_day(own[0].at) != local_day(start)) and not others.filter(at__lt=start).exists():
        return None
    following = own[0] if own else others.filter(at__gte=start).order_by("at", "pk").first()
    if following is None:
        return staffing_rule.State(standing.state) if standing else None
    return staffing_rule.State(following.old)


def office_cameras(office: Office) -> list[Camera]:
    """Return the office's cameras in use, ordered by name."""
    return list(Camera.objects.filter(at_office(office), enabled=True).order_by("name"))


def counter_names(office: Office) -> dict[int, str]:
    """Return the names of the office's counters by id."""
    return dict(Counter.objects.filter(at_office(office)).values_list("pk", "name"))
