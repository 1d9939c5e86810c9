"""The soak's verdict on growth: only what a settled process does counts."""

from collections.abc import Callable

from tests.support.chaos.growth import EVERY_S, SETTLED_S, HeldSample, judge_growth

MINUTE = 60.0


def life(process: int, minutes: float, memory: Callable[[float], float], start: float = 0.0) -> list[HeldSample]:
    """Return the samples of a process that holds memory(age in minutes) MB."""
    ages = [number * EVERY_S for number in range(1 + int(minutes * MINUTE / EVERY_S))]
    return [HeldSample(start + age, process, {"memory": memory(age / MINUTE)}, age) for age in ages]


def filling(minute: float) -> float:
    """Return the MB of a program that fills up in its first half hour, and then holds what it has."""
    return 376 + min(minute, SETTLED_S / MINUTE)


def verdict(*lives: list[HeldSample]) -> bool | None:
    (row,) = judge_growth({"worker": [sample for one in lives for sample in one]})
    return row.bounded


def test_what_a_program_fills_once_is_no_growth() -> None:
    assert verdict(life(1, 120, filling)) is True


def test_a_program_that_never_stops_growing_grows() -> None:
    assert verdict(life(1, 120, lambda minute: 376 + minute)) is False


def test_lives_that_end_before_they_settle_are_too_short_to_judge() -> None:
    assert verdict(*(life(pid, 29, lambda minute: 376 + minute, pid * 3600) for pid in range(1, 9))) is None
    assert verdict(life(1, 42, filling), life(2, 42, filling, 3600)) is None


def test_the_settled_parts_of_several_lives_count_together() -> None:
    assert verdict(*(life(pid, 42, filling, pid * 3600) for pid in range(1, 4))) is True
    assert verdict(*(life(pid, 60, lambda minute: 376 + 2 * minute, pid * 3600) for pid in range(1, 4))) is False


def test_a_store_is_judged_from_its_first_sample() -> None:
    held = [HeldSample(at * MINUTE, 0, {"MB": 100.0 + at * 60}) for at in range(61)]
    (row,) = judge_growth({"database": held})
    assert (row.bounded, round(row.hourly)) == (False, 3600)
