"""Frozen cameras and still rooms look alike; noise, hands and the burnt-in clock distinguish them."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from streams.pixels.occupancy import Blind
from streams.simulator.footage import empty_room
from tests.support.drawn_views import HEIGHT, clerk, encoded, keyframes, room, seen, verdicts

NOISY = seen(clerk(room()), 0, clock=False)  # with noise, as a hung sensor repeats it


def clock(picture: np.ndarray, second: int, bottom: bool = False) -> np.ndarray:
    text = f"24-11-2025 08:{second // 60:02}:{second % 60:02}"
    origin = (10, HEIGHT - 10 if bottom else 22)
    return cv2.putText(picture.copy(), text, origin, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 1, cv2.LINE_AA)


def hand(picture: np.ndarray, look: int, y: int) -> np.ndarray:
    """Draw a clerk's writing hand in a picture without noise."""
    place = (300 + round(12 * np.sin(1.3 * look)), y + round(4 * np.cos(look)))
    return cv2.ellipse(picture.copy(), place, (14, 9), 20, 0, 360, (120, 150, 190), -1)


@pytest.mark.parametrize("bottom", [False, True])
@pytest.mark.parametrize("every_s", [2, 5, 60])
def test_a_frozen_sensor_is_found_although_its_clock_runs(every_s: int, bottom: bool) -> None:
    pictures = [clock(NOISY, every_s * look + look % 2, bottom) for look in range(24)]
    found = verdicts(pictures, every_s, reference=room())
    first = max(5, -(-25 // every_s))
    assert found == [None] * first + [Blind.FROZEN] * (24 - first)


@pytest.mark.parametrize(("crf", "bottom"), [(20, False), (26, False), (26, True), (32, True)])
def test_it_stays_frozen_through_the_encoder_while_minutes_roll_over(crf: int, bottom: bool) -> None:
    found = verdicts(keyframes([clock(NOISY, 5 * look, bottom) for look in range(30)], crf))
    assert set(found[:5]) == {None}
    assert set(found[8:]) == {Blind.FROZEN}


def test_the_first_live_picture_ends_it() -> None:
    pictures = [clock(NOISY, 5 * look) for look in range(10)]
    pictures += [clock(seen(clerk(room()), look, clock=False), 5 * look) for look in range(10, 13)]
    assert verdicts(pictures)[9:] == [Blind.FROZEN, None, None, None]


@pytest.mark.parametrize("noise", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("crf", [26, 34])
def test_a_still_room_with_a_clock_and_a_little_noise_lives(noise: float, crf: int) -> None:
    pictures = [clock(seen(clerk(room()), look, noise, clock=False), 5 * look) for look in range(14)]
    assert set(verdicts(keyframes(pictures, crf))) == {None}


@pytest.mark.parametrize("y", [200, 290, 345])  # on the desk, and where a low desk meets the strip of a clock
@pytest.mark.parametrize("crf", [None, 40])
@pytest.mark.parametrize("with_clock", [False, True])
def test_a_hand_that_writes_in_a_picture_without_noise_lives(y: int, crf: int | None, with_clock: bool) -> None:
    pictures = [hand(clerk(room()), look, y) for look in range(20)]
    if with_clock:
        pictures = [clock(picture, 5 * look) for look, picture in enumerate(pictures)]
    assert set(verdicts(keyframes(pictures, crf) if crf else pictures)) == {None}


def test_a_clock_that_stops_with_its_picture_is_frozen_sooner() -> None:
    assert verdicts([clock(NOISY, 7)] * 4) == [None, None, Blind.FROZEN, Blind.FROZEN]


def test_the_demos_staffed_and_empty_rooms_live(footage: Path) -> None:
    for name in ("staffed", "empty"):
        with av.open(str(footage / f"hall-{name}.h264"), format="h264") as film:
            keys = [f.to_ndarray(format="bgr24") for f in film.decode(video=0) if f.key_frame]
        assert set(verdicts((keys * 8)[:16], reference=empty_room(footage, "hall"))) == {None}


@pytest.mark.clips
@pytest.mark.parametrize("file", ["book.mkv", "eat.mkv"])
@pytest.mark.parametrize("crf", [30, 40, 48])
def test_people_who_sit_still_live_also_in_skipped_blocks(clips: Path, file: str, crf: int) -> None:
    """Noise smoothed away, one keyframe and then only differences, compressed until blocks repeat exactly."""
    with av.open(str(clips / file)) as film:
        there = [frame.to_ndarray(format="bgr24") for frame in film.decode(video=0)][:30]
    smooth = [cv2.bilateralFilter(picture, 9, 40, 9) for picture in there]
    looped = [clock(picture, look // 2) for look, picture in enumerate(smooth + smooth[::-1])]
    for pictures in (encoded(looped, crf, gop=1000)[::2], keyframes(looped[::2], crf)):
        assert set(verdicts(pictures)) == {None}
