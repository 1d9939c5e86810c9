"""A second watch beside the first: whatever happens to it harms only what it held."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from streams.simulator.scenes import Scene
from tests.support.chaos import records
from tests.support.chaos.faults import killed, stopped
from tests.support.chaos.running import CAMERAS, RunningCity, patience
from tests.support.chaos.second_watch import DAY_S, SHARED_S, SecondWatch
from tests.support.chaos.trials import Trials
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def running_second(city: RunningCity) -> Iterator[SecondWatch]:
    with SecondWatch(city, "dua") as watch:
        yield watch


@pytest.fixture
def second(running_second: SecondWatch) -> SecondWatch:
    """The second watch, holding half of the cameras."""
    running_second.start()
    running_second.wait_for_share()
    return running_second


def test_one_of_two_watches_has_a_thin_line_to_the_database(trials: Trials, second: SecondWatch) -> None:
    thin = second.line.thin(delay_s=0.15, bytes_per_s=25_000)
    trials.endure("database at 300 ms and 25 KB/s for one of two watches 30 s", thin, lasts_s=30)


def test_one_of_two_watches_loses_the_database(trials: Trials, second: SecondWatch) -> None:
    trials.endure("database gone for one of two watches 40 s", second.line.cut(), lasts_s=40)


def test_one_of_two_watches_stands_still(trials: Trials, second: SecondWatch) -> None:
    since = timezone.now()
    trials.endure("SIGSTOP one of two watches 40 s", stopped([second.process]), lasts_s=40)
    assert not records.later_incidents(second.name, since), "its cameras had passed on"


def test_one_of_two_watches_is_killed(trials: Trials, second: SecondWatch) -> None:
    trials.endure("kill -9 one of two watches", killed(second.process))


def test_a_watch_a_day_behind_takes_nothing_back(city: RunningCity, trials: Trials) -> None:
    """It boots a day behind while a clerk is away, is put right, and steps back a day while it holds cameras."""
    expected = "withdraws nothing, blinds only what it holds"
    with trials.trial("a second watch a day behind, put right, back again", expected) as (row, mark):
        counter = records.counter_of(1)
        city.show(1, Scene.EMPTY)
        with SecondWatch(city, "tiga") as third:
            third.set_clock(-DAY_S)
            third.start()
            row.reported_after_s = wait_until(
                lambda: records.later_incidents("tiga", mark.at), SHARED_S * patience(), 0.5
            )
            wait_until(lambda: records.recorded_absence(counter, mark), SHARED_S * patience(), 0.5)
            third.set_clock(0)
            third.wait_for_share()
            wait_until(lambda: not trials.trouble(mark.at, {counter}), SHARED_S * patience(), 0.5)
            if blinded := records.flips_of_the_system(mark.at):
                row.wrong.append(f"blinded though it held nothing: {sorted(blinded)}")

            stepped_at, held = timezone.now(), third.held()
            assert len(held) == CAMERAS // 2
            third.set_clock(-DAY_S)
            wait_until(lambda: records.later_incidents("tiga", stepped_at), SHARED_S * patience(), 0.5)
            reported_at = timezone.now()
            row.back_after_s = wait_until(
                lambda: not trials.trouble(reported_at, {counter}), SHARED_S * patience(), 0.5
            )
            incident = records.later_incidents("tiga", stepped_at)[0]
            if incident.since < stepped_at - timedelta(seconds=15 * patience()):
                row.wrong.append(f"dated back to {incident.since}")
            if strangers := records.flips_of_the_system(mark.at) - held:
                row.wrong.append(f"blinded what it did not hold: {sorted(strangers)}")
        if records.withdrawn(counter):
            row.wrong.append("the indication is withdrawn")
        row.wrong += records.wrong_records(lambda pk, _at: pk == counter, mark)
