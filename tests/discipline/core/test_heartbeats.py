"""Heartbeats of Sidak's parts, and what stands still."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from discipline.core import heartbeats
from discipline.core.heartbeats import LIMITS_S, Part, Pulse
from discipline.core.models import Heartbeat
from tests.support.waiting import wait_until


@given(st.dictionaries(st.sampled_from(list(LIMITS_S)), st.floats(0, 1000)))
def test_a_part_stands_still_when_its_last_beat_is_older_than_its_limit(ago: dict[Part, float]) -> None:
    still = heartbeats.quiet_parts(ago, never=False)
    assert still == [part for part in LIMITS_S if part in ago and ago[part] > LIMITS_S[part]]
    assert set(heartbeats.quiet_parts(ago, never=True)) == {*still, *(set(LIMITS_S) - set(ago))}


@pytest.mark.django_db
def test_the_newest_beat_counts() -> None:
    Heartbeat.objects.create(part=Part.SWEEP, at=timezone.now() - timedelta(hours=1))
    Heartbeat.objects.create(part="of another release", at=timezone.now())
    assert heartbeats.beats_ago()[Part.SWEEP] > 3500
    heartbeats.beat(Part.SWEEP)
    assert heartbeats.beats_ago().keys() == {Part.SWEEP}
    assert heartbeats.beats_ago()[Part.SWEEP] < 60


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "BEAT_S", 0.05)
    monkeypatch.setattr(heartbeats, "TURN_S", 1.0)


@pytest.mark.usefixtures("fast")
@pytest.mark.django_db(transaction=True)
def test_a_pulse_ends_with_its_loop_and_begins_again() -> None:
    pulse = Pulse(Part.WORKER)
    turning = threading.Event()
    turning.set()
    ended = threading.Event()

    def turn() -> None:
        while not ended.wait(0.05):
            if turning.is_set():
                pulse.turn()

    loop = threading.Thread(target=turn)
    loop.start()
    pulse.start()
    try:
        wait_until(lambda: heartbeats.beats_ago().get(Part.WORKER, 9) < 0.5)
        turning.clear()
        wait_until(lambda: heartbeats.beats_ago()[Part.WORKER] > 1.5)
        turning.set()
        wait_until(lambda: heartbeats.beats_ago()[Part.WORKER] < 0.5)
    finally:
        ended.set()
        loop.join()
        pulse.stop()
