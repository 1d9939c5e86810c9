"""PostgreSQL shut down, killed, hanging and full. What is seen meanwhile is stored afterwards."""

import signal

import pytest

from tests.support.chaos.faults import connections_taken, postgres_stopped, signalled
from tests.support.chaos.running import RunningCity
from tests.support.chaos.trials import Trials

DATED_S = 30


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL], ids=lambda number: number.name)
def test_postgres_ends(city: RunningCity, trials: Trials, number: signal.Signals) -> None:
    trials.endure(f"PostgreSQL {number.name}", signalled(city.postgres, number), dated_s=DATED_S)


def test_postgres_hangs_for_a_minute(city: RunningCity, trials: Trials) -> None:
    trials.endure("PostgreSQL SIGSTOP 60 s", postgres_stopped(city), lasts_s=60, back_s=45, dated_s=DATED_S)


def test_all_connections_are_taken(city: RunningCity, trials: Trials) -> None:
    trials.endure("PostgreSQL without connections 30 s", connections_taken(city), lasts_s=30, dated_s=DATED_S)
