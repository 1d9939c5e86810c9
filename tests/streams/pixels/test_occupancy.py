"""Samples from findings: quorum, unexamined zones and blind cameras."""

from datetime import UTC, datetime

from streams.pixels.occupancy import Blind, DetectionStep, Look, Sample, ZoneFinding, blind_samples, samples_from
from streams.pixels.shapes import Box, DrawnZone

AT = datetime(2025, 11, 24, 2, 30, tzinfo=UTC)
LEFT = ((0.0, 0.0), (0.4, 0.0), (0.4, 1.0), (0.0, 1.0))
RIGHT = ((0.6, 0.0), (1.0, 0.0), (1.0, 1.0), (0.6, 1.0))
KTP, KK = DrawnZone(1, 11, LEFT), DrawnZone(2, 12, RIGHT, quorum=2)
CLERK = Box(0.1, 0.2, 0.3, 0.9, 0.8)


def test_each_counter_gets_its_own_sample() -> None:
    found = [ZoneFinding(2, 0, (), DetectionStep.NOBODY), ZoneFinding(1, 1, (CLERK,), DetectionStep.FRAME)]
    assert samples_from([KTP, KK], found, AT) == [
        Sample(11, AT, Look.STAFFED, 1),
        Sample(12, AT, Look.EMPTY, 0),
    ]


def test_one_clerk_where_two_are_needed_is_not_staffed() -> None:
    [sample] = samples_from([KK], [ZoneFinding(2, 1, (CLERK,), DetectionStep.NOBODY)], AT)
    assert (sample.look, sample.people) == (Look.EMPTY, 1)


def test_two_clerks_where_two_are_needed() -> None:
    [sample] = samples_from([KK], [ZoneFinding(2, 2, (CLERK, CLERK), DetectionStep.CROP)], AT)
    assert (sample.look, sample.people) == (Look.STAFFED, 2)


def test_a_zone_that_was_not_examined_accuses_nobody() -> None:
    assert samples_from([KTP, KK], [ZoneFinding(1, 0, (), DetectionStep.NOBODY)], AT) == [Sample(11, AT, Look.EMPTY)]


def test_a_dark_camera_blinds_all_its_counters_with_the_reason() -> None:
    assert blind_samples([KTP, KK], Blind.DARK, AT) == [
        Sample(11, AT, Look.BLIND, 0, "dark"),
        Sample(12, AT, Look.BLIND, 0, "dark"),
    ]
