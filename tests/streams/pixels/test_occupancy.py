from datetime import UTC, datetime

from streams.pixels.occupancy import Blind, Finding, Look, Sample, Step, blind, samples
from streams.pixels.shapes import Box, Zone

AT = datetime(2025, 11, 24, 2, 30, tzinfo=UTC)
LEFT = ((0.0, 0.0), (0.4, 0.0), (0.4, 1.0), (0.0, 1.0))
RIGHT = ((0.6, 0.0), (1.0, 0.0), (1.0, 1.0), (0.6, 1.0))
KTP, KK = Zone(1, 11, LEFT), Zone(2, 12, RIGHT, quorum=2)
CLERK = Box(0.1, 0.2, 0.3, 0.9, 0.8)


def test_each_counter_gets_its_own_sample():
    found = [Finding(2, 0, (), Step.NOBODY), Finding(1, 1, (CLERK,), Step.FRAME)]
    assert samples([KTP, KK], found, AT) == [
        Sample(11, AT, Look.STAFFED, 1),
        Sample(12, AT, Look.EMPTY, 0),
    ]


def test_one_clerk_where_two_are_needed_is_not_staffed():
    [sample] = samples([KK], [Finding(2, 1, (CLERK,), Step.NOBODY)], AT)
    assert (sample.look, sample.people) == (Look.EMPTY, 1)


def test_two_clerks_where_two_are_needed():
    [sample] = samples([KK], [Finding(2, 2, (CLERK, CLERK), Step.CROP)], AT)
    assert (sample.look, sample.people) == (Look.STAFFED, 2)


def test_a_zone_that_was_not_examined_accuses_nobody():
    assert samples([KTP, KK], [Finding(1, 0, (), Step.NOBODY)], AT) == [Sample(11, AT, Look.EMPTY)]


def test_a_dark_camera_blinds_all_its_counters_with_the_reason():
    assert blind([KTP, KK], Blind.DARK, AT) == [
        Sample(11, AT, Look.BLIND, 0, "dark"),
        Sample(12, AT, Look.BLIND, 0, "dark"),
    ]
