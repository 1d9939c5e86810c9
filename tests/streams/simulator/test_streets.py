"""The simulated cameras over streets: what they show, when, and at whose order."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from discipline.tools.demo.city import points
from streams.pixels.quality import STREET, Quality
from streams.simulator import control
from streams.simulator.scenes import SimulatedFault
from streams.simulator.scripts import DEMO_CAMERAS, OFFICE_CAMERAS
from streams.simulator.simulator import WIB, Simulator
from streams.simulator.street import script
from streams.simulator.street.camera import SimulatedStreetCamera
from streams.simulator.street.film import Film
from streams.simulator.street.footage import clips_of, ensure_street_footage, first_picture
from streams.simulator.street.layouts import STREETS, Street
from streams.simulator.street.paint.view import PoleView
from streams.simulator.street.scenes import StreetLight, StreetScene, clip_name
from streams.simulator.street.traffic import LOOP_S
from streams.simulator.street.turning import turning_head
from tests.support.paths import ROOT
from tests.support.viewers import frames, picture
from tests.support.waiting import wait_until

FLOODED = "rendah"
FIRST = f"cam{OFFICE_CAMERAS + 1}"
SHOWN = (
    (StreetScene.FLOW, StreetLight.DAY),
    (StreetScene.FLOW, StreetLight.NIGHT),
    (StreetScene.FLOOD_HIGH, StreetLight.RAIN),
)
NOON = datetime(2027, 3, 1, 12, tzinfo=WIB)


@pytest.fixture(scope="module")
def streets() -> Path:
    return ensure_street_footage(ROOT / "var" / "test-footage-streets", [FLOODED], lambda _street: SHOWN)


@pytest.fixture(scope="module")
def served(streets: Path, footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    socket = tmp_path_factory.mktemp("streets") / "control.sock"
    shown = [FLOODED, FLOODED]
    with Simulator(cameras=1, footage=footage, control=socket, streets=shown, street_footage=streets) as simulator:
        yield simulator


def brightness(image: np.ndarray) -> float:
    return float(image.mean())


# pictures


def test_a_loop_ends_where_it_begins_and_things_move_in_between() -> None:
    film = Film(STREETS["taman"], StreetScene.FLOW, StreetLight.DAY)
    first, later, last = (film.picture(t) for t in (0.0, 1.0, LOOP_S))
    assert np.array_equal(first, last)
    assert np.array_equal(first, Film(STREETS["taman"], StreetScene.FLOW, StreetLight.DAY).picture(0.0))
    moved = (cv2.absdiff(first, later).max(axis=2) > 30).mean()
    assert 0.005 < moved < 0.5


def test_a_camera_that_turns_shows_what_its_motor_points_at(footage: Path) -> None:
    folder = ROOT / "var" / "test-footage-turning"
    ensure_street_footage(folder, ["bawah"], lambda _street: [(StreetScene.FLOW, StreetLight.DAY)])
    head, number = turning_head(), OFFICE_CAMERAS + 1
    with Simulator(
        cameras=1, footage=footage, streets=["bawah"], street_footage=folder, turning={number: head}
    ) as simulator:
        camera = simulator.cameras[FIRST]

        def shows(name: str) -> None:
            wait_until(lambda: camera.clip.name == f"bawah-flow-{name}.h264", 10.0)

        shows("day")
        head.answer("GotoPreset", "<PresetToken>4</PresetToken>")
        shows("day-close")
        simulator.set_light(FIRST, StreetLight.NIGHT)
        shows("night-close")
        simulator.set_light(FIRST, StreetLight.RAIN)  # of which there is no footage from there
        shows("day-close")
        head.answer("GotoPreset", "<PresetToken>1</PresetToken>")
        head.answer("ContinuousMove", 'PanTilt x="-1" y="0"')
        shows("day-left")
        head.answer("Stop", "")
        with pytest.raises(ValueError, match="no street"):
            Simulator(cameras=1, footage=footage, turning={1: head})


def test_water_covers_the_foot_of_the_gauge_and_no_more(streets: Path) -> None:
    street = STREETS[FLOODED]
    x, z = street.gauge
    marks = [(x, 0.05 + 0.1 * number, z) for number in range(12)]
    pixels = np.round(PoleView(street.lens).see(np.array(marks))[0]).astype(int)
    dry = first_picture(streets, FLOODED, clip_name(StreetScene.FLOW, StreetLight.DAY))
    wet = first_picture(streets, FLOODED, clip_name(StreetScene.FLOOD_HIGH, StreetLight.RAIN))

    def red(image: np.ndarray) -> list[bool]:
        return [bool(image[v, u, 2] > 1.4 * image[v, u, 0] + 15) for u, v in pixels]

    assert sum(red(dry)) >= 4
    assert not any(red(wet)[:4])
    assert sum(red(wet)[4:]) >= 2


def test_a_queue_stands_while_the_other_side_flows() -> None:
    film = Film(STREETS["jembatan"], StreetScene.JAM, StreetLight.DAY)
    changed = cv2.absdiff(film.picture(0.0), film.picture(2.0)).max(axis=2) > 30
    view = PoleView(STREETS["jembatan"].lens)
    left, right = (round(view.see(np.array([(x, 0.7, 25.0)]))[0][0][0]) for x in (-6.6, 6.6))
    assert changed[150:, left - 25 : left + 25].mean() < 0.01
    assert changed[150:, right - 60 : right + 60].mean() > 0.02


def test_a_heap_of_rubbish_grows() -> None:
    street = STREETS["pasar"]
    flow, some, much = (
        Film(street, scene, StreetLight.DAY).picture(0.0)
        for scene in (StreetScene.FLOW, StreetScene.RUBBISH_SOME, StreetScene.RUBBISH_MUCH)
    )
    shares = [float((cv2.absdiff(flow, image).max(axis=2) > 25).mean()) for image in (some, much)]
    assert 0.001 < shares[0] < 0.5 * shares[1]


def test_no_judge_calls_a_healthy_street_unusable_and_a_covered_lens_usable(streets: Path) -> None:
    names = json.loads((streets / "index.json").read_text())["layouts"][FLOODED]
    verdicts = {name: Quality(thresholds=STREET).judge(first_picture(streets, FLOODED, name), NOON) for name in names}
    assert {name: found for name, found in verdicts.items() if found} == {"dark": "dark", "cover": "covered"}


# scripts


def test_the_light_follows_the_clock_of_palembang() -> None:
    def at(hour: int, minute: int = 0) -> StreetLight:
        return script.light_at(NOON.replace(hour=hour, minute=minute), "taman")

    assert [at(2), at(5, 45), at(18), at(18, 30)] == [
        StreetLight.NIGHT,
        StreetLight.DUSK,
        StreetLight.DUSK,
        StreetLight.NIGHT,
    ]
    day = Counter(script.light_at(NOON + timedelta(minutes=10 * n), "taman", seed=n) for n in range(30))
    assert day[StreetLight.DAY] > day[StreetLight.RAIN] > 0


def test_the_demo_has_a_flood_a_heap_a_queue_and_three_cameras_in_trouble() -> None:
    shown = points.streets(DEMO_CAMERAS)
    plays = script.street_scripts(shown, "demo", 0, lambda: NOON)
    scenes = [{play(60.0 * minute).scene for minute in range(60)} for play in plays]
    events = [sorted(seen - {StreetScene.FLOW}) for seen in scenes if seen != {StreetScene.FLOW}]
    assert sorted(events) == [["flood-high", "flood-low"], ["jam"], ["rubbish-much", "rubbish-some"]]
    faults = Counter(play(0.0).fault for play in plays)
    assert (faults[SimulatedFault.REFUSE], faults[SimulatedFault.FREEZE]) == (2, 1)
    for street, seen in zip(shown, scenes, strict=True):
        assert {scene for scene, _light in clips_of(STREETS[street])} >= seen


def test_a_street_that_nobody_painted_is_refused() -> None:
    with pytest.raises(ValueError, match="no such street: elsewhere"):
        script.street_scripts(["elsewhere"], "none", 0, lambda: NOON)


# serving


def test_street_cameras_follow_those_of_offices_and_obey_scene_and_light(served: Simulator) -> None:
    assert list(served.cameras) == ["cam001", FIRST, "cam111"]
    assert served.control_path
    day = picture(frames(served.url(OFFICE_CAMERAS + 1), 1)[-1])
    answer = control.command(served.control_path, {"camera": OFFICE_CAMERAS + 1, "light": "night"})
    assert (answer["scene"], answer["light"]) == ("flow", "night")
    night = picture(frames(served.url(OFFICE_CAMERAS + 1), 45)[-1])
    assert brightness(night) < 0.75 * brightness(day)
    control.command(served.control_path, {"camera": FIRST, "scene": "flood-high"})
    camera = served.cameras[FIRST]
    assert isinstance(camera, SimulatedStreetCamera)
    # By night there is no footage of the flood here: traffic at night is shown, and the flood once it rains.
    assert camera.clip.name == f"{FLOODED}-flow-night.h264"
    control.command(served.control_path, {"camera": FIRST, "light": None})
    assert camera.clip.name == f"{FLOODED}-flood-high-rain.h264"
    control.command(served.control_path, {"camera": FIRST, "scene": None, "fault": "dark"})
    assert camera.clip.name == "fault-dark.h264"


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ({"camera": FIRST, "scene": "staffed"}, "not a valid StreetScene"),
        ({"camera": FIRST, "scene": "jam"}, "no footage of jam in the street rendah"),
        ({"camera": FIRST, "fault": "blur"}, "no footage of blur in streets"),
        ({"camera": FIRST, "light": "noon"}, "not a valid StreetLight"),
        ({"camera": 1, "scene": "flow"}, "not a valid Scene"),
        ({"camera": 1, "light": "night"}, "only streets have a light"),
    ],
)
def test_an_order_that_cannot_be_shown_is_refused(served: Simulator, order: dict[str, object], reason: str) -> None:
    assert served.control_path
    with pytest.raises(control.ControlError, match=reason):
        control.command(served.control_path, order)


def test_every_street_keeps_left_and_shows_its_events() -> None:
    for street in STREETS.values():
        assert all((lane.speed > 0) == (lane.x < 0) for lane in street.lanes), street.name
        for spot in (street.gauge, street.heap):
            assert _inside(street, spot), street.name


def _inside(street: Street, spot: tuple[float, float]) -> bool:
    """Return whether the spot is in the picture; a street without it has the spot at 0, 0."""
    if not spot[1]:
        return True
    u, v = PoleView(street.lens).see(np.array([(spot[0], 0.0, spot[1])]))[0][0]
    return bool(30 < u < 610 and 30 < v < 350)
