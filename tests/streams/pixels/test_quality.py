"""The quality of pictures: a drawn office with sensor noise under every fault of a camera."""

import time
from datetime import timedelta

import cv2
import numpy as np
import pytest

from streams.pixels.occupancy import Blind
from streams.pixels.quality import Quality, signature
from streams.pixels.sharpness import edge_sharpness
from tests.support.drawn_views import HEIGHT, START, WIDTH, clerk, keyframes, room, seen, shifted, verdicts

# Nothing wrong


@pytest.mark.parametrize("noise", [1.0, 3.0, 6.0])
def test_a_still_room_with_sensor_noise_is_fine(noise: float) -> None:
    pictures = [seen(room(), look, noise, clock=False) for look in range(8)]
    assert set(verdicts(pictures, reference=room())) == {None}


def test_a_still_room_through_the_encoder_is_fine() -> None:
    pictures = keyframes([seen(room(), look, noise=1.0) for look in range(8)])
    assert set(verdicts(pictures, reference=room())) == {None}


def test_daylight_that_grows_over_the_morning_is_fine() -> None:
    pictures = [seen((room() * (0.5 + 0.02 * look)).astype(np.uint8), look) for look in range(30)]
    assert set(verdicts(pictures, 60, reference=room())) == {None}


def test_a_clerk_who_leaves_and_comes_back_moves_no_camera() -> None:
    pictures = [seen(clerk(room()) if look % 8 < 4 else room(), look) for look in range(16)]
    assert set(verdicts(pictures, reference=clerk(room()))) == {None}


def test_visitors_walking_through_move_no_camera() -> None:
    pictures = [seen(clerk(clerk(room(), 60 + 30 * look, 1.3), 500), look) for look in range(16)]
    assert set(verdicts(pictures, reference=room())) == {None}


def test_somebody_close_to_the_camera_does_not_cover_it() -> None:
    close = room()
    cv2.ellipse(close, (330, 380), (230, 330), 0, 0, 360, (60, 50, 45), -1)
    pictures = [seen(close, look) for look in range(20)]
    assert set(verdicts(pictures, reference=room())) == {None}


def test_dimmed_lights_are_not_darkness() -> None:
    pictures = [seen((room() * 0.45).astype(np.uint8), look) for look in range(8)]
    assert set(verdicts(pictures, reference=room())) == {None}


def test_a_camera_that_sways_a_little_has_not_moved() -> None:
    pictures = [seen(shifted(room(), 0.012 * (-1) ** look), look) for look in range(8)]
    assert set(verdicts(pictures, reference=room())) == {None}


def test_without_a_reference_nothing_is_called_moved() -> None:
    pictures = [seen(shifted(room(), 0.3), look) for look in range(8)]
    assert set(verdicts(pictures)) == {None}


# Frozen


@pytest.mark.parametrize(("every_s", "first"), [(5, 2), (60, 2), (2, 4)])
def test_a_repeated_picture_is_frozen_after_three_looks_and_eight_seconds(every_s: float, first: int) -> None:
    found = verdicts([seen(room(), 0)] * 6, every_s, reference=room())
    assert found == [None] * first + [Blind.FROZEN] * (6 - first)


def test_a_repeated_picture_encoded_again_is_frozen() -> None:
    found = verdicts(keyframes([seen(room(), 0)] * 8))
    assert found[0] is found[1] is None
    assert found[-1] is Blind.FROZEN


def test_a_picture_that_comes_back_to_life_is_judged_again_at_once() -> None:
    pictures = [seen(room(), 0)] * 4 + [seen(room(), 9)]
    assert verdicts(pictures)[-2:] == [Blind.FROZEN, None]


def test_two_equal_pictures_are_no_proof() -> None:
    pictures = [seen(room(), look // 2) for look in range(10)]
    assert set(verdicts(pictures)) == {None}


def test_a_clock_gone_back_does_not_freeze_a_camera() -> None:
    quality, picture = Quality(), seen(room(), 0)
    assert quality.judge(picture, START) is None
    assert quality.judge(picture, START + timedelta(seconds=20)) is None
    assert quality.judge(picture, START - timedelta(hours=1)) is None


def test_a_new_resolution_is_a_new_picture() -> None:
    large = cv2.resize(seen(room(), 0), (1280, 720))
    assert set(verdicts([seen(room(), 0), large] * 4, reference=room())) == {None}


# Dark and covered


@pytest.mark.parametrize("light", [0.0, 0.08, 0.15])
def test_lights_out_is_dark(light: float) -> None:
    pictures = [seen((room() * light).astype(np.uint8), look) for look in range(3)]
    assert verdicts(pictures, reference=room()) == [Blind.DARK] * 3


def test_a_dim_picture_is_dark_only_without_a_reference_to_judge_its_zones_by() -> None:
    dim = [seen((room() * 0.19).astype(np.uint8), look) for look in range(3)]
    assert verdicts(dim, reference=room()) == [None] * 3
    assert verdicts(dim) == [Blind.DARK] * 3


def test_a_black_picture_that_never_changes_is_dark_rather_than_frozen() -> None:
    assert verdicts([np.zeros((HEIGHT, WIDTH, 3), np.uint8)] * 5)[-1] is Blind.DARK


def cloth() -> np.ndarray:
    """Draw folds out of focus, brighter to one side, where light leaks in: BGR."""
    rng = np.random.default_rng(4)
    folds = cv2.GaussianBlur(rng.standard_normal((HEIGHT, WIDTH)).astype(np.float32), (0, 0), 60)
    folds = 95 + 15 * folds / np.abs(folds).max() + np.linspace(-25, 45, WIDTH, dtype=np.float32)
    return np.repeat(folds[:, :, None], 3, axis=2).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("noise", [1.0, 6.0])
def test_a_cloth_over_the_lens_is_covered(noise: float) -> None:
    pictures = [seen(cloth(), look, noise) for look in range(4)]
    assert verdicts(pictures, reference=room()) == [Blind.COVERED] * 4


def test_a_cap_that_shows_one_grey_is_covered_also_when_it_never_changes() -> None:
    pictures = keyframes([np.full((HEIGHT, WIDTH, 3), 110, np.uint8)] * 5)
    assert verdicts(pictures, reference=room()) == [Blind.COVERED] * 5


# Moved


@pytest.mark.parametrize(("right", "down"), [(0.08, 0), (-0.08, 0), (0, 0.08), (0.15, -0.1), (-0.25, 0)])
def test_a_turned_camera_is_called_at_the_second_look(right: float, down: float) -> None:
    pictures = [seen(clerk(shifted(room(), right, down), 200), look) for look in range(5)]
    assert verdicts(pictures, reference=clerk(room())) == [None] + [Blind.MOVED] * 4


def test_a_turned_camera_in_other_light_is_still_found() -> None:
    pictures = [seen((shifted(room(), 0.1) * 0.6).astype(np.uint8), look) for look in range(3)]
    assert verdicts(pictures, reference=room())[-1] is Blind.MOVED


def test_a_camera_turned_back_is_judged_again() -> None:
    pictures = [seen(shifted(room(), 0.1), look) for look in range(3)] + [seen(room(), 3)]
    assert verdicts(pictures, reference=room())[-2:] == [Blind.MOVED, None]


def test_one_odd_look_moves_no_camera() -> None:
    pictures = [seen(shifted(room(), 0.1 if look == 3 else 0), look) for look in range(6)]
    assert set(verdicts(pictures, reference=room())) == {None}


def test_a_camera_turned_to_the_corridor_is_called_within_a_minute() -> None:
    corridor = np.ascontiguousarray(room(7)[::-1])
    found = verdicts([seen(corridor, look) for look in range(20)], reference=room())
    assert found[0] is None
    assert found[13:] == [Blind.MOVED] * 7


# The stored signature


def test_the_signature_can_be_kept_as_bytes() -> None:
    kept = signature(room()).tobytes()
    assert len(kept) == 36 * 64
    again = np.frombuffer(kept, np.uint8).reshape(36, 64)
    assert Quality(again).judge(seen(room(), 0), START) is None


def test_a_reference_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="36 x 64"):
        Quality(np.zeros((9, 16), np.uint8))


def test_judging_takes_about_a_millisecond() -> None:
    quality = Quality(signature(room()), edge_sharpness(room()))
    pictures = [seen(room(), look) for look in range(8)]
    spent = []
    for look in range(80):
        started = time.process_time()
        quality.judge(pictures[look % 8], START + timedelta(seconds=5 * look))
        spent.append(time.process_time() - started)
    assert sorted(spent)[40] < 0.003  # 0.9 to 1.1 ms measured; more for slow machines
