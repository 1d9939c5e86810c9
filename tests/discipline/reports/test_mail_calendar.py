"""When reports are mailed: each once, on the morning after its period, and later if no worker ran then."""

from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from discipline.reports.mail.calendar import CATCH_UP, due_at, due_periods
from discipline.reports.numbers.period import DAY, Period, PeriodKind, parse_period, period_of
from offices.hours.schedule import ZONE

MONDAY = date(2026, 11, 16)
FIRST, LAST = MONDAY, date(2027, 1, 17)  # includes the end of a month and of a year
HALF_PAST_SIX = 390  # minutes of a day


def at(day: date, minute: int = HALF_PAST_SIX) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZONE) + timedelta(minutes=minute)


def weekdays(holidays: Collection[date] = ()) -> Callable[[Period], bool]:
    """Return whether a period contains a weekday that is none of these days."""

    def on_duty(period: Period) -> bool:
        days = (period.first + number * DAY for number in range(period.days))
        return any(day.weekday() < 5 and day not in holidays for day in days)

    return on_duty


def keys(now: datetime, on_duty: Callable[[Period], bool] | None = None) -> list[str]:
    return [period.key for period in due_periods(now, ZONE, on_duty or weekdays())]


def periods(on_duty: Callable[[Period], bool]) -> dict[str, Period]:
    """Return all periods that end between FIRST and LAST and contain a day on duty."""
    found = {}
    for kind in CATCH_UP:
        period = period_of(kind, FIRST)
        while period.last < LAST:
            if on_duty(period):
                found[period.key] = period
            period = period.after
    return found


@settings(max_examples=30)
@given(seed=st.integers(0, 10**9), holidays=st.sets(st.dates(FIRST, LAST), max_size=30))
def test_each_report_goes_out_once_on_the_morning_after_whatever_minutes_the_beat_ran(
    seed: int, holidays: set[date]
) -> None:
    beats = Random(seed)
    on_duty = weekdays(holidays)
    expected = periods(on_duty)
    planned: dict[str, date] = dict.fromkeys(keys(at(FIRST), on_duty), FIRST)  # before FIRST
    old = set(planned)
    for number in range(1, (LAST - FIRST).days + 1):
        day = FIRST + number * DAY
        early = beats.sample(range(HALF_PAST_SIX), beats.randrange(3))
        late = beats.sample(range(HALF_PAST_SIX, 24 * 60), beats.randrange(1, 4))
        for minute in sorted(early + late):
            for key in keys(at(day, minute), on_duty):
                planned.setdefault(key, day)
    sent = {key: day for key, day in planned.items() if key not in old}
    assert sent == {key: period.last + DAY for key, period in expected.items()}


@given(
    day=st.dates(FIRST, LAST),
    minute=st.integers(0, 1439),
    holidays=st.sets(st.dates(FIRST, LAST), max_size=30),
)
def test_nothing_goes_out_early_nothing_too_old_and_nothing_without_duty(
    day: date, minute: int, holidays: set[date]
) -> None:
    now, on_duty = at(day, minute), weekdays(holidays)
    found = due_periods(now, ZONE, on_duty)
    assert len({period.kind for period in found}) == len(found)
    for period in found:
        assert timedelta() <= now - due_at(period, ZONE) < CATCH_UP[period.kind]
        assert on_duty(period)


@given(day=st.dates(FIRST, LAST), minute=st.integers(HALF_PAST_SIX, 1439), asleep=st.integers(1, 60 * 24 * 25))
def test_after_a_sleep_of_any_length_the_newest_of_each_kind_is_made_up(day: date, minute: int, asleep: int) -> None:
    """What fell due during the pause, and is neither too old nor followed by another since, is due at its end."""
    slept = at(day, minute)
    woke = slept + timedelta(minutes=asleep)
    missed: dict[PeriodKind, Period] = {}
    for number in range(asleep + 1):
        if number == asleep or (slept + timedelta(minutes=number)).time() == time(6, 30):
            for period in due_periods(slept + timedelta(minutes=number), ZONE, weekdays()):
                missed[period.kind] = period
    kept = [one for kind, one in missed.items() if woke - due_at(one, ZONE) < CATCH_UP[kind]]
    assert due_periods(woke, ZONE, weekdays()) == kept


def test_the_week_of_a_camat() -> None:
    friday, saturday, monday = (MONDAY + n * DAY for n in (4, 5, 7))
    assert keys(at(friday, HALF_PAST_SIX - 1)) == ["2026-11-18", "2026-W46", "2026-10"]
    assert keys(at(friday)) == ["2026-11-19", "2026-W46", "2026-10"]
    assert keys(at(saturday)) == ["2026-11-20", "2026-W46"]
    assert keys(at(monday, HALF_PAST_SIX - 1)) == ["2026-11-20", "2026-W46"]
    assert keys(at(monday)) == ["2026-11-20", "2026-W47"]  # Sunday had no duty, and Friday's went out on Saturday
    assert keys(at(monday + DAY)) == ["2026-11-23", "2026-W47"]
    assert keys(at(date(2026, 12, 1))) == ["2026-11-30", "2026-W48", "2026-11"]
    assert keys(at(date(2026, 12, 21), HALF_PAST_SIX - 1)) == ["2026-12-18", "2026-W50", "2026-11"]
    assert keys(at(date(2026, 12, 21))) == ["2026-12-18", "2026-W51"]


def test_a_week_of_holidays_is_not_reported() -> None:
    lebaran = {MONDAY + n * DAY for n in range(5)}
    assert keys(at(MONDAY + 7 * DAY), weekdays(lebaran)) == []
    assert parse_period("2026-W47", MONDAY).last == MONDAY + 6 * DAY
