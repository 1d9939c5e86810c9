"""The viewpoint of a camera: one rendered room at all hours, crowded, blurred and turned, and another room."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.pixels.occupancy import Blind
from streams.simulator.layouts import HEIGHT, LAYOUTS, WIDTH
from streams.simulator.stage import Stage
from tests.support.drawn_views import keyframes, seen, verdicts


@cache
def stage(light: float = 1.0, yaw: float = 0.0, pitch: float = 0.0, layout: str = "hall") -> Stage:
    """Return an office in other light, or from a camera turned by some degrees."""
    drawn = LAYOUTS[layout]
    lens = replace(drawn.lens, yaw=drawn.lens.yaw + yaw, pitch=drawn.lens.pitch + pitch)
    return Stage(replace(drawn, light=drawn.light * light, warmth=1.2 - light, lens=lens))


def reference() -> np.ndarray:
    return stage().room


def people(count: int, look: int, close: float, seed: int = 1) -> np.ndarray:
    """Draw visitors from behind, the nearest `close` metres from the lens; each moves a little."""
    dice, sway = np.random.default_rng(seed), np.random.default_rng(look)
    office = stage()
    image = office.room.copy()
    for number, z in enumerate(sorted(dice.uniform(close, 2.0, count), reverse=True)):
        x = dice.uniform(-0.5, 0.5) * z + sway.uniform(-0.06, 0.06)
        office._put(image, f"{seed}/{number}", office._visitor, (x, 1.9 + dice.uniform(-0.1, 0.2), z, 0.0))
    return image


def sunlit(image: np.ndarray, x: float, y: float, gain: float) -> np.ndarray:
    """Add a patch of sunlight with the window frame's edges; `x` and `y` are fractions of the picture."""
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    corner = np.array((x * WIDTH, y * HEIGHT))
    patch = corner + np.array([(0, 0), (190, 25), (230, 150), (40, 125)])
    cv2.fillPoly(mask, [patch.astype(np.int32)], 1.0)
    lit = image * (1 + gain * cv2.GaussianBlur(mask, (0, 0), 2)[..., None])
    return np.clip(lit, 0, 255).astype(np.uint8)


def backlit(image: np.ndarray, x: float, amount: float) -> np.ndarray:
    """Add a bright window: its glare covers the picture, and the camera closes its iris."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    glare = np.exp(-(((columns - x * WIDTH) / 120) ** 2 + ((rows - 110) / 120) ** 2) / 2)
    return np.clip(image * (1 - 0.55 * amount) + 255 * amount * glare[..., None], 0, 255).astype(np.uint8)


def blur(image: np.ndarray, sigma: float) -> np.ndarray:
    return cv2.GaussianBlur(image, (0, 0), sigma)


# Light


def test_from_morning_to_evening_nothing_is_called() -> None:
    day = []
    for look in range(48):  # a quarter of an hour each
        noon = np.sin(np.pi * look / 47)
        lamps, daylight = stage(0.4).room, stage(1.3).room
        image = cv2.addWeighted(lamps, 1 - noon, daylight, noon, 0)
        if 6 < look < 30:
            image = sunlit(image, -0.2 + look / 30, 0.3, 1.2 * noon)
        day.append(seen(image, look))
    assert set(verdicts(day, every_s=900, reference=reference())) == {None}


def test_lamps_switched_on_and_off_and_clouds_move_no_camera() -> None:
    lights = [1.0, 0.4, 1.0, 1.3, 0.6, 0.4, 1.3, 1.0]
    pictures = [seen(stage(lights[look // 5 % 8]).room, look) for look in range(40)]
    assert set(verdicts(pictures, reference=reference())) == {None}


@settings(max_examples=25, deadline=None)
@given(
    light=st.sampled_from([0.4, 0.6, 1.0, 1.3]),
    sun=st.tuples(st.floats(-0.2, 0.9), st.floats(0.0, 0.7), st.floats(0.0, 1.5)),
    glare=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 0.9)),
    noise=st.sampled_from([1.0, 4.0, 8.0]),
    clerk=st.booleans(),
)
def test_no_light_makes_a_camera_moved_or_blurred(
    light: float, sun: tuple[float, float, float], glare: tuple[float, float], noise: float, clerk: bool
) -> None:
    office = stage(light)
    image = office.picture((0.0, 1.52, 3.75, 0.0) if clerk else None)
    image = backlit(sunlit(image, *sun), *glare)
    pictures = [seen(image, look, noise) for look in range(4)]
    assert set(verdicts(pictures, reference=reference())) == {None}


# People


@pytest.mark.parametrize(("count", "close"), [(4, 0.8), (8, 0.7), (14, 0.6)])
def test_a_crowd_for_two_minutes_is_no_other_view(count: int, close: float) -> None:
    pictures = [seen(people(count, look, close), look) for look in range(24)]
    assert set(verdicts(pictures, reference=reference())) == {None}


def test_backs_that_leave_nothing_of_the_room_cover_the_camera() -> None:
    dice = np.random.default_rng(5)
    pictures = []
    for look in range(20):
        image = np.full((HEIGHT, WIDTH, 3), (60, 50, 45), np.uint8)
        for x in range(-60, WIDTH + 60, 70):
            at = (x + int(dice.integers(-40, 40)), int(dice.integers(60, 300)))
            shade = [int(c) for c in dice.integers(30, 160, 3)]
            cv2.ellipse(image, at, (60, 150), int(dice.integers(-20, 20)), 0, 360, shade, -1)
        pictures.append(seen(image, look))
    found = verdicts([*pictures, seen(reference(), 30)], reference=reference())
    assert set(found[:20]) <= {None, Blind.COVERED}
    assert Blind.COVERED in found[5:20]
    assert found[-1] is None


# Another view


@pytest.mark.parametrize("layout", ["corner", "narrow", "bright", "wide"])
def test_another_room_is_another_scene(layout: str) -> None:
    pictures = [seen(stage(layout=layout).room, look) for look in range(6)]
    found = verdicts([*pictures, seen(reference(), 6)], reference=reference())
    assert found == [None, None, *[Blind.SCENE] * 4, None]


@pytest.mark.parametrize(("yaw", "pitch"), [(6, 0), (-6, 3), (0, 8), (17, -7), (-14, 0)])
def test_the_same_room_from_a_turned_camera_is_moved(yaw: float, pitch: float) -> None:
    pictures = [seen(stage(yaw=yaw, pitch=pitch).picture((0.0, 1.52, 3.75, 0.0)), look) for look in range(6)]
    found = verdicts(pictures, reference=reference())
    assert found[3:] == [Blind.MOVED] * 3
    assert set(found[:3]) <= {None, Blind.MOVED}


def test_a_camera_once_lost_stays_so_while_people_walk_through_the_wrong_view() -> None:
    pictures = [seen(stage(layout="corner").room, look) for look in range(4)]
    for look in range(4, 12):
        image = stage(layout="corner").room.copy()
        cv2.ellipse(image, (80 * (look - 3), 300), (120, 250), 0, 0, 360, (60, 50, 45), -1)
        pictures.append(seen(image, look))
    assert set(verdicts(pictures, reference=reference())[4:]) == {Blind.SCENE}


# Focus


@pytest.mark.parametrize(("sigma", "noise"), [(3.5, 1.0), (5, 3.0), (9, 2.0)])
@pytest.mark.parametrize("crf", [26, 36])
def test_a_lens_out_of_focus_is_blurred(sigma: float, noise: float, crf: int) -> None:
    pictures = keyframes([seen(blur(reference(), sigma), look, noise) for look in range(5)], crf)
    assert verdicts(pictures, reference=reference()) == [None, None, *[Blind.BLURRED] * 3]


def test_a_lens_that_smears_over_a_week_is_called_when_edges_are_gone_and_not_before() -> None:
    found = verdicts([seen(blur(reference(), 0.3 + look / 20), look) for look in range(80)], 7200, reference())
    called = found.index(Blind.BLURRED)
    assert set(found[:called]) == {None}
    assert set(found[called:]) == {Blind.BLURRED}
    assert 40 < called < 70  # a sigma of 2.3 to 3.8 pixels of 640


def test_a_moment_of_autofocus_is_not_called() -> None:
    pictures = [seen(blur(reference(), 5) if look in (3, 4) else reference(), look) for look in range(9)]
    assert set(verdicts(pictures, every_s=3, reference=reference())) == {None}


@pytest.mark.parametrize("crf", [38, 45])
@pytest.mark.parametrize("light", [0.35, 1.0])
def test_night_noise_and_heavy_compression_are_not_blur(crf: int, light: float) -> None:
    pictures = keyframes([seen(stage(light).room, look, noise=8.0) for look in range(5)], crf)
    assert set(verdicts(pictures, reference=reference())) == {None}


@pytest.mark.parametrize("judged_against", [True, False])
def test_a_plain_room_is_not_blurred(judged_against: bool) -> None:
    """A wall with a soft shadow, one door and the edge of a counter."""
    plain = np.full((HEIGHT, WIDTH, 3), (175, 180, 182), np.uint8)
    plain[:] = (plain * np.linspace(0.7, 1.0, WIDTH)[None, :, None]).astype(np.uint8)
    cv2.rectangle(plain, (420, 60), (520, 300), (90, 110, 140), -1)
    plain[290:] = (80, 90, 100)
    pictures = [seen(plain, look) for look in range(5)]
    assert set(verdicts(pictures, reference=plain if judged_against else None)) == {None}


def test_without_a_reference_only_a_haze_is_blurred() -> None:
    assert set(verdicts([seen(reference(), look) for look in range(5)])) == {None}
    assert verdicts([seen(blur(reference(), 7), look) for look in range(5)])[2:] == [Blind.BLURRED] * 3


def test_a_picture_of_another_size_is_measured_alike() -> None:
    large = cv2.resize(reference(), (1280, 720), interpolation=cv2.INTER_CUBIC)
    assert set(verdicts([seen(large, look) for look in range(5)], reference=reference())) == {None}
    assert verdicts([seen(blur(large, 9), look) for look in range(5)], reference=reference())[-1] is Blind.BLURRED
