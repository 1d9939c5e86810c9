"""Properties of the staffing rule that hold whatever happens at a counter."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.staffing.rule import State, Tolerances, initial_standing, step
from offices.hours.duty import Interval, interval_at, interval_from
from streams.pixels.occupancy import Look, Sample
from tests.support.short_days import (
    DAY_S,
    STALE_S,
    duties,
    histories,
    looks,
    many,
    rules,
    run,
    second,
    step_event,
)

pytestmark = pytest.mark.once


def check_convictions(rule: Tolerances, duty: Sequence[Interval], samples: Sequence[Sample]) -> None:
    """Assert that every ABSENT follows a whole grace on duty with only EMPTY looks, by all samples so far."""
    standing = initial_standing(second(-60))
    for number, sample in enumerate(samples):
        standing, flips = step(standing, rule, duty, sample.at, sample)
        for flip in flips:
            if flip.new is not State.ABSENT or flip.reason == "not_opened":
                continue
            grace_s = rule.opening_grace_s if flip.reason == "late_opening" else rule.absence_grace_s
            assert flip.at - flip.since == timedelta(seconds=grace_s)
            assert flip.at <= sample.at
            assert sample.look is Look.EMPTY
            check_emptiness(duty, samples[: number + 1], flip.since, sample.at)
            if flip.reason == "late_opening":
                check_never_opened(duty, samples[: number + 1], sample.at)


def check_emptiness(duty: Sequence[Interval], samples: Sequence[Sample], since: datetime, until: datetime) -> None:
    interval = interval_at(duty, since)
    assert interval is not None
    assert interval is interval_at(duty, until)
    assert not [s for s in samples if since < s.at <= until and s.look is not Look.EMPTY]
    seen = sorted({s.at for s in samples if s.at <= until and s.at > since - timedelta(seconds=STALE_S)})
    assert seen[0] <= since or since == interval.start
    dates = [since, *(at for at in seen if at > since)]
    assert all(after - before < timedelta(seconds=STALE_S) for before, after in pairwise(dates))


def check_never_opened(duty: Sequence[Interval], samples: Sequence[Sample], until: datetime) -> None:
    interval = interval_at(duty, until)
    assert interval is not None
    assert interval.first
    today = [s for s in samples if interval.start <= s.at <= until]
    assert {s.look for s in today} == {Look.EMPTY}
    dates = [interval.start, *sorted(s.at for s in today)]
    assert all(after - before < timedelta(seconds=STALE_S) for before, after in pairwise(dates))


@many
@given(rules, duties(), histories())
def test_nobody_is_accused_without_a_whole_grace_of_empty_looks(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample]
) -> None:
    check_convictions(rule, duty, history)


@many
@given(rules, duties(), histories(), st.data())
def test_delayed_and_repeated_looks_accuse_nobody_falsely(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample], data: st.DataObject
) -> None:
    repeated = data.draw(st.lists(st.sampled_from(history), max_size=20))
    delays = data.draw(st.lists(st.integers(0, 60), min_size=len(history), max_size=len(history)))
    arrivals = sorted(zip(history, delays, strict=True), key=lambda a: a[0].at + timedelta(seconds=a[1]))
    check_convictions(rule, duty, [*[sample for sample, _ in arrivals], *repeated])


@many
@given(rules, duties(), histories(), histories())
def test_two_cameras_that_contradict_each_other_accuse_nobody(
    rule: Tolerances, duty: tuple[Interval, ...], one: list[Sample], other: list[Sample]
) -> None:
    samples = [sample for pair in zip(one, other, strict=False) for sample in pair]
    check_convictions(rule, duty, samples)


@many
@given(rules, duties(), histories(), st.lists(st.integers(0, 70), min_size=1, max_size=20))
def test_the_flips_are_one_chain_and_never_go_back(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample], ahead: list[int]
) -> None:
    ticks = [sample.at + timedelta(seconds=ahead[n % len(ahead)]) for n, sample in enumerate(history)]
    flips = run(rule, duty, [event for pair in zip(history, ticks, strict=True) for event in pair])
    states = [State.CLOSED, *(flip.new for flip in flips)]
    assert [flip.old for flip in flips] == states[:-1]
    assert all(before.at <= after.at for before, after in pairwise(flips))
    assert all(flip.since <= flip.at for flip in flips)
    changes = [("closed", ""), *((flip.new, flip.reason) for flip in flips)]
    assert all(before != after for before, after in pairwise(changes))


@many
@given(rules, duties(), histories(), st.lists(st.integers(-60, 2 * DAY_S), max_size=60))
def test_extra_clock_ticks_change_no_flip(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample], ticks: list[int]
) -> None:
    ordered = sorted([(s.at, 0, s) for s in history] + [(second(t), 1, second(t)) for t in ticks], key=lambda e: e[:2])
    assert run(rule, duty, [event for *_, event in ordered]) == run(rule, duty, history)


@many
@given(rules, duties(), histories(), st.lists(st.integers(0, 500), min_size=1, max_size=20))
def test_ticks_of_a_clock_gone_back_change_no_flip(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample], jumps: list[int]
) -> None:
    events: list[Sample | datetime] = []
    for number, sample in enumerate(history):
        events += [sample, sample.at - timedelta(seconds=jumps[number % len(jumps)])]
    assert run(rule, duty, events) == run(rule, duty, history)


@many
@given(rules, duties(), histories())
def test_a_sweep_that_comes_when_due_misses_nothing(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample]
) -> None:
    standing, flips = initial_standing(second(-60)), []
    events: list[Sample | datetime] = [*history, second(2 * DAY_S)]
    for event in events:
        at = event.at if isinstance(event, Sample) else event
        while standing.due_at and standing.due_at <= at:
            standing, moved = step(standing, rule, duty, standing.due_at)
            flips += moved
        standing, moved = step_event(standing, rule, duty, event)
        flips += moved
        assert standing.due_at is None or standing.due_at > at
    assert flips == run(rule, duty, history)


@many
@given(rules, duties(), histories(), st.lists(st.integers(0, 99), min_size=1, max_size=20))
def test_repeated_looks_change_nothing(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample], repeats: list[int]
) -> None:
    repeated: list[Sample] = []
    for number, sample in enumerate(history):
        ago = repeats[number % len(repeats)]
        repeated += [sample, sample, history[max(0, number - ago)]]
    assert run(rule, duty, repeated) == run(rule, duty, history)


@many
@given(rules, duties(), histories(), st.lists(st.tuples(st.integers(0, 50), looks), min_size=1, max_size=20))
def test_looks_out_of_order_flip_nothing_at_once(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample], delayed: list[tuple[int, Look]]
) -> None:
    standing = initial_standing(second(-60))
    for number, sample in enumerate(history):
        standing, _ = step(standing, rule, duty, sample.at, sample)
        late_s, look = delayed[number % len(delayed)]
        late = Sample(1, sample.at - timedelta(seconds=late_s), look, reason="dark")
        after, flips = step(standing, rule, duty, late.at, late)
        assert flips == []
        assert (after.state, after.since, after.last_look_at) == (
            standing.state,
            standing.since,
            standing.last_look_at,
        )


@many
@given(rules, duties(), histories())
def test_outside_duty_a_counter_is_closed_and_on_duty_never(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample]
) -> None:
    standing = initial_standing(second(-60))
    for sample in history:
        standing, flips = step(standing, rule, duty, sample.at, sample)
        assert (standing.state is State.CLOSED) == (interval_at(duty, sample.at) is None)
        for flip in flips:
            served = interval_from(duty, flip.at)
            assert (flip.new is State.CLOSED) or (served and served.start <= flip.at)


@many
@given(
    rules,
    duties(),
    histories(st.tuples(st.just(Look.BLIND), st.integers(1, 25), st.integers(1, 60), st.just(5))),
)
def test_a_blind_camera_accuses_nobody(rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample]) -> None:
    flips = run(rule, duty, history)
    assert {flip.new for flip in flips} <= {State.UNKNOWN, State.CLOSED}
    assert {flip.reason for flip in flips if flip.new is State.CLOSED} <= {""}


@many
@given(rules, duties(), st.lists(st.integers(0, 2 * DAY_S), max_size=40))
def test_the_clock_alone_accuses_nobody(rule: Tolerances, duty: tuple[Interval, ...], ticks: list[int]) -> None:
    flips = run(rule, duty, [second(tick) for tick in sorted(ticks)])
    assert {flip.new for flip in flips} <= {State.UNKNOWN, State.CLOSED}


@many
@given(rules, duties(), st.integers(0, 900), st.integers(1, 19), st.data())
def test_a_clock_that_jumps_never_makes_a_short_emptiness_an_absence(
    rule: Tolerances, duty: tuple[Interval, ...], begin: int, every_s: int, data: st.DataObject
) -> None:
    shortest = min(rule.absence_grace_s, rule.opening_grace_s)
    at, events = second(begin), []
    for _ in range(shortest // every_s):
        events.append(Sample(1, at, Look.EMPTY))
        at += timedelta(seconds=every_s)
    jump = data.draw(st.integers(-DAY_S, DAY_S).filter(lambda jump: not 0 < jump < STALE_S))
    place = data.draw(st.integers(0, len(events)))
    moved = [Sample(1, s.at + timedelta(seconds=jump), s.look) for s in events[place:]]
    flips = run(rule, duty, events[:place] + moved)
    assert State.ABSENT not in {flip.new for flip in flips}


@many
@given(rules, duties(), histories())
def test_the_day_ends_with_an_indication_only_after_emptiness_to_its_end(
    rule: Tolerances, duty: tuple[Interval, ...], history: list[Sample]
) -> None:
    for flip in run(rule, duty, history):
        if flip.new is not State.CLOSED or not flip.reason:
            continue
        interval = next(i for i in duty if i.end == flip.at)
        assert interval.last
        last = max((s for s in history if s.at < flip.at), key=lambda s: s.at)
        assert last.look is Look.EMPTY
        assert flip.at - last.at < timedelta(seconds=STALE_S)
        seen = {s.look for s in history if flip.since < s.at < flip.at and interval_at(duty, s.at)}
        assert seen == {Look.EMPTY}
        if flip.reason == "early_leave":
            assert flip.at - flip.since >= timedelta(seconds=rule.closing_window_s)
            assert interval.start <= flip.since


@many
@given(rules, st.lists(duties(), min_size=2, max_size=4), histories(), st.integers(1, 20))
def test_hours_edited_at_any_time_break_no_chain(
    rule: Tolerances, versions: list[tuple[Interval, ...]], history: list[Sample], every: int
) -> None:
    standing, flips = initial_standing(second(-60)), []
    for number, sample in enumerate(history):
        duty = versions[number // every % len(versions)]
        standing, moved = step(standing, rule, duty, sample.at, sample)
        assert (standing.state is State.CLOSED) == (interval_at(duty, sample.at) is None)
        for flip in moved:
            if flip.new is State.ABSENT and flip.old is State.GRACE:
                check_emptiness(duty, history[: history.index(sample) + 1], flip.since, sample.at)
        flips += moved
    states = [State.CLOSED, *(flip.new for flip in flips)]
    assert [flip.old for flip in flips] == states[:-1]
    assert all(before.at <= after.at for before, after in pairwise(flips))
