"""The worker, fed with what it can't read."""

from tests.support.chaos.faults import poisoned_queue
from tests.support.chaos.running import RunningCity
from tests.support.chaos.trials import Trials


def test_messages_that_the_worker_cannot_read_cost_nothing(city: RunningCity, trials: Trials) -> None:
    before = city.program("worker")
    trials.endure("poison messages", poisoned_queue(city), dated_s=30)
    assert city.program("worker") == before
