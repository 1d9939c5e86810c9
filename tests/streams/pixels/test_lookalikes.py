"""Marked portraits are not counted as people, and people before or beside them are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from streams.detect.api import Detector
from streams.looks.examiner import Examiner
from streams.looks.labels import pictures, read_labels
from streams.pixels.lookalike_in_poor_light import Likeness, likeness
from streams.pixels.lookalikes import cells_of, painted, still_shows, unchanged_in
from streams.pixels.occupancy import ZoneFinding
from streams.pixels.shapes import Box, DrawnZone, Frame, Lookalike
from streams.simulator import props
from streams.simulator.layouts import LAYOUTS
from streams.simulator.stage import Stage
from streams.simulator.weather import CONDITIONS, draw_condition

START = datetime(2025, 11, 24, 1, 0, tzinfo=UTC)
HALL = LAYOUTS["hall"]
BESIDE, BEHIND = 0.38, 0.0  # metres from the clerk, on the wall


@cache
def stage() -> Stage:
    return Stage(HALL)


@cache
def wall(dx: float) -> tuple[np.ndarray, Lookalike]:
    """Return the empty office with a portrait on its wall, and the portrait as an operator marks it."""
    prop = props.Prop(props.framed(), *props.before(HALL, dx, 1.5, HALL.depth - 0.06), 0.6, 0.72)
    image = prop.hang(stage().room, HALL, stage().away)
    return image, Lookalike(prop.corners(HALL), cells_of(image, prop.corners(HALL)).tobytes())


def office(dx: float, clerk: bool = False, away_m: float = 0.0) -> np.ndarray:
    room, _ = wall(dx)
    x, z = HALL.clerk
    return stage().picture((x + away_m, HALL.head, z, 0) if clerk else None, room=room)


def noisy(image: np.ndarray, look: int, sigma: float = 3) -> np.ndarray:
    noise = np.random.default_rng(look).standard_normal(image.shape) * sigma
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def look(detector: Detector, dx: float, image: np.ndarray, marked: bool = True, moving: bool = False) -> ZoneFinding:
    _, mark = wall(dx)
    mark = Lookalike(mark.polygon) if moving else mark
    zone = DrawnZone(1, 1, HALL.zone, ignored=(mark,) if marked else ())
    return Examiner(detector, [zone]).look(Frame(image, START))[0]


@pytest.mark.parametrize("dx", [BESIDE, BEHIND])
def test_a_marked_portrait_is_no_clerk_and_an_unmarked_one_is(detector: Detector, dx: float) -> None:
    empty = noisy(office(dx), 1)
    assert look(detector, dx, empty, marked=False).people == 1
    found = look(detector, dx, empty)
    assert found.people == 0
    assert len(found.ignored) == 1


@pytest.mark.parametrize("dx", [BESIDE, BEHIND])
def test_a_clerk_who_sits_quite_still_beside_or_before_a_portrait_is_there(detector: Detector, dx: float) -> None:
    """Ten minutes without any movement: every look is staffed, full examinations included."""
    image = office(dx, clerk=True)
    zone = DrawnZone(1, 1, HALL.zone, ignored=(wall(dx)[1],))
    examiner = Examiner(detector, [zone])
    frames = (Frame(noisy(image, n), START + timedelta(seconds=5 * n)) for n in range(120))
    found = [examiner.look(frame)[0] for frame in frames]
    assert {one.people for one in found} == {1}


def test_who_covers_a_portrait_lifts_its_mark(detector: Detector) -> None:
    found = look(detector, BEHIND, office(BEHIND, clerk=True))
    assert (found.people, found.ignored) == (1, ())


@pytest.mark.parametrize("dx", [BESIDE, BEHIND])
def test_a_clerk_before_a_screen_is_there_and_who_is_on_it_is_not(detector: Detector, dx: float) -> None:
    assert look(detector, dx, office(dx), moving=True).people == 0
    assert look(detector, dx, office(dx, clerk=True), moving=True).people == 1


LIGHTS = {
    "noise": lambda image: noisy(image, 5, 6),
    "dusk": lambda image: noisy(image * 0.45, 6),
    "lamps": lambda image: image * 1.08 + 6,
    "sun from the side": lambda image: image * np.linspace(0.7, 1.25, image.shape[1])[None, :, None],
    "preview": lambda image: cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], 1),
    "another size": lambda image: cv2.resize(image, (1280, 720), interpolation=cv2.INTER_CUBIC),
    "smaller": lambda image: cv2.resize(image, (400, 225), interpolation=cv2.INTER_AREA),
}


@pytest.mark.parametrize("light", LIGHTS)
def test_a_portrait_stays_itself_in_another_light(light: str) -> None:
    image, mark = wall(BESIDE)
    assert unchanged_in(np.clip(LIGHTS[light](image), 0, 255).astype(np.uint8), [mark]) == [mark]


@pytest.mark.parametrize("weather", CONDITIONS)
def test_in_poor_light_a_portrait_is_told_from_the_clerk_before_it(weather: str) -> None:
    condition, (image, mark) = draw_condition(weather, 3), wall(BEHIND)
    old = cells_of(image, mark.polygon)
    shown, hidden = condition.show(image), condition.show(office(BEHIND, clerk=True).astype(np.uint8))
    assert likeness(old, cells_of(shown, mark.polygon)) is Likeness.SAME
    assert likeness(old, cells_of(hidden, mark.polygon)) is Likeness.OTHER


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_whether_a_portrait_is_there_is_uncertain_where_nothing_is_left_to_see(grey: int) -> None:
    image, mark = wall(BESIDE)
    plain = np.full_like(image, grey)
    assert likeness(cells_of(image, mark.polygon), cells_of(plain, mark.polygon)) is Likeness.UNCERTAIN


@pytest.mark.parametrize("share", [0.1, 0.2, 0.4])
@pytest.mark.parametrize("side", ["bottom", "left"])
def test_what_comes_before_a_corner_of_it_lifts_the_mark(share: float, side: str) -> None:
    image, mark = wall(BESIDE)
    height, width = image.shape[:2]
    box = mark.bounds
    x1 = box.x0 + share * (box.x1 - box.x0) if side == "left" else box.x1
    y0 = box.y1 - share * (box.y1 - box.y0) if side == "bottom" else box.y0
    hidden = image.copy()
    hidden[int(y0 * height) : int(box.y1 * height), int(box.x0 * width) : int(x1 * width)] = (92, 122, 165)  # skin
    assert unchanged_in(hidden, [mark]) == []


def test_the_picture_itself_is_left_as_it_is() -> None:
    image, mark = wall(BESIDE)
    before = image.copy()
    shown = painted(image, [mark])
    assert np.array_equal(image, before)
    assert not np.array_equal(shown, before)
    assert painted(image, []) is image


def test_a_mark_whose_cells_are_broken_hides_nothing() -> None:
    image, mark = wall(BESIDE)
    assert unchanged_in(image, [replace(mark, cells=b"\0" * 7)]) == []


def test_a_plain_wall_is_not_taken_for_a_faded_portrait() -> None:
    image, mark = wall(BESIDE)
    plain = np.full_like(image, 128)
    assert not still_shows(cells_of(image, mark.polygon), cells_of(plain, mark.polygon))


@pytest.mark.clips
@pytest.mark.parametrize("place", [Box(0.5, 0.05, 0.72, 0.6), Box(0.46, 0.0, 0.76, 1.0)])
def test_real_people_lift_the_mark_of_what_they_stand_before(clips: Path, place: Box) -> None:
    """Marked on an empty look; no look at the six people who come one by one shows it unchanged."""
    corners = ((place.x0, place.y0), (place.x1, place.y0), (place.x1, place.y1), (place.x0, place.y1))
    [clip] = [clip for clip in read_labels(clips / "labels.json", clips) if clip.file.startswith("one-by-one")]
    looks = [(clip.labels[0].truth(at), cells_of(image, corners)) for at, image in pictures(clips / clip.file, 0.5)]
    empty = [cells for truth, cells in looks if truth is False]
    staffed = [cells for truth, cells in looks if truth]
    assert len(staffed) > 150
    assert not any(still_shows(empty[0], cells) for cells in staffed)
    assert all(still_shows(empty[0], cells) for cells in empty)
