"""A real worker and a real beat on a Valkey of their own: what stands still is known, and they come back."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from discipline.board.standing_still import parts_standing_still
from discipline.core.heartbeats import Part, beats_ago
from tests.support.own_valkey import OwnValkey
from tests.support.processes import start_beat
from tests.support.waiting import wait_until

TOLD_S = 30.0
SLACK_S = 30.0  # of a busy machine

pytest_plugins = ["tests.support.own_valkey"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Start = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def beat(broker: OwnValkey, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = start_beat(tmp_path / "schedule", REDIS_URL=broker.url)
    yield process
    process.kill()
    process.wait()


def all_work() -> bool:
    working = {Part.WORKER, Part.BEAT, Part.SWEEP, Part.NOTICES, Part.WEBHOOKS, Part.REPORT_MAIL}
    return not parts_standing_still() and working <= beats_ago().keys()


def test_what_hangs_is_told_within_half_a_minute(
    worker: subprocess.Popen[bytes], beat: subprocess.Popen[bytes]
) -> None:
    wait_until(all_work, 240)
    beat.send_signal(signal.SIGSTOP)
    wait_until(lambda: {Part.BEAT, Part.SWEEP} <= set(parts_standing_still()), TOLD_S)
    assert Part.WORKER not in parts_standing_still()
    beat.send_signal(signal.SIGCONT)
    wait_until(all_work, 240)
    worker.send_signal(signal.SIGSTOP)
    wait_until(lambda: {Part.WORKER, Part.SWEEP} <= set(parts_standing_still()), TOLD_S)
    assert Part.BEAT not in parts_standing_still()
    worker.send_signal(signal.SIGCONT)
    wait_until(all_work, 240)


def test_worker_and_beat_leave_a_valkey_that_hangs(
    broker: OwnValkey, worker: subprocess.Popen[bytes], beat: subprocess.Popen[bytes]
) -> None:
    wait_until(all_work, 240)
    hung = broker.process
    hung.suspend()
    wait_until(lambda: Part.SWEEP in parts_standing_still(), TOLD_S)
    broker.start()
    assert not hung.is_running()
    wait_until(all_work, TOLD_S + SLACK_S)
    assert worker.poll() is beat.poll() is None
