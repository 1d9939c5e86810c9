"""Stalled loops and clocks that jump: how they are told apart and dated, and when the sweep waits after an outage."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from discipline.staffing.incident_rule import (
    ClockJump,
    ClockReading,
    IncidentThresholds,
    LoopStall,
    SweepTimes,
    compare_readings,
    date_database_jump,
    date_watch_trouble,
    next_sweep,
)
from streams.watch.leases import LEASE_S
from tests.support.short_days import many

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
RULE = IncidentThresholds()


# --- the loop and the clock ---------------------------------------------------------------------------------------


@many
@given(st.floats(0.01, 5000), st.floats(-5000, 5000))
def test_a_stalled_loop_is_distinguished_from_a_clock_that_jumped(passed_s: float, jumped_s: float) -> None:
    before = ClockReading(50.0, NOW)
    after = ClockReading(50.0 + passed_s, NOW + timedelta(seconds=passed_s + jumped_s))
    troubles = compare_readings(before, after, RULE)
    assert any(isinstance(one, LoopStall) for one in troubles) == (after.steady_s - 50.0 > RULE.stall_s)
    if abs(abs(jumped_s) - RULE.clock_s) > 0.001:
        assert any(isinstance(one, ClockJump) for one in troubles) == (abs(jumped_s) > RULE.clock_s)
    assert all(one.since_s == before.steady_s for one in troubles)


@many
@given(st.floats(0, 1e6), st.floats(0, 1e5), st.floats(0, 1e5))
def test_a_watchs_trouble_is_dated_by_postgresqls_clock_from_its_last_agreement(
    booted_s: float, agreed_after_s: float, trouble_after_s: float
) -> None:
    """However wrong the watch's own clock is: it is no argument."""
    agreed_s, database = booted_s + agreed_after_s, ClockReading(booted_s + 1e5, NOW)
    since = date_watch_trouble(booted_s + trouble_after_s, agreed_s, database)
    assert since <= NOW
    assert since >= NOW - timedelta(seconds=database.steady_s - agreed_s + 0.001), "nothing from before is doubted"
    earlier = timedelta(seconds=database.steady_s - booted_s - trouble_after_s)
    assert since >= NOW - earlier - timedelta(seconds=0.001)


@many
@given(st.floats(0, 7200), st.floats(-200_000, 200_000))
def test_a_jump_of_postgresqls_clock_is_doubted_for_the_last_sweeps_and_the_skipped_time(
    passed_s: float, jumped_s: float
) -> None:
    before = ClockReading(50.0, NOW)
    after = ClockReading(50.0 + passed_s, NOW + timedelta(seconds=passed_s + jumped_s))
    since = date_database_jump(before, after, LEASE_S)
    doubted_s = (after.wall - since).total_seconds()
    assert abs(doubted_s - max(jumped_s, 0) - min(passed_s, LEASE_S)) < 0.001
    if jumped_s > 0 and passed_s <= LEASE_S:
        assert abs((since - before.wall).total_seconds()) < 0.001


# --- the sweep after an outage ------------------------------------------------------------------------------------

AGAIN_S = 60.0


def sweeps_at(seconds: Iterable[float]) -> list[SweepTimes]:
    made: list[SweepTimes] = []
    for at in seconds:
        made.append(next_sweep(made[-1] if made else None, NOW + timedelta(seconds=at), LEASE_S, AGAIN_S))
    return made


@many
@given(st.floats(LEASE_S, 1e5), st.lists(st.floats(0.1, LEASE_S - 1), min_size=8, max_size=40))
def test_after_an_outage_the_sweep_waits_a_lease_and_then_judges(outage_s: float, gaps: list[float]) -> None:
    returned = 10 + outage_s
    times = list(accumulate(gaps, initial=returned))
    swept = sweeps_at([0, 5, 10, *times])
    assert [one.resumed_at for one in swept[:3]] == [None] * 3
    for at, one in zip(times, swept[3:], strict=True):
        if abs(at - returned - LEASE_S) > 0.001:
            assert (one.resumed_at is not None) == (at - returned < LEASE_S)


@many
@given(st.lists(st.floats(0.1, AGAIN_S - 1), min_size=2, max_size=60))
def test_sweeps_that_are_only_slow_still_judge(gaps: list[float]) -> None:
    times = list(accumulate(gaps, initial=0.0))
    judged = [at for at, one in zip(times, sweeps_at(times), strict=True) if one.resumed_at is None]
    assert judged[0] == 0
    assert all(later - one < 2 * AGAIN_S + LEASE_S for one, later in pairwise([*judged, times[-1]]))


def test_a_second_outage_in_the_wait_begins_it_anew() -> None:
    waits = [one.resumed_at is not None for one in sweeps_at([0, 100, 105, 200, 205, 210, 216])]
    assert waits == [False, True, True, True, True, True, False]


def test_sweeps_that_hung_in_the_outage_wait_in_whatever_order_they_come() -> None:
    waits = [one.resumed_at is not None for one in sweeps_at([0, 60, 59.9, 59.8, 61, 74, 75.1])]
    assert waits == [False, True, True, True, True, True, False]


def test_a_clock_that_goes_back_ends_the_wait() -> None:
    assert [one.resumed_at is not None for one in sweeps_at([0, 100, 5, 10])] == [False, True, False, False]
