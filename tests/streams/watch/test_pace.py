"""How often a camera is looked at."""

from streams.pixels.occupancy import Look
from streams.watch.pace import CalmnessMeter, LookPace


def test_a_camera_is_calm_after_two_looks_at_which_all_its_counters_are_staffed() -> None:
    meter = CalmnessMeter()

    def calm_after(*looks: Look) -> bool:
        meter.note(looks)
        return meter.calm

    staffed, empty, blind = Look.STAFFED, Look.EMPTY, Look.BLIND
    assert [calm_after(staffed, staffed), calm_after(staffed, staffed)] == [False, True]
    assert not calm_after(staffed, empty)
    assert [calm_after(staffed, staffed), calm_after(staffed, staffed), calm_after(blind, blind)] == [
        False,
        True,
        False,
    ]
    assert [calm_after(), calm_after()] == [False, False]


def test_the_pace_of_a_calm_camera() -> None:
    assert [LookPace(5, 15).between(calm) for calm in (False, True)] == [5, 15]
