"""A camera's day: stretches that were recorded, and the reasons of those that were not."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from streams.evidence.recording.day_strip_rule import RECORDED, TOUCHING, UNKNOWN, day_strip

DAY = datetime(2026, 11, 29, 17, tzinfo=UTC)
END = DAY + timedelta(days=1)


def at(minutes: float) -> datetime:
    return DAY + timedelta(minutes=minutes)


def told(minutes: list[tuple[float, float, str]], now: float = 24 * 60) -> list[tuple[float, float, str]]:
    """Return the strip in minutes of the day."""
    strip = day_strip([(at(a), at(b), gap) for a, b, gap in minutes], DAY, END, at(now))
    minute = timedelta(minutes=1)
    return [((one.starts_at - DAY) / minute, (one.ends_at - DAY) / minute, one.what) for one in strip]


def test_minutes_join_and_a_gap_has_the_reason_that_the_next_minute_tells() -> None:
    minutes = [(-0.5, 0.5, ""), (0.51, 1.5, ""), (5, 6, "camera"), (6, 7, "")]
    assert told(minutes, 8) == [(0, 1.5, RECORDED), (1.5, 5, "camera"), (5, 7, RECORDED), (7, 8, UNKNOWN)]


def test_a_gap_over_midnight_is_told_by_the_first_minute_of_the_next_day() -> None:
    day = 24 * 60
    assert told([(0, 60, ""), (day + 30, day + 31, "disk")], day + 40) == [(0, 60, RECORDED), (60, day, "disk")]


def test_a_day_without_any_minute_is_not_told_and_one_to_come_is_empty() -> None:
    assert told([], 90) == [(0, 90, UNKNOWN)]
    assert told([], -5) == []


@given(
    st.lists(
        st.tuples(st.floats(0, 300), st.floats(0.01, 3), st.sampled_from(["", "camera", "system", "disk"])), max_size=30
    ),
    st.floats(0.1, 1500),
)
def test_every_moment_until_now_is_told_once(spaced: list[tuple[float, float, str]], now: float) -> None:
    """Also when minutes overlap, as after a clock was set back."""
    minutes = sorted((begins, begins + lasts, gap) for begins, lasts, gap in spaced)
    strip = day_strip([(at(a), at(b), gap) for a, b, gap in minutes], DAY, END, at(now))
    assert strip[0].starts_at == DAY
    assert min(END, at(now)) - strip[-1].ends_at <= TOUCHING
    assert all(a.ends_at == b.starts_at and a.what != b.what for a, b in itertools.pairwise(strip))
    recorded = [one for one in strip if one.what == RECORDED]
    for begins, ends, _ in minutes:
        if at(ends) < min(END, at(now)):
            assert any(one.starts_at <= at(begins) and at(ends) <= one.ends_at for one in recorded)
