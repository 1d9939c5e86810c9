"""Keep a few child processes running: start them in order, restart those that end, stop them in reverse order.

A child dies with its supervisor, even after kill -9 (PR_SET_PDEATHSIG). Processes that an earlier supervisor left
behind nevertheless are identified by pid and start time and ended first.
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
CALM_S = 60.0  # a child that ran for longer is restarted without a delay
LONGEST_WAIT_S = 30.0
STOP_EACH_S = 3.0
STOP_ALL_S = 8.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class LaunchError(RuntimeError):
    """Raised when something does not start; the message says what, and what to do or where to look."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program to keep running.

    `ready`: a regular expression that its log matches once it serves, within `wait_s`; "" means that running is enough.
    `once`: it ends by itself; its last line is reported and it is not restarted.
    """

    name: str
    command: Sequence[str]
    ready: str = ""
    wait_s: float = 60.0
    once: bool = False


class Child:
    """The process of one program, restarted as often as needed. Its log and pid file are named after the program."""

    def __init__(self, program: Program, run: Path, logs: Path) -> None:
        self.program = program
        self.log = logs / f"{program.name}.log"
        self._pid_file = run / f"{program.name}.pid"
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._log_from = 0
        self._failures = 0
        self._restart_at = 0.0
        self._reported = False

    def start(self) -> None:
        """Start the process and write its pid file."""
        rotate_log(self.log)
        with self.log.open("ab") as output:
            self._log_from = output.tell()
            self._process = subprocess.Popen(  # noqa: S603
                list(self.program.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C reaches only the supervisor, which stops the children in order
                preexec_fn=_die_with(os.getpid()),  # safe: the supervisor has one thread
            )
        self._started = time.monotonic()
        self._pid_file.write_text(json.dumps({"pid": self.pid, "created": psutil.Process(self.pid).create_time()}))

    @property
    def pid(self) -> int:
        """Process id; 0 before the start."""
        return self._process.pid if self._process else 0

    @property
    def code(self) -> int | None:
        """Exit code, negative for a signal; None while it runs."""
        return self._process.poll() if self._process else None

    def output(self) -> str:
        """Return its log since the last start."""
        with self.log.open("rb") as output:
            output.seek(self._log_from)
            return output.read().decode(errors="replace")

    def tend(self, now: float, report: Callable[[str], None]) -> None:
        """Restart the process when it has ended, after a delay that doubles with each failure. `now` is monotonic."""
        if self._restart_at:
            if now >= self._restart_at:
                self._restart_at = 0.0
                self.start()
            return
        if self.code is None:
            rotate_log(self.log)
            return
        if self.program.once:
            if not self._reported:
                self._reported = True
                report(_tail(self.output(), 1).strip() if self.code == 0 else f"{self._ended()}; see {self.log}")
            return
        self._failures = 0 if now - self._started > CALM_S else self._failures + 1
        wait_s = min(LONGEST_WAIT_S, 2.0 ** (self._failures - 1)) if self._failures else 0.0
        self._restart_at = now + wait_s
        report(f"{self._ended()}, starting again in {wait_s:.0f} s; see {self.log}")

    def _ended(self) -> str:
        return f"{self.program.name} ended ({_exit_words(self.code or 0)})"

    def stop(self, within_s: float) -> None:
        """Terminate the process, and kill it when it has not ended in time."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(within_s)
            except subprocess.TimeoutExpired:
                self.kill()
        self._pid_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """Kill the process and its group."""
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Supervisor:
    """Runs programs. Use from one thread: PR_SET_PDEATHSIG kills a child when the thread that started it ends."""

    def __init__(self, run: Path, logs: Path, report: Callable[[str], None]) -> None:
        self._run, self._logs, self._report = run, logs, report
        self._children: list[Child] = []
        for folder in (run, logs):
            folder.mkdir(parents=True, exist_ok=True)

    def start(self, program: Program, waiting: Callable[[str], None] = lambda _line: None) -> None:
        """Start a program and wait until it is ready; meanwhile `waiting` gets the last line of its log.

        Raises LaunchError when it is not ready in time, or when any child ends.
        """
        child = Child(program, self._run, self._logs)
        self._children.append(child)
        child.start()
        deadline = time.monotonic() + program.wait_s
        while program.ready:
            output = child.output()
            if re.search(program.ready, output, re.MULTILINE):
                return
            self.require_running()
            if time.monotonic() > deadline:
                raise LaunchError(f"{program.name} is not ready after {program.wait_s:.0f} s; see {child.log}")
            waiting(_tail(output, 1).strip())
            time.sleep(0.1)

    def require_running(self) -> None:
        """Raise LaunchError with the end of its log when a child has ended already; for use while starting."""
        for child in self._children:
            if child.code is not None:
                name, how = child.program.name, _exit_words(child.code)
                raise LaunchError(f"{name} ended ({how}):\n{_tail(child.output())}\nFull log: {child.log}")

    def tend(self) -> None:
        """Restart children that have ended. Call about every second."""
        for child in self._children:
            child.tend(time.monotonic(), self._report)

    def stop(self) -> None:
        """Stop all children, the last one first: STOP_EACH_S for each and STOP_ALL_S for all, then kill."""
        deadline = time.monotonic() + STOP_ALL_S
        for child in reversed(self._children):
            child.stop(max(0.1, min(STOP_EACH_S, deadline - time.monotonic())))

    def kill(self) -> None:
        """Kill all children at once."""
        for child in self._children:
            child.kill()


def end_leftovers(run: Path) -> list[str]:
    """End processes named by an earlier supervisor's pid files, if they are still the same; return their names."""
    ended = []
    for pid_file in sorted(run.glob("*.pid")):
        try:
            recorded = json.loads(pid_file.read_text())
            process = psutil.Process(recorded["pid"])
            # After a reboot the pid may belong to any program.
            if abs(process.create_time() - recorded["created"]) > 1 or process.status() == psutil.STATUS_ZOMBIE:
                raise psutil.NoSuchProcess(process.pid)
        except (ValueError, KeyError, TypeError):
            continue  # not a pid file of ours: valkey.pid
        except psutil.NoSuchProcess:
            pid_file.unlink(missing_ok=True)
            continue
        family = [process, *process.children(recursive=True)]
        process.terminate()
        _, alive = psutil.wait_procs(family, timeout=STOP_EACH_S)
        for member in alive:
            member.kill()
        psutil.wait_procs(alive, timeout=STOP_EACH_S)
        pid_file.unlink(missing_ok=True)
        ended.append(pid_file.stem)
    return ended


def rotate_log(log: Path) -> None:
    """Copy a log of more than LOG_BYTES aside, keeping one old one, and truncate it; children append meanwhile."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        shutil.copyfile(log, log.with_name(f"{log.name}.1"))
        os.truncate(log, 0)


def _die_with(parent: int) -> Callable[[], None]:
    """Return a function for a new child that makes the kernel kill it when its parent dies."""

    def before_exec() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the parent died in between
            os._exit(1)

    return before_exec


def _exit_words(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"


def _tail(text: str, lines: int = 8) -> str:
    return "\n".join(f"  {line}" for line in text.replace("\r", "\n").strip().splitlines()[-lines:])


def python(*arguments: str) -> list[str]:
    """Return a command line of this environment's Python."""
    return [sys.executable, *arguments]
