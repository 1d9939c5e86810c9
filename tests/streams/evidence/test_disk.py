"""The room on the disk of evidence."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.evidence.disk import DiskRoom, DiskState, disk_room

GB = 10**9


@pytest.mark.parametrize(
    ("free", "total", "state"),
    [
        (0, 4 * GB, DiskState.FULL),
        (40_000_000, 4 * GB, DiskState.FULL),
        (100_000_000, 4 * GB, DiskState.LOW),
        (GB, 4 * GB, DiskState.ENOUGH),
        (100_000_000, 4000 * GB, DiskState.FULL),
        (4 * GB, 4000 * GB, DiskState.LOW),
        (6 * GB, 4000 * GB, DiskState.ENOUGH),
    ],
)
def test_a_disk_is_full_before_it_takes_nothing_at_all(free: int, total: int, state: DiskState) -> None:
    assert DiskRoom(free, total).state is state


@given(st.integers(1, 10**16), st.data())
def test_less_room_is_never_better(total: int, data: st.DataObject) -> None:
    more = data.draw(st.integers(0, total))
    less = data.draw(st.integers(0, more))
    order = [DiskState.ENOUGH, DiskState.LOW, DiskState.FULL]
    assert order.index(DiskRoom(less, total).state) >= order.index(DiskRoom(more, total).state)


def test_the_disk_is_asked_before_the_folder_exists(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR = tmp_path / "not" / "yet"
    room = disk_room()
    assert 0 < room.free <= room.total
