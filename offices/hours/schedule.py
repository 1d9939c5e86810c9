"""The duty of every counter, computed from hours, holidays and closures in the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from offices.hours.duty import ClosedPeriod, DayOverride, DutyDay, Interval, duty_day, plan_of
from offices.hours.models import Closure, HolidayOverride, HoursPlan
from offices.hours.national import national_holidays
from offices.places.models import Counter

ZONE = ZoneInfo(settings.TIME_ZONE)
DAY = timedelta(days=1)
FARTHEST_DAYS = 30  # how far ahead the next opening is searched: longer than any series of holidays


def local_day(at: datetime) -> date:
    """Return the local day (WIB) of a time."""
    return at.astimezone(ZONE).date()


@dataclass(frozen=True, slots=True)
class HoursBasis:
    """The rows behind a counter's hours on one day; `holiday` is the national holiday's name or ""."""

    plan: HoursPlan | None
    holiday: str
    override: HolidayOverride | None
    closures: tuple[Closure, ...]


class Schedule:
    """A snapshot of everything that determines duty, loaded in four queries; days are computed on demand.

    By default it covers all active counters; `counters` limits it to these ids, `retired` adds inactive ones.
    """

    def __init__(self, counters: Iterable[int] | None = None, *, retired: bool = False) -> None:
        rows = Counter.objects.select_related("kelurahan", "place")
        if not retired:
            rows = rows.filter(active=True)
        if counters is not None:
            rows = rows.filter(pk__in=counters)
        plans, closures = list(HoursPlan.objects.all()), list(Closure.objects.all())
        self._plan_rows = {c.pk: tuple(plan for plan in plans if plan.covers(c)) for c in rows}
        self._closures = {c.pk: tuple(shut for shut in closures if shut.covers(c)) for c in rows}
        self._override_rows = {row.day: row for row in HolidayOverride.objects.all()}
        self._plans = {pk: tuple(plan.as_plan() for plan in found) for pk, found in self._plan_rows.items()}
        self._shuts = {
            pk: tuple(ClosedPeriod(shut.starts_at, shut.ends_at, shut.reason) for shut in found)
            for pk, found in self._closures.items()
        }
        self._overrides = {row.day: DayOverride(row.day, row.open, row.name) for row in self._override_rows.values()}
        self._days: dict[tuple[int, date], DutyDay] = {}
        self._around: dict[tuple[int, date], tuple[Interval, ...]] = {}

    def __contains__(self, counter: int) -> bool:
        return counter in self._plans

    def day(self, counter: int, day: date) -> DutyDay:
        """Return a counter's duty on one local day. A counter outside the snapshot has none."""
        key = counter, day
        if key not in self._days:
            self._days[key] = duty_day(
                day,
                self._plans.get(counter, ()),
                national_holidays([day.year]),
                self._overrides,
                self._shuts.get(counter, ()),
                ZONE,
            )
        return self._days[key]

    def basis(self, counter: int, day: date) -> HoursBasis:
        """Return the rows behind a counter's hours on one local day."""
        plan = plan_of(day, self._plans.get(counter, ()))
        rows = zip(self._plans.get(counter, ()), self._plan_rows.get(counter, ()), strict=True)
        start = datetime.combine(day, time(), tzinfo=ZONE)
        return HoursBasis(
            plan=next((row for candidate, row in rows if candidate is plan), None),
            holiday=national_holidays([day.year]).get(day, ""),
            override=self._override_rows.get(day),
            closures=tuple(
                shut
                for shut in self._closures.get(counter, ())
                if shut.starts_at < start + DAY and start < shut.ends_at
            ),
        )

    def duty(self, counter: int, at: datetime) -> tuple[Interval, ...]:
        """Return duty intervals in order, from the day before `at` to the next day after it that has any."""
        today = local_day(at)
        key = counter, today
        if key not in self._around:
            intervals = [*self.day(counter, today - DAY).intervals, *self.day(counter, today).intervals]
            for ahead in range(1, FARTHEST_DAYS):
                if later := self.day(counter, today + ahead * DAY).intervals:
                    intervals += later
                    break
            self._around[key] = tuple(intervals)
        return self._around[key]


class ScheduleCache:
    """A Schedule that is reloaded when older than `for_s` seconds: edits take effect within that time, or at once in a
    process that calls `forget`.
    """

    def __init__(self, for_s: float = 15.0) -> None:
        self._for = timedelta(seconds=for_s)
        self._loaded_at: datetime | None = None
        self._schedule: Schedule | None = None

    def get(self, now: datetime | None = None) -> Schedule:
        """Return a current Schedule."""
        now = now or timezone.now()
        # abs: after the clock was set back, an old snapshot must not stay in use.
        if self._schedule is None or self._loaded_at is None or abs(now - self._loaded_at) > self._for:
            self._schedule, self._loaded_at = Schedule(), now
        return self._schedule

    def forget(self) -> None:
        """Reload the schedule on its next use."""
        self._schedule = None
