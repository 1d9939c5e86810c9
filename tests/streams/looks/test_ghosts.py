"""In poor light neither a portrait nor a weak body makes a counter staffed. Real detector, rendered office."""

from datetime import UTC, datetime

import numpy as np
import pytest

from streams.detect.api import Detector, Picture
from streams.detect.relight import surroundings
from streams.looks.control_group import ControlGroup, encode_control
from streams.looks.examiner import Examiner
from streams.looks.ghosts import SURE_SCORE, without_ghosts
from streams.pixels.lookalike_in_poor_light import Likeness, likeness
from streams.pixels.lookalikes import cells_of, unchanged_in
from streams.pixels.occupancy import UNCLEAR, DetectionStep, Look, ZoneFinding, samples_from
from streams.pixels.shapes import Box, DrawnZone, Frame, Lookalike
from streams.simulator import props
from streams.simulator.layouts import LAYOUTS
from streams.simulator.stage import Stage
from streams.simulator.weather import draw_condition

NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
HALL = LAYOUTS["hall"]


class Office:
    """An office with a marked portrait behind the clerk, empty and staffed, as good pictures show it."""

    def __init__(self) -> None:
        stage = Stage(HALL)
        portrait = props.Prop(props.framed(), *props.before(HALL, 0.0, 1.5, HALL.depth - 0.06), 0.6, 0.72)
        x, z = HALL.clerk
        self.empty: Picture = portrait.hang(stage.room, HALL, stage.away).astype(np.uint8)
        self.staffed: Picture = stage.picture((x, HALL.head, z, 0), room=self.empty).astype(np.uint8)
        corners = portrait.corners(HALL)
        self.mark = Lookalike(corners, cells_of(self.empty, corners).tobytes())
        self.zone = DrawnZone(1, 1, HALL.zone, ignored=(self.mark,))

    def group(self) -> ControlGroup:
        part = surroundings(self.empty, self.zone)
        return ControlGroup(self.zone, lambda: self.empty[part], [encode_control(self.staffed[part])], few=1)

    def look(self, detector: Detector, image: Picture) -> Look:
        findings = Examiner(detector, [self.zone], 0, {1: self.group()}).look(Frame(image, NOW))
        return samples_from([self.zone], findings, NOW)[0].look


@pytest.fixture(scope="module")
def office() -> Office:
    return Office()


@pytest.mark.parametrize(("weather", "nobody"), [("infrared", Look.BLIND), ("blocky", Look.EMPTY)])
def test_a_portrait_that_poor_light_changes_is_no_clerk_and_who_sits_before_it_is(
    detector: Detector, office: Office, weather: str, nobody: Look
) -> None:
    condition = draw_condition(weather, 1)
    night = condition.show(office.empty)
    assert not unchanged_in(night, [office.mark]), "in good light that would be somebody before it"
    assert office.look(detector, night) is nobody
    assert office.look(detector, condition.show(office.staffed)) is Look.STAFFED


def test_a_portrait_that_can_hardly_be_recognised_makes_the_counter_unclear(detector: Detector, office: Office) -> None:
    place, lit = office.mark.bounds, office.empty.copy()
    height = lit.shape[0]
    rows = slice(round(place.y0 * height), round((place.y0 + place.y1) / 2 * height))
    lit[rows] = (lit[rows] * 0.5).astype(np.uint8) + 10  # the upper half lies in the shade
    shown = draw_condition("infrared", 1).show(lit)
    assert likeness(cells_of(office.empty, office.mark.polygon), cells_of(shown, office.mark.polygon)) is (
        Likeness.UNCERTAIN
    )
    portrait = ZoneFinding(1, 1, (place,), DetectionStep.CROP)
    doubted = without_ghosts(detector, office.group(), shown, office.zone, portrait, [])
    assert (doubted.people, doubted.controls) == (0, UNCLEAR)


@pytest.mark.parametrize("step", [DetectionStep.POSE, DetectionStep.RELIT])
def test_a_weak_body_is_believed_in_good_light_and_unclear_in_poor_light(
    detector: Detector, office: Office, step: DetectionStep
) -> None:
    poor = draw_condition("haze", 1).show(office.staffed)
    box = Box(0.4, 0.4, 0.5, 0.6)
    weak, sure = (
        ZoneFinding(1, 1, (Box(box.x0, box.y0, box.x1, box.y1, score),), step)
        for score in (SURE_SCORE - 0.01, SURE_SCORE)
    )
    plain = DrawnZone(1, 1, HALL.zone)
    assert without_ghosts(detector, office.group(), office.staffed, plain, weak, []) == weak
    assert without_ghosts(detector, office.group(), poor, plain, sure, []) == sure
    doubted = without_ghosts(detector, office.group(), poor, plain, weak, [])
    assert (doubted.people, doubted.controls) == (0, UNCLEAR)
