"""The worker: fed with what it can't read, and after it was killed in test_programs.py while it made a report."""

import pytest

from discipline.reports.files.models import ReportFile
from tests.support.chaos.faults import poisoned_queue
from tests.support.chaos.running import RunningCity, patience
from tests.support.chaos.trials import Trials
from tests.support.waiting import wait_until

MADE_S = 300.0  # a worker counts as dead after 180 s of silence; beat looks for such once a minute


def test_messages_that_the_worker_cannot_read_cost_nothing(city: RunningCity, trials: Trials) -> None:
    before = city.program("worker")
    trials.endure("poison messages", poisoned_queue(city), dated_s=30)
    assert city.program("worker") == before


@pytest.mark.timeout(1500)
@pytest.mark.usefixtures("city")
def test_the_interrupted_report_is_made() -> None:
    asked = ReportFile.objects.all()
    if not asked:
        pytest.skip("no worker was killed in a report")
    wait_until(lambda: not asked.exclude(state=ReportFile.State.DONE).exists(), MADE_S * patience(), 1)
