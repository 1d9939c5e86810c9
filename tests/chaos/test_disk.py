"""A disk is full: that is reported, and what can be kept is kept."""

import pytest

from tests.support.chaos.faults import database_disk_full, evidence_disk_full
from tests.support.chaos.running import RunningCity
from tests.support.chaos.trials import Trials


def test_the_disk_of_the_evidence_is_full(city: RunningCity, trials: Trials) -> None:
    trials.endure("evidence disk full 40 s", evidence_disk_full(city), lasts_s=40, dated_s=30)
    city.manage("verify_evidence")


def test_the_disk_of_postgres_is_full(city: RunningCity, trials: Trials) -> None:
    if not city.has_small_disk:
        pytest.skip("mounting a small disk takes root")
    trials.endure("PostgreSQL's disk full 40 s", database_disk_full(city), lasts_s=40, dated_s=30)
