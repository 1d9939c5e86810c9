"""The disk of the evidence is full: that is reported, and what can be kept is kept."""

from tests.support.chaos.faults import evidence_disk_full
from tests.support.chaos.running import RunningCity
from tests.support.chaos.trials import Trials


def test_the_disk_of_the_evidence_is_full(city: RunningCity, trials: Trials) -> None:
    trials.endure("evidence disk full 40 s", evidence_disk_full(city), lasts_s=40, dated_s=30)
    city.manage("verify_evidence")
