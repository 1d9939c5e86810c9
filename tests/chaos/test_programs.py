"""Programs that are killed or stand still, and their supervisor."""

import pytest

from discipline.reports.files.models import ReportFile
from tests.support.chaos.faults import killed, stopped, supervisor_killed, worker_killed_in_report
from tests.support.chaos.running import RunningCity, patience
from tests.support.chaos.trials import Trials
from tests.support.waiting import wait_until

MADE_S = 300.0  # a worker counts as dead after 180 s of silence; beat looks for such once a minute


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


@pytest.mark.timeout(1500)
@pytest.mark.usefixtures("city")
def test_the_interrupted_report_is_made() -> None:
    asked = ReportFile.objects.all()
    if not asked:
        pytest.skip("no worker was killed in a report")
    wait_until(lambda: not asked.exclude(state=ReportFile.State.DONE).exists(), MADE_S * patience(), 1)
