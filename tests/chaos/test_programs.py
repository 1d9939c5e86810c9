"""Programs that are killed or stand still, and their supervisor."""

import pytest

from tests.support.chaos.faults import killed, stopped, supervisor_killed, worker_killed_in_report
from tests.support.chaos.running import RunningCity
from tests.support.chaos.trials import Trials


@pytest.mark.parametrize("name", ["watch", "beat", "web"])
def test_a_program_is_killed(city: RunningCity, trials: Trials, name: str) -> None:
    trials.endure(f"kill -9 {name}", killed(city.program(name)))


def test_the_worker_is_killed_while_it_makes_a_report(city: RunningCity, trials: Trials) -> None:
    trials.endure("kill -9 worker in a report", worker_killed_in_report(city))


def test_the_simulator_is_killed(city: RunningCity, trials: Trials) -> None:
    trials.endure("kill -9 simulator", killed(city.program("simulator")), leaves=False)  # it forgets who left


def test_the_watch_stands_still(city: RunningCity, trials: Trials) -> None:
    trials.endure("SIGSTOP watch 30 s", stopped([city.program("watch")]), lasts_s=30)


def test_the_worker_stands_still(city: RunningCity, trials: Trials) -> None:
    trials.endure("SIGSTOP worker 30 s", stopped([city.program("worker")]), lasts_s=30, dated_s=30)


def test_the_supervisor_is_killed_and_started_again(city: RunningCity, trials: Trials) -> None:
    trials.endure("kill -9 supervisor, started again", supervisor_killed(city), back_s=60, leaves=False)
    assert len(city.valkeys()) == 1
