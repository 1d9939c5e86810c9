"""Generated days: drawn from a seed, judged by the real rule, and empty on days without duty."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discipline.alerts.decisions.rule import DECISIONS, DecisionAct, check
from discipline.core.dialogue import Entry, Side
from discipline.notices.rule import CAMAT, LURAH
from discipline.staffing.rejudge import rejudge, starts_new_span
from discipline.staffing.rule import State, StateChange, Tolerances
from discipline.tools.demo.fast_rejudge import retrace, spans_of_day
from discipline.tools.demo.generate_days import (
    CHARACTERS,
    OUTAGE_DAYS,
    AbsenceCause,
    CounterNames,
    GeneratedDay,
    character,
    city_outage,
    generate_day,
)
from discipline.tools.demo.history_words import script_decisions
from offices.hours.duty import NORMAL, RAMADAN_WEEK, WIB, Interval, WeeklyPlan, duty_day
from streams.pixels.occupancy import Blind, Look

RULE = Tolerances()
PLACE = CounterNames("16.71.01", "16.71.01.1001", "Loket 1")
MONDAY = date(2026, 9, 7)
PLANS = (
    NORMAL,
    WeeklyPlan("Ramadan", RAMADAN_WEEK),
    WeeklyPlan("Siang", dict.fromkeys(range(7), ((600, 720), (725, 900)))),
)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
places = st.builds(
    CounterNames, st.sampled_from("AB"), st.text("0123456789", min_size=1, max_size=3), st.sampled_from("12")
)


def duty_of(day: date, plan: WeeklyPlan = NORMAL) -> tuple[Interval, ...]:
    return duty_day(day, [plan], {}, {}, (), WIB).intervals


def flips_of(generated: GeneratedDay, duty: tuple[Interval, ...], rule: Tolerances = RULE) -> list[StateChange]:
    return retrace(spans_of_day(generated, duty), rule, duty, duty[0].start - timedelta(minutes=10), duty[-1].end)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 9), places, days, st.sampled_from(PLANS))
def test_retracing_spans_gives_the_flips_of_judging_every_look(
    seed: int, place: CounterNames, day: date, plan: WeeklyPlan
) -> None:
    duty = duty_of(day, plan)
    generated = generate_day(seed, place, day, duty)
    if not duty:
        assert generated == GeneratedDay()
        return
    spans, begin = spans_of_day(generated, duty), duty[0].start - timedelta(minutes=10)
    flips = retrace(spans, RULE, duty, begin, duty[-1].end)
    assert flips == rejudge(spans, RULE, duty, begin, duty[-1].end)
    assert [flip.old for flip in flips] == [State.CLOSED, *(flip.new for flip in flips[:-1])]
    assert flips[-1].new is State.CLOSED
    assert flips[-1].at == duty[-1].end
    assert all(duty[0].start <= flip.at <= duty[-1].end for flip in flips)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 9), places, days, st.sampled_from(PLANS))
def test_spans_are_kept_as_the_ledger_would_keep_them(
    seed: int, place: CounterNames, day: date, plan: WeeklyPlan
) -> None:
    duty = duty_of(day, plan)
    spans = spans_of_day(generate_day(seed, place, day, duty), duty)
    for span in spans:
        assert span.ended_at - span.started_at == (span.looks - 1) * timedelta(seconds=5)
    for before, after in pairwise(spans):
        assert before.ended_at < after.started_at
        same = (before.look, before.reason) == (after.look, after.reason)
        assert not same or starts_new_span(before.ended_at, after.started_at, RULE, duty)


def test_a_seed_always_generates_the_same_day_and_another_seed_another() -> None:
    city = [CounterNames("16.71.01", f"16.71.01.{n}", "Loket 1") for n in range(30)]
    duty = duty_of(MONDAY)
    first = [flips_of(generate_day(1, place, MONDAY, duty), duty) for place in city]
    assert first == [flips_of(generate_day(1, place, MONDAY, duty), duty) for place in city]
    assert first != [flips_of(generate_day(2, place, MONDAY, duty), duty) for place in city]


def test_some_offices_are_good_and_some_are_not() -> None:
    found = [character(1, CounterNames("", str(n), "")) for n in range(400)]
    shares = {who: found.count(who) / len(found) for _, who in CHARACTERS}
    assert all(abs(shares[who] - share) < 0.1 for share, who in CHARACTERS)
    assert all(shares.values())


def test_the_counters_of_one_office_share_their_camera() -> None:
    for number in range(60):
        day = MONDAY + timedelta(days=number)
        one, other = (generate_day(3, CounterNames("k", "o", name), day, duty_of(day)) for name in ("1", "2"))
        of_the_camera = {dark for dark in one.dark if dark.reason is not Blind.SYSTEM}
        assert of_the_camera <= set(other.dark) or character(3, CounterNames("k", "o", "1")) != character(
            3, CounterNames("k", "o", "2")
        )


@pytest.mark.parametrize("seed", range(8))
def test_the_whole_city_goes_dark_now_and_then_and_on_a_working_day(seed: int) -> None:
    year = [MONDAY + timedelta(days=number) for number in range(9 * OUTAGE_DAYS)]
    dark = [day for day in year if city_outage(seed, day)]
    assert 8 <= len(dark) <= 10
    assert all(day.weekday() < 5 for day in dark)
    generated = generate_day(seed, PLACE, dark[0], duty_of(dark[0]))
    spans = [span for span in spans_of_day(generated, duty_of(dark[0])) if span.reason == Blind.SYSTEM]
    assert spans
    assert all(span.look is Look.BLIND for span in spans)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(AbsenceCause), st.integers(0, 10_000), st.integers(0, 20_000))
def test_generated_decisions_obey_the_rules_of_real_ones(cause: AbsenceCause, dice: int, minutes: int) -> None:
    known_at = datetime(2026, 9, 7, tzinfo=UTC) + timedelta(minutes=minutes)
    until = known_at + timedelta(days=6)
    history: list[Entry[DecisionAct]] = []
    for number, line in enumerate(script_decisions(cause, known_at, until, Random(dice))):
        assert known_at < line.at < until
        assert line.at.astimezone(WIB).weekday() < 5
        assert bool(line.reason) == (line.act is not DecisionAct.CONFIRMED)
        assert line.role == (LURAH if line.act is DecisionAct.EXPLAINED else CAMAT)
        side = Side.ASKED if line.role == LURAH else Side.DECIDER
        check(history, line.act, side, line.at, history[-1].id if history else None, line.text)
        history.append(Entry(number, line.at, line.act))
    assert sum(entry.what in DECISIONS for entry in history) <= 1


def test_nobody_says_anything_after_the_end() -> None:
    known_at = datetime(2026, 9, 7, 3, tzinfo=UTC)
    assert all(script_decisions(AbsenceCause.APEL, known_at, known_at, Random(n)) == [] for n in range(20))
