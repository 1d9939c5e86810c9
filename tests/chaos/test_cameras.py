"""Cameras that refuse, hang, say nothing or come and go. Their fault is nobody's absence."""

from streams.simulator.scenes import SimulatedFault
from tests.support.chaos.faults import cameras_broken, one_flapping_one_hanging, stopped
from tests.support.chaos.running import RunningCity
from tests.support.chaos.trials import Trials


def test_all_cameras_refuse_for_a_minute(city: RunningCity, trials: Trials) -> None:
    trials.endure("all cameras refuse 60 s", cameras_broken(city, SimulatedFault.REFUSE), lasts_s=60)


def test_all_cameras_are_silent_for_a_minute(city: RunningCity, trials: Trials) -> None:
    trials.endure("all cameras silent 60 s", stopped([city.program("simulator")]), lasts_s=60)


def test_one_camera_flaps_and_one_hangs(city: RunningCity, trials: Trials) -> None:
    trials.endure("one camera flaps, one hangs, 40 s", one_flapping_one_hanging(city), lasts_s=40)
