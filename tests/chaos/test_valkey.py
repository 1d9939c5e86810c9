"""Valkey killed, emptied and hanging. Looks don't depend on it: an absence is dated as without the fault."""

from tests.support.chaos.faults import killed, stopped, valkey_emptied
from tests.support.chaos.running import RunningCity
from tests.support.chaos.trials import Trials

DATED_S = 30


def test_valkey_is_killed(city: RunningCity, trials: Trials) -> None:
    trials.endure("Valkey kill -9", killed(city.valkey), dated_s=DATED_S)
    assert len(city.valkeys()) == 1


def test_valkey_is_emptied(city: RunningCity, trials: Trials) -> None:
    trials.endure("Valkey FLUSHALL", valkey_emptied(city), dated_s=DATED_S)


def test_valkey_hangs(city: RunningCity, trials: Trials) -> None:
    trials.endure("Valkey SIGSTOP 40 s", stopped([city.valkey]), lasts_s=40, dated_s=DATED_S)
    assert len(city.valkeys()) == 1, "two servers on one socket"
