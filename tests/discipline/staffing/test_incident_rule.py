"""The incident rule: many cameras dark at once, and the states put in doubt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from discipline.staffing.incident_rule import (
    CameraLiveness,
    IncidentThresholds,
    doubt_standing,
    fleet_darkness,
    may_end,
    still_dark,
)
from discipline.staffing.rule import CounterStanding, State, StateChange, initial_standing, step
from discipline.staffing.rule import Tolerances as StaffingRule
from discipline.staffing.tally import tally_day
from offices.hours.duty import Interval
from streams.pixels.occupancy import Look, Sample
from tests.support.clock import wib
from tests.support.office import EMPTY, STAFFED, Office
from tests.support.short_days import DAY_S, duties, histories, many, rules, second

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
RULE = IncidentThresholds()


def saw(ago_s: float, on_duty: bool = True) -> CameraLiveness:
    return CameraLiveness(NOW - timedelta(seconds=ago_s), on_duty, 0.0 if on_duty else 90.0)


def darkness(
    *cameras: CameraLiveness, rule: IncidentThresholds = RULE, after_s: float | None = None
) -> tuple[int, int] | None:
    after = None if after_s is None else NOW - timedelta(seconds=after_s)
    found = fleet_darkness(cameras, rule, NOW, after)
    return (found.blind, found.total) if found else None


# --- the fleet ----------------------------------------------------------------------------------------------------


def test_a_third_of_the_city_dark_within_a_minute_is_us() -> None:
    assert darkness(*[saw(40 + n) for n in range(40)], *[saw(2)] * 67) == (40, 107)


def test_the_incident_begins_when_the_first_of_them_last_saw() -> None:
    found = fleet_darkness([saw(35), saw(90), saw(61), saw(1)], RULE, NOW, None)
    assert found is not None
    assert found.since == NOW - timedelta(seconds=90)


def test_cameras_that_die_one_after_another_are_cameras_that_die() -> None:
    assert darkness(*[saw(100 + 61 * n) for n in range(60)], *[saw(2)] * 47) is None


def test_a_kecamatan_whose_switch_dies_is_not_us() -> None:
    assert darkness(*[saw(45)] * 11, *[saw(2)] * 96) is None


def test_one_camera_of_two_proves_nothing() -> None:
    assert darkness(saw(45), saw(2)) is None
    assert darkness(saw(45), saw(45)) is None


def test_cameras_dead_for_weeks_neither_count_nor_hide_the_others() -> None:
    weeks = [saw(3e6 + 1e5 * n) for n in range(60)] + [CameraLiveness(None)] * 10
    assert darkness(*weeks, *[saw(2)] * 37) is None
    assert darkness(*weeks, *[saw(45)] * 15, *[saw(2)] * 22) == (15, 107)


def test_a_part_of_the_fleet_that_died_this_morning_does_not_make_a_later_death_an_incident() -> None:
    morning = [saw(20_000)] * 30
    assert darkness(*morning, *[saw(5000 + 100 * n) for n in range(15)], *[saw(2)] * 62) is None


def test_darkness_of_the_last_incident_raises_no_new_one() -> None:
    cameras = [*[saw(4000)] * 50, *[saw(2)] * 57]
    assert darkness(*cameras) == (50, 107)
    assert darkness(*cameras, after_s=3000) is None


def test_cameras_off_duty_are_looked_at_rarely_and_prove_nothing() -> None:
    assert darkness(*[saw(59, on_duty=False)] * 50, *[saw(2)] * 50) is None


def test_a_restart_of_watch_is_shorter_than_darkness() -> None:
    assert darkness(*[saw(29)] * 107) is None


def test_cameras_that_are_looked_at_rarely_are_given_more_time() -> None:
    calm = [replace(saw(39), rarer_s=10)] * 60
    assert darkness(*calm, *[saw(2)] * 47) is None
    assert darkness(*[replace(saw(40), rarer_s=10)] * 60, *[saw(2)] * 47) == (60, 107)


ages = st.lists(st.integers(0, 2000), min_size=1, max_size=60)


@many
@given(ages, st.integers(1, 300))
def test_no_incident_without_enough_cameras_dark_within_one_window(ago: list[int], window_s: int) -> None:
    rule = IncidentThresholds(window_s=window_s)
    found = fleet_darkness([saw(s) for s in ago], rule, NOW, None)
    together = [
        sum(first - window_s <= other <= first and other >= rule.dark_s for other in ago)
        for first in ago
        if first >= rule.dark_s
    ]
    enough = [
        count
        for count, first in zip(together, [a for a in ago if a >= rule.dark_s], strict=True)
        if count >= rule.min_cameras and count > rule.share * sum(a <= first for a in ago)
    ]
    assert (found.blind if found else 0) == max(enough, default=0)


def test_it_ends_when_enough_cameras_see_again_after_it_was_raised() -> None:
    since, raised = NOW - timedelta(seconds=300), NOW - timedelta(seconds=60)

    def dark(*cameras: CameraLiveness) -> bool:
        return not may_end(still_dark(cameras, RULE, NOW, since, raised), RULE, NOW, raised)

    assert dark(*[saw(100)] * 107)
    assert dark(*[saw(100)] * 20, *[saw(2)] * 87)
    assert not dark(*[saw(100)] * 16, *[saw(2)] * 91)
    assert not dark(*[saw(9000)] * 60, *[saw(2)] * 47), "dead before it began"
    assert dark(saw(61), saw(61)), "no look since it was raised"
    assert dark(*[saw(150, on_duty=False)] * 107)
    assert not dark(*[saw(59, on_duty=False)] * 107), "off duty a look a minute is enough"


def test_a_part_of_the_city_that_stays_dark_becomes_camera_faults_but_a_dark_city_does_not() -> None:
    since = raised = NOW - timedelta(seconds=RULE.longest_s)

    def may(dark: int, total: int, later_s: int = 0) -> bool:
        then = NOW + timedelta(seconds=later_s)
        return may_end(
            still_dark([saw(RULE.longest_s)] * dark + [saw(1)] * (total - dark), RULE, then, since, raised),
            RULE,
            then,
            raised,
        )

    assert may(40, 107)
    assert not may(40, 107, later_s=-1)
    assert not may(90, 107)


# --- the doubt ----------------------------------------------------------------------------------------------------


def test_an_absence_ends_as_unknown_where_the_incident_began_and_its_grace_begins_anew() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "08:00")
    office.sees(EMPTY, "08:00", "08:15")
    office.standing, flips = doubt_standing(office.standing, wib("08:14"), wib("08:15"), None)
    assert flips == [StateChange(wib("08:14"), State.ABSENT, State.UNKNOWN, "system", wib("08:14"))]
    office.sees(Look.BLIND, "08:15", "08:20", reason="system")
    office.sees(EMPTY, "08:20", "08:31")
    assert office.story[-2:] == ["08:20 grace absence", "08:30 absent absence"]


def test_an_accusing_closing_that_fell_due_in_the_incident_loses_its_accusation() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "15:40")
    office.sees(EMPTY, "15:40", "15:59:45")
    office.clock("16:00:10")
    assert office.story[-1] == "16:00 closed early_leave"
    after, flips = doubt_standing(office.standing, wib("15:59:40"), wib("16:00:20"), wib("16:00"))
    assert [(flip.at, flip.new, flip.reason) for flip in flips] == [(wib("16:00"), State.CLOSED, "system")]
    assert doubt_standing(after, wib("15:59:40"), wib("16:00:25"), wib("16:00"))[1] == []


def test_a_standing_dated_by_a_clock_that_was_ahead_begins_anew() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "09:00")
    office.standing, flips = doubt_standing(office.standing, wib("08:50"), wib("08:50:05"), None)
    assert [flip.at for flip in flips] == [wib("08:50:05")]
    office.sees(STAFFED, "08:50:10", "08:51")
    assert office.story[-1] == "08:50:10 staffed"


def test_a_doubt_is_never_dated_before_a_change_of_reason_alone() -> None:
    """Not opened since 09.30, an incident from 09.25 noticed at 09.31: from 09.25 on the counter is not absent."""
    office = Office(duty=(Interval(wib("07:30"), wib("16:00"), first=True, last=True),))
    office.sees(EMPTY, "07:29", "09:31")
    office.standing, flips = doubt_standing(office.standing, wib("09:25"), wib("09:31"), office.flips[-1].at)
    assert flips == [StateChange(wib("09:30"), State.ABSENT, State.UNKNOWN, "system", wib("09:25"))]
    office.flips += flips
    counted = tally_day(office.flips, office.duty, wib("07:00"), wib("10:00"), State.CLOSED)
    assert (counted.absent_s, counted.unknown_s) == (115 * 60, 35 * 60)


def doubt_as_the_ledger_does(
    standing: CounterStanding, since: datetime, now: datetime, flips: list[StateChange]
) -> tuple[CounterStanding, list[StateChange]]:
    late = [flip for flip in flips if since < flip.at <= now]
    doubts = [flip.since for flip in late if flip.reason == "system"]
    last_flip_at = late[-1].at if late else None
    return doubt_standing(standing, since, now, last_flip_at, doubts[-1] if doubts else None)


def test_an_incident_that_began_earlier_than_it_seemed_takes_back_what_fell_due_since() -> None:
    office = Office()
    office.sees(STAFFED, "07:29", "08:00")
    office.sees(EMPTY, "08:00", "08:11")
    for since, now in (("08:11", "08:11:30"), ("07:50", "08:12"), ("07:50", "08:13")):
        office.standing, flips = doubt_as_the_ledger_does(office.standing, wib(since), wib(now), office.flips)
        office.flips += flips
    assert office.story[-2:] == ["08:11 unknown system", "08:11 unknown system"]
    counted = tally_day(office.flips, office.duty, wib("07:30"), wib("08:13"), State.CLOSED)
    assert (counted.staffed_s, counted.absent_s, counted.grace_s) == (20 * 60, 0, 0)


SHORT = StaffingRule(
    absence_grace_s=25,
    opening_grace_s=25,
    not_opened_s=61,
    closing_window_s=25,
    exit_looks=1,
    enter_looks=1,
    stale_s=20,
)
spans = st.tuples(st.integers(0, 900), st.integers(0, 60), st.integers(1, 300))


@many
@example(
    rule=SHORT,
    duty=(Interval(second(0), second(900), first=True, last=True),),
    history=[Sample(1, second(at), Look.BLIND, reason="dark") for at in range(21, 37)],
    span=(6, 31, 229),
)
@example(
    rule=SHORT,
    duty=(Interval(second(400), second(500), first=True, last=True),),
    history=[Sample(1, second(382), Look.EMPTY), Sample(1, second(401), Look.BLIND, reason="system")],
    span=(342, 60, 1),
)
@example(
    rule=SHORT,
    duty=(Interval(second(100), second(200), first=True, last=True),),
    history=[Sample(1, second(at), Look.EMPTY) for at in range(101, 162, 10)],
    span=(0, 0, 101),
)
@given(rules, duties(), histories(), spans)
def test_during_an_incident_all_is_unknown_and_later_absences_rest_on_later_looks(
    rule: StaffingRule, duty: tuple[Interval, ...], history: list[Sample], span: tuple[int, int, int]
) -> None:
    begin, known_after_s, lasting_s = span
    since, known = second(begin), second(begin + known_after_s)
    end = known + timedelta(seconds=lasting_s)
    openings = {interval.start for interval in duty}
    standing, flips, doubted = initial_standing(second(-60)), [], False
    for sample in [*history, Sample(1, second(3 * DAY_S), Look.BLIND, reason="dark")]:
        if not doubted and sample.at >= known:
            standing, moved = step(standing, rule, duty, known)
            flips += moved
            standing, moved = doubt_as_the_ledger_does(standing, since, known, flips)
            flips, doubted = flips + moved, True
        inside = since <= sample.at < end and doubted
        judged = Sample(1, sample.at, Look.BLIND, 0, "system") if inside else sample
        standing, moved = step(standing, rule, duty, judged.at, judged)
        for flip in moved:
            if inside:
                assert flip.new in (State.UNKNOWN, State.CLOSED)
                assert flip.reason not in ("early_leave", "not_opened")
            if doubted and (flip.new is State.ABSENT or flip.reason == "early_leave"):
                # An opening counts as watched when the first look comes less than stale_s after it.
                watched_from = end - timedelta(seconds=rule.stale_s) if flip.since in openings else end
                assert flip.since >= watched_from
        flips += moved
    assert all(before.new is after.old for before, after in pairwise(flips))
    assert all(before.at <= after.at for before, after in pairwise(flips))
    counted = tally_day(flips, duty, second(0), second(2 * DAY_S), State.CLOSED)
    assert (
        counted.staffed_s + counted.grace_s + counted.absent_s + counted.unknown_s
        == counted.duty_s
        == sum((i.end - i.start).total_seconds() for i in duty)
    )
    inside_it = [piece for piece in counted.segments if since <= piece.start and piece.end <= end]
    assert {piece.state for piece in inside_it} <= {State.UNKNOWN, State.CLOSED}


def test_an_absence_that_fell_due_in_the_incident_counts_as_tolerated_until_it_began() -> None:
    duty = [Interval(wib("07:30"), wib("12:00"), first=True, last=True)]
    flips = [
        StateChange(wib("07:30"), State.CLOSED, State.STAFFED, "", wib("07:30")),
        StateChange(wib("08:00"), State.STAFFED, State.GRACE, "absence", wib("08:00")),
        StateChange(wib("08:10"), State.GRACE, State.ABSENT, "absence", wib("08:00")),
        StateChange(wib("08:10"), State.ABSENT, State.UNKNOWN, "system", wib("08:09")),
        StateChange(wib("08:12"), State.UNKNOWN, State.STAFFED, "", wib("08:12")),
    ]
    counted = tally_day(flips, duty, wib("07:30"), wib("09:00"), State.CLOSED)
    assert (counted.absent_s, counted.grace_s, counted.unknown_s) == (0, 9 * 60, 3 * 60)
