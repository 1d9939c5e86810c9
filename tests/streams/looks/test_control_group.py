"""In poor light the control group tells an empty zone from one whose staff can't be seen. Real detector and people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from streams.detect.api import Detector, Picture
from streams.detect.relight import Relit, surroundings
from streams.looks.control_group import LASTS_S, ControlGroup, encode_control
from streams.looks.labels import pictures, read_labels
from streams.pixels.light_change import is_doubtful
from streams.pixels.occupancy import Blind, Look, ZoneFinding, samples_from
from streams.pixels.shapes import DrawnZone
from streams.simulator.weather import CONDITIONS, draw_condition

pytestmark = [pytest.mark.clips, pytest.mark.once]
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
            self.crop(self.empty[0]),
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


def test_controls_are_shown_a_few_at_a_time_and_again_when_the_outcome_is_old(
    desk: Desk, detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(detector, Relit)
    shown = 0
    detect: Callable[..., list[ZoneFinding]] = detector.detect

    def counted(image: Picture, zones: list[DrawnZone]) -> list[ZoneFinding]:
        nonlocal shown
        shown += 1
        return detect(image, zones)

    dark, group = night(desk.empty[1]), desk.group(at_a_time=1)
    (finding,) = detector.detect(dark, [desk.zone])
    monkeypatch.setattr(detector, "detect", counted)
    assert group.judge(detector, dark, finding, NOW).controls is None, "not certain yet"
    assert shown == 1
    later = group.judge(detector, dark, finding, NOW + timedelta(seconds=5))
    assert later.controls is not None, "two missed of eight are too many"
    before = shown
    assert group.judge(detector, dark, finding, NOW + timedelta(seconds=10)).controls == later.controls
    assert shown == before
    group.judge(detector, dark, finding, NOW + timedelta(seconds=10 + LASTS_S))
    assert shown == before + 1
