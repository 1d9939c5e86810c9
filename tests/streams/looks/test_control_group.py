"""In poor light the control group tells an empty zone from one whose staff can't be seen. Real detector and people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from streams.detect.api import NONE_YET, Detector, Picture, SettledBy
from streams.detect.relight import surroundings
from streams.looks.control_group import LASTS_S, LONGEST_S, ControlGroup, encode_control
from streams.looks.labels import pictures, read_labels
from streams.pixels.light_change import is_doubtful
from streams.pixels.occupancy import Blind, Look, ZoneFinding, samples_from
from streams.pixels.shapes import DrawnZone
from streams.simulator.weather import CONDITIONS, draw_condition

pytestmark = pytest.mark.clips
NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)


@dataclass
class Desk:
    """A zone with pictures of its staff that the detector sees, and without them."""

    zone: DrawnZone
    staff: list[Picture]
    empty: list[Picture]

    def group(self, **more: int) -> ControlGroup:
        return ControlGroup(
            self.zone,
            lambda: self.crop(self.empty[0]),
            [encode_control(self.crop(image)) for image in self.staff],
            **({"few": 1, "at_a_time": 99} | more),
        )

    def crop(self, image: Picture) -> Picture:
        return image[surroundings(image, self.zone)]


@pytest.fixture(scope="module")
def desk(clips: Path, detector: Detector) -> Desk:
    (clip,) = [one for one in read_labels(clips / "labels.json", clips) if one.file.startswith("one-by-one")]
    label = clip.labels[0]
    looks = [(label.truth(second), image) for second, image in pictures(clips / clip.file, 4.0)]
    staff = [image for staffed, image in looks if staffed]
    seen = [image for image in staff if detector.detect(image, [label.zone])[0].people]
    return Desk(label.zone, seen[:8], [image for staffed, image in looks if staffed is False])


def night(image: Picture) -> Picture:
    """The lamps are off and the sensor's grain is stronger than what is left of the picture."""
    grain = np.random.default_rng(3).normal(0, 9, image.shape)
    return np.clip(image * 0.05 + 12 + grain, 0, 255).astype(np.uint8)


def judged(desk: Desk, detector: Detector, image: Picture, group: ControlGroup, at: datetime = NOW) -> ZoneFinding:
    (finding,) = detector.detect(image, [desk.zone])
    return group.judge(detector, image, finding, at)


def look(desk: Desk, finding: ZoneFinding) -> tuple[Look, str]:
    (sample,) = samples_from([desk.zone], [finding], NOW)
    return sample.look, sample.reason


def test_in_good_light_an_empty_zone_is_empty_and_no_control_is_shown(desk: Desk, detector: Detector) -> None:
    for image in desk.empty:
        finding = judged(desk, detector, image, desk.group())
        assert finding.controls is None
        assert look(desk, finding) == (Look.EMPTY, "")


def test_in_the_dark_it_is_unclear_whether_the_zone_is_empty(desk: Desk, detector: Detector) -> None:
    for image in (desk.empty[1], desk.staff[0]):
        finding = judged(desk, detector, night(image), desk.group())
        assert finding.controls is not None
        assert not finding.controls.clear
        assert finding.controls.seen < 0.8 * finding.controls.shown
        assert look(desk, finding) == (Look.BLIND, Blind.UNCLEAR)


@pytest.mark.parametrize("name", CONDITIONS)
def test_no_condition_of_weather_makes_seen_staff_empty(desk: Desk, detector: Detector, name: str) -> None:
    condition = draw_condition(name, 1)
    group = desk.group()
    seen = [look(desk, judged(desk, detector, condition.show(image), group)) for image in desk.staff]
    assert (Look.EMPTY, "") not in seen
    assert seen.count((Look.STAFFED, "")) >= 0.8 * len(seen)


@pytest.mark.parametrize("name", CONDITIONS)
def test_every_condition_of_weather_is_doubted_and_a_good_picture_is_not(desk: Desk, name: str) -> None:
    condition = draw_condition(name, 2)
    reference, image = desk.crop(desk.empty[0]), desk.empty[-1]
    assert not is_doubtful(desk.crop(image), reference)
    assert is_doubtful(desk.crop(condition.show(image)), reference)


def test_who_can_be_seen_in_haze_is_counted_and_the_zone_stays_empty(desk: Desk, detector: Detector) -> None:
    haze = draw_condition("haze", 1)
    finding = judged(desk, detector, haze.show(desk.empty[1]), desk.group())
    assert finding.controls is not None
    assert finding.controls.clear
    assert finding.controls.shown == len(desk.staff)
    assert look(desk, finding) == (Look.EMPTY, "")


def test_in_night_mode_an_empty_zone_is_unclear_and_no_control_is_asked(desk: Desk, detector: Detector) -> None:
    infrared = draw_condition("infrared", 1)
    finding = judged(desk, detector, infrared.show(desk.empty[1]), desk.group())
    assert finding.controls is not None
    assert finding.controls.shown == 0
    assert look(desk, finding) == (Look.BLIND, Blind.UNCLEAR)
    seen = [judged(desk, detector, infrared.show(image), desk.group()) for image in desk.staff]
    assert any(look(desk, one) == (Look.STAFFED, "") for one in seen), "who is seen in night mode is there"


def test_a_rule_says_which_share_must_be_seen(desk: Desk, detector: Detector) -> None:
    haze, group = draw_condition("haze", 1).show(desk.empty[1]), desk.group()
    group.set_controls([encode_control(desk.crop(image)) for image in (*desk.staff[:2], desk.empty[2])])
    for enough, clear in ((0.5, True), (0.8, False)):
        group.require(enough)
        finding = judged(desk, detector, haze, group, NOW + timedelta(hours=enough))
        assert finding.controls is not None
        assert finding.controls.clear is clear, finding.controls


def test_a_counter_without_a_history_is_judged_by_contrast_and_sharpness(desk: Desk, detector: Detector) -> None:
    group = desk.group(few=12)
    finding = judged(desk, detector, night(desk.empty[1]), group)
    assert finding.controls is not None
    assert (finding.controls.shown, finding.controls.clear) == (0, False)
    assert look(desk, finding) == (Look.BLIND, Blind.UNCLEAR)


class Counting:
    """A detector that counts how often it was asked."""

    def __init__(self, inner: Detector) -> None:
        self.inner, self.asked = inner, 0

    def detect(self, image: Picture, zones: Sequence[DrawnZone], settled_by: SettledBy = NONE_YET) -> list[ZoneFinding]:
        self.asked += 1
        return self.inner.detect(image, zones, settled_by)

    def close(self) -> None:
        pass


def test_controls_are_shown_a_few_at_a_time_and_again_when_the_outcome_is_old(desk: Desk, detector: Detector) -> None:
    dark, group, counting = night(desk.empty[1]), desk.group(at_a_time=1), Counting(detector)
    (finding,) = detector.detect(dark, [desk.zone])
    assert group.judge(counting, dark, finding, NOW).controls is None, "not certain yet"
    assert counting.asked == 1
    later = group.judge(counting, dark, finding, NOW + timedelta(seconds=5))
    assert later.controls is not None, "two missed of eight are too many"
    before = counting.asked
    for seconds in (10, LASTS_S, LONGEST_S - 1):
        assert group.judge(counting, dark, finding, NOW + timedelta(seconds=seconds)).controls == later.controls
    assert counting.asked == before, "the light is the same"
    group.judge(counting, dark, finding, NOW + timedelta(seconds=LONGEST_S + LASTS_S))
    assert counting.asked == before + 1


@pytest.mark.parametrize("change", ["light", "controls", "share", "staff"])
def test_what_changes_the_outcome_has_the_controls_shown_again(desk: Desk, detector: Detector, change: str) -> None:
    haze, group, counting = draw_condition("haze", 1), desk.group(), Counting(detector)
    image = haze.show(desk.empty[1])
    (finding,) = detector.detect(image, [desk.zone])
    assert group.judge(counting, image, finding, NOW).controls
    before = counting.asked
    if change == "light":
        image = np.clip(image * 0.8, 0, 255).astype(np.uint8)
    elif change == "controls":
        group.set_controls([encode_control(desk.crop(one)) for one in desk.staff[1:]])
    elif change == "share":
        group.require(0.7)
    else:  # there was somebody, so that the pictures of the outcome are gone
        group.judge(counting, image, replace(finding, people=1), NOW)
    group.judge(counting, image, finding, NOW + timedelta(seconds=LASTS_S))
    assert counting.asked > before


def test_the_time_that_a_group_takes_is_counted(desk: Desk, detector: Detector) -> None:
    group = desk.group()
    judged(desk, detector, draw_condition("haze", 1).show(desk.empty[1]), group)
    assert group.spent_s > 0
