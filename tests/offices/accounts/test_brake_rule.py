"""The wait after wrong passwords grows, ends, and is never longer than a quarter of an hour."""

from hypothesis import given
from hypothesis import strategies as st

from offices.accounts.brake_rule import FIRST_S, LONGEST_S, Failures, wait_s

counts, frees, spans = st.integers(0, 10_000), st.integers(1, 100), st.floats(0, 1e7)


@given(counts, frees, spans)
def test_the_wait_is_short_enough_to_be_no_lock(count: int, free: int, since_s: float) -> None:
    assert 0 <= wait_s(Failures(count, free, since_s)) <= LONGEST_S


@given(counts, frees)
def test_it_grows_with_each_wrong_try_and_ends_by_itself(count: int, free: int) -> None:
    waits = [wait_s(Failures(count + more, free, 0)) for more in (0, 1)]
    assert waits == sorted(waits)
    assert wait_s(Failures(count, free, waits[0])) == 0


@given(frees, spans)
def test_the_first_wrong_ones_are_free(free: int, since_s: float) -> None:
    assert wait_s(Failures(free - 1, free, since_s)) == 0
    assert wait_s(Failures(free, free, 0)) == FIRST_S
