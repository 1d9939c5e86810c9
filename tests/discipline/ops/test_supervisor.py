"""The supervisor with real processes: children start, restart, stop in order and never outlive it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from discipline.ops.local import supervisor
from discipline.ops.local.supervisor import LaunchError, Program, Supervisor, end_leftovers, python
from tests.support.paths import ROOT
from tests.support.waiting import wait_until

SLEEPER = python("-c", "import time; print('serving', flush=True); time.sleep(600)")
STUBBORN = python(
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('serving', flush=True); time.sleep(600)",
)


def pid_of(run: Path, name: str) -> int:
    return json.loads((run / f"{name}.pid").read_text())["pid"]


@pytest.fixture
def messages() -> list[str]:
    return []


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return tmp_path / "run"


@pytest.fixture
def keeper(run: Path, tmp_path: Path, messages: list[str]) -> Iterator[Supervisor]:
    keeper = Supervisor(run, tmp_path / "log", messages.append)
    yield keeper
    keeper.kill()


def test_a_program_counts_as_started_when_its_log_says_so(keeper: Supervisor, run: Path) -> None:
    keeper.start(Program("sleeper", SLEEPER, ready="^serving"))
    assert psutil.pid_exists(pid_of(run, "sleeper"))


def test_a_program_that_runs_once_is_reported_when_done_and_not_restarted(
    keeper: Supervisor, messages: list[str]
) -> None:
    keeper.start(Program("chore", python("-c", "print('so far'); print('90 days written')"), once=True))
    keeper.start(Program("failing", python("-c", "exit(3)"), once=True))

    def both_reported() -> bool:
        keeper.tend()
        return len(messages) == 2

    wait_until(both_reported)
    for _ in range(5):
        keeper.tend()
    assert messages[0] == "90 days written" or messages[1] == "90 days written"
    assert any(line.startswith("failing ended (exit 3); see ") for line in messages)
    assert len(messages) == 2


def test_a_program_that_ends_at_once_is_reported_with_its_last_output(keeper: Supervisor) -> None:
    with pytest.raises(LaunchError, match=r"(?s)exit 3.*no camera here"):
        keeper.start(Program("broken", python("-c", "print('no camera here'); exit(3)"), ready="^serving"))


def test_a_program_that_never_gets_ready_is_reported(keeper: Supervisor) -> None:
    with pytest.raises(LaunchError, match="not ready after 1 s"):
        keeper.start(Program("sleeper", SLEEPER, ready="^something else", wait_s=1.0))


def test_a_killed_child_comes_back_with_one_line(keeper: Supervisor, run: Path, messages: list[str]) -> None:
    keeper.start(Program("sleeper", SLEEPER, ready="^serving"))
    first = pid_of(run, "sleeper")
    os.kill(first, signal.SIGKILL)

    def back() -> bool:
        keeper.tend()
        return pid_of(run, "sleeper") != first

    wait_until(back)
    assert psutil.pid_exists(pid_of(run, "sleeper"))
    assert len(messages) == 1
    assert "SIGKILL" in messages[0]


def test_one_that_keeps_ending_is_started_ever_more_slowly(keeper: Supervisor, messages: list[str]) -> None:
    keeper.start(Program("broken", python("-c", "exit(3)")))

    def twice() -> bool:
        keeper.tend()
        return len(messages) == 2

    wait_until(twice)
    assert "again in 1 s" in messages[0]
    assert "again in 2 s" in messages[1]


def test_stop_ends_all_in_reverse_and_the_stubborn_by_force(keeper: Supervisor, run: Path) -> None:
    keeper.start(Program("first", SLEEPER, ready="^serving"))
    keeper.start(Program("stubborn", STUBBORN, ready="^serving"))
    pids = [pid_of(run, "first"), pid_of(run, "stubborn")]
    began = time.monotonic()
    keeper.stop()
    assert time.monotonic() - began < supervisor.STOP_ALL_S
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert list(run.glob("*.pid")) == []


def test_children_die_with_a_killed_supervisor(run: Path, tmp_path: Path) -> None:
    code = f"""
import time
from pathlib import Path
from discipline.ops.local.supervisor import Program, Supervisor
keeper = Supervisor(Path({str(run)!r}), Path({str(tmp_path)!r}), print)
keeper.start(Program("sleeper", {SLEEPER!r}, ready="^serving"))
print("up", flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "up\n"
        child = psutil.Process(pid_of(run, "sleeper"))
        parent.kill()
    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


@pytest.fixture
def strangers() -> Iterator[list[psutil.Popen]]:
    """A process that ignores SIGTERM and a plain one, in this order."""
    both = [psutil.Popen(STUBBORN, stdout=subprocess.PIPE), psutil.Popen(SLEEPER, stdout=subprocess.PIPE)]
    for process in both:
        process.stdout.readline()
    yield both
    for process in both:
        with suppress(psutil.NoSuchProcess):
            process.kill()
        process.communicate()


def test_leftovers_are_ended_but_never_a_stranger_with_the_same_number(
    run: Path, strangers: list[psutil.Popen]
) -> None:
    run.mkdir()
    left, stranger = strangers
    (run / "watch.pid").write_text(json.dumps({"pid": left.pid, "created": left.create_time()}))
    (run / "web.pid").write_text(json.dumps({"pid": stranger.pid, "created": stranger.create_time() - 5000}))
    (run / "valkey.pid").write_text(f"{stranger.pid}\n")
    assert end_leftovers(run) == ["watch"]
    assert not left.is_running()
    assert stranger.is_running()
    assert [path.name for path in run.iterdir()] == ["valkey.pid"]


def test_a_log_keeps_one_old_generation_while_its_child_writes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LOG_BYTES", 10)
    log = tmp_path / "watch.log"
    with log.open("a") as child:
        child.write("the first generation\n")
        child.flush()
        supervisor.rotate_log(log)
        child.write("second\n")
    assert (tmp_path / "watch.log.1").read_text() == "the first generation\n"
    assert log.read_text() == "second\n"
