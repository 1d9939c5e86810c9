"""Control pictures are kept as they were shown, and can be shown again."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.detect.api import Detector
from streams.detect.relight import surroundings
from streams.looks import shown_controls
from streams.looks.control_group import ControlGroup, encode_control
from streams.pixels.occupancy import ControlCount, ShownControl
from streams.pixels.shapes import DrawnZone
from streams.simulator.footage import empty_room
from streams.simulator.layouts import LAYOUTS
from streams.simulator.weather import draw_condition
from tests.support.clock import wib
from tests.support.exhibits import frame

HALL = LAYOUTS["hall"]
ZONE = DrawnZone(1, 1, HALL.zone, 1)
controls = st.lists(st.builds(ShownControl, st.binary(max_size=99), st.booleans()), max_size=24)


@given(controls)
def test_an_archive_holds_what_was_packed_in_order(packed: list[ShownControl]) -> None:
    assert shown_controls.unpack(shown_controls.pack(packed)) == packed
    assert shown_controls.pack(packed) == shown_controls.pack(packed)


@given(st.binary(max_size=99))
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        shown_controls.unpack(data)


@pytest.mark.parametrize("data", [b"", b"jpeg"])
def test_what_is_no_picture_is_refused(detector: Detector, data: bytes) -> None:
    with pytest.raises(ValueError, match="not a picture"):
        shown_controls.show_control(detector, np.zeros((36, 64, 3), np.uint8), ZONE, data)


def outcome(footage: Path, detector: Detector, shown: np.ndarray, staff: np.ndarray) -> ControlCount | None:
    home = empty_room(footage, HALL.name)
    control = encode_control(staff[surroundings(staff, ZONE)])
    group = ControlGroup(ZONE, lambda: home[surroundings(home, ZONE)], [control] * 3, few=1, at_a_time=9)
    (finding,) = detector.detect(shown, [ZONE])
    assert not finding.people
    return group.judge(detector, shown, finding, wib("09:00")).controls


def test_the_detector_sees_again_what_it_saw(footage: Path, detector: Detector) -> None:
    haze = draw_condition("haze", 3).show(frame(footage, "empty"))
    found = outcome(footage, detector, haze, frame(footage, "staffed"))
    assert found is not None
    assert (found.seen, found.shown, len(found.pictures)) == (3, 3, 3)
    again = [shown_controls.show_control(detector, haze, ZONE, one.jpeg) for one in found.pictures]
    assert again == list(found.pictures)
    assert all(one.seen for one in again)


def test_pictures_without_staff_are_not_seen_again(footage: Path, detector: Detector) -> None:
    empty = frame(footage, "empty")
    part = shown_controls.encode_shown(empty[surroundings(empty, ZONE)])
    assert not shown_controls.show_control(detector, empty, ZONE, part).seen


def test_pictures_are_forgotten_when_staff_is_back(footage: Path, detector: Detector) -> None:
    condition, staff = draw_condition("haze", 3), frame(footage, "staffed")
    haze = condition.show(frame(footage, "empty"))
    home = empty_room(footage, HALL.name)
    control = encode_control(staff[surroundings(staff, ZONE)])
    group = ControlGroup(ZONE, lambda: home[surroundings(home, ZONE)], [control], few=1)
    (nobody,), (somebody,) = detector.detect(haze, [ZONE]), detector.detect(staff, [ZONE])
    first = group.judge(detector, haze, nobody, wib("09:00")).controls
    assert first is not None
    assert len(first.pictures) == 1
    group.judge(detector, staff, somebody, wib("09:00:05"))
    later = group.judge(detector, haze, nobody, wib("09:00:10")).controls
    assert later == first
    assert later is not None
    assert later.pictures == ()
