"""Which controls are kept, whatever comes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from streams.looks.control_choice import HARDEST, MOST, KeptControl, one_to_drop

START = datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_nothing_is_dropped_before_there_are_enough() -> None:
    assert one_to_drop([KeptControl(START, 0.5)] * MOST) is None


def test_the_hardest_stay_and_no_hour_crowds_out_the_others() -> None:
    kept = [KeptControl(START, 0.1 + 0.01 * n) for n in range(HARDEST)]
    kept += [KeptControl(START.replace(hour=14), 0.9), KeptControl(START.replace(hour=15), 0.9)]
    kept += [KeptControl(START.replace(hour=9) + timedelta(minutes=n), 0.9) for n in range(MOST + 1 - len(kept))]
    dropped = one_to_drop(kept)
    assert dropped is not None
    assert kept[dropped].at == START.replace(hour=9), "the oldest of the crowded hour"


@given(st.lists(st.tuples(st.integers(0, 60 * 24 * 30), st.floats(0, 1)), max_size=120))
def test_after_any_history_the_hardest_of_all_are_kept(history: list[tuple[int, float]]) -> None:
    kept: list[KeptControl] = []
    for minute, score in history:
        kept.append(KeptControl(START + timedelta(minutes=minute), score))
        dropped = one_to_drop(kept)
        if dropped is not None:
            del kept[dropped]
    assert len(kept) == min(MOST, len(history))
    hardest = sorted(score for _, score in history)[:HARDEST]
    assert sorted(one.score for one in kept)[:HARDEST] == hardest
