"""Keeps a handful of child processes running: starts them in order, brings back what dies, stops them in reverse.

A child dies with its supervisor, even when that is killed with -9 (PR_SET_PDEATHSIG), and what an earlier
supervisor left behind all the same is found by number and start time and ended first.
"""

import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

LOG_BYTES = 10_000_000
CALM_S = 60.0  # a child that has lived for so long starts again without a wait
LONGEST_WAIT_S = 30.0
STOP_EACH_S = 3.0
STOP_ALL_S = 8.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class LaunchError(RuntimeError):
    """Something does not start; the text says what, and what to do or where to look."""


@dataclass(frozen=True, slots=True)
class Program:
    """`ready`: a pattern that its log shows once it serves; without one, running is enough. `once`: it ends by itself,
    is told of with its last line, and does not start again."""

    name: str
    command: Sequence[str]
    ready: str = ""
    wait_s: float = 60.0
    once: bool = False


class Child:
    """One program, started as often as needed. Its log and its pid file carry its name."""

    def __init__(self, program: Program, run: Path, logs: Path) -> None:
        self.program = program
        self.log = logs / f"{program.name}.log"
        self._note = run / f"{program.name}.pid"
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._log_from = 0
        self._fails = 0
        self._again_at = 0.0
        self._done = False

    def start(self) -> None:
        rotate_log(self.log)
        with self.log.open("ab") as output:
            self._log_from = output.tell()
            self._process = subprocess.Popen(  # noqa: S603
                list(self.program.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C reaches the supervisor only, which stops the others in order
                preexec_fn=_die_with(os.getpid()),  # safe: the supervisor has one thread
            )
        self._started = time.monotonic()
        self._note.write_text(json.dumps({"pid": self.pid, "created": psutil.Process(self.pid).create_time()}))

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def code(self) -> int | None:
        """Exit code; None while it runs."""
        return self._process.poll() if self._process else None

    def said(self) -> str:
        """What its log shows since this start."""
        with self.log.open("rb") as output:
            output.seek(self._log_from)
            return output.read().decode(errors="replace")

    def tend(self, now: float, report: Callable[[str], None]) -> None:
        if self._again_at:
            if now >= self._again_at:
                self._again_at = 0.0
                self.start()
            return
        if self.code is None:
            rotate_log(self.log)
            return
        if self.program.once:
            if not self._done:
                self._done = True
                report(_tail(self.said(), 1).strip() if self.code == 0 else f"{self._ended()}; see {self.log}")
            return
        self._fails = 0 if now - self._started > CALM_S else self._fails + 1
        wait_s = min(LONGEST_WAIT_S, 2.0 ** (self._fails - 1)) if self._fails else 0.0
        self._again_at = now + wait_s
        report(f"{self._ended()}, starting again in {wait_s:.0f} s; see {self.log}")

    def _ended(self) -> str:
        return f"{self.program.name} ended ({_exit_words(self.code or 0)})"

    def stop(self, within_s: float) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(within_s)
            except subprocess.TimeoutExpired:
                self.kill()
        self._note.unlink(missing_ok=True)

    def kill(self) -> None:
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Supervisor:
    """Use from one thread: a child's life hangs on the thread that started it."""

    def __init__(self, run: Path, logs: Path, report: Callable[[str], None]) -> None:
        self._run, self._logs, self._report = run, logs, report
        self._children: list[Child] = []
        for folder in (run, logs):
            folder.mkdir(parents=True, exist_ok=True)

    def start(self, program: Program, waiting: Callable[[str], None] = lambda line: None) -> None:
        """Start it and wait until it serves; `waiting` gets its newest line of log. LaunchError when it does not."""
        child = Child(program, self._run, self._logs)
        self._children.append(child)
        child.start()
        deadline = time.monotonic() + program.wait_s
        while program.ready:
            said = child.said()
            if re.search(program.ready, said, re.MULTILINE):
                return
            self.require_running()
            if time.monotonic() > deadline:
                raise LaunchError(f"{program.name} is not ready after {program.wait_s:.0f} s; see {child.log}")
            waiting(_tail(said, 1).strip())
            time.sleep(0.1)

    def require_running(self) -> None:
        """While everything starts: LaunchError when one has ended already, with the end of its log."""
        for child in self._children:
            if child.code is not None:
                name, how = child.program.name, _exit_words(child.code)
                raise LaunchError(f"{name} ended ({how}):\n{_tail(child.said())}\nAll of it: {child.log}")

    def tend(self) -> None:
        """Bring back what has died; call it about every second."""
        for child in self._children:
            child.tend(time.monotonic(), self._report)

    def stop(self) -> None:
        """The last started first, each with a moment to finish; then whatever is left, at once."""
        deadline = time.monotonic() + STOP_ALL_S
        for child in reversed(self._children):
            child.stop(max(0.1, min(STOP_EACH_S, deadline - time.monotonic())))

    def kill(self) -> None:
        for child in self._children:
            child.kill()


def end_leftovers(run: Path) -> list[str]:
    """End what the notes of an earlier supervisor name, if it is still that very process; returns the names."""
    ended = []
    for note in sorted(run.glob("*.pid")):
        try:
            kept = json.loads(note.read_text())
            process = psutil.Process(kept["pid"])
            # After a restart of the machine the number may be anybody's.
            if abs(process.create_time() - kept["created"]) > 1 or process.status() == psutil.STATUS_ZOMBIE:
                raise psutil.NoSuchProcess(process.pid)
        except (ValueError, KeyError, TypeError):
            continue  # not a note of ours: valkey.pid
        except psutil.NoSuchProcess:
            note.unlink(missing_ok=True)
            continue
        family = [process, *process.children(recursive=True)]
        process.terminate()
        _, alive = psutil.wait_procs(family, timeout=STOP_EACH_S)
        for member in alive:
            member.kill()
        psutil.wait_procs(alive, timeout=STOP_EACH_S)
        note.unlink(missing_ok=True)
        ended.append(note.stem)
    return ended


def rotate_log(log: Path) -> None:
    """Keep one old generation. Children append, so a log can be cut while they write."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        shutil.copyfile(log, log.with_name(f"{log.name}.1"))
        os.truncate(log, 0)


def _die_with(parent: int) -> Callable[[], None]:
    def before_exec() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return before_exec


def _exit_words(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"


def _tail(text: str, lines: int = 8) -> str:
    return "\n".join(f"  {line}" for line in text.replace("\r", "\n").strip().splitlines()[-lines:])


def python(*arguments: str) -> list[str]:
    """A command of this environment's Python."""
    return [sys.executable, *arguments]
