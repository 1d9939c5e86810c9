"""A second `watch` of a RunningCity, on a line and with a clock that can be bad."""

import os
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Self

import psutil

from tests.support.chaos import records
from tests.support.chaos.bad_line import BadLine
from tests.support.chaos.records import ask
from tests.support.chaos.running import CAMERAS, RunningCity, patience
from tests.support.paths import ROOT
from tests.support.waiting import wait_until

SHARED_S = 60.0  # until it has loaded its models and holds its share
DAY_S = 86_400


class SecondWatch:
    """The process, once started; `line` is its connection to PostgreSQL. Use as a context manager."""

    def __init__(self, city: RunningCity, name: str) -> None:
        self.name, self._city = name, city
        self.line = BadLine(city.var / "postgres" / ".s.PGSQL.5432")
        self._wrong_by = Path(tempfile.mkstemp(dir=city.var)[1])
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.line.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
            self._process.kill()
            self._process.wait()
        self.line.__exit__(*error)

    def start(self) -> None:
        """Start the process, unless it runs."""
        if self._process is None or self._process.poll() is not None:
            path = [str(ROOT / "tests" / "support" / "wrong_clock"), *filter(None, [os.environ.get("PYTHONPATH")])]
            self._process = self._city.start_watch(
                self.name,
                DATABASE_URL=f"postgresql://postgres@127.0.0.1:{self.line.port}/sidak",
                PYTHONPATH=os.pathsep.join(path),
                WRONG_CLOCK=str(self._wrong_by),
            )

    def wait_for_share(self) -> set[int]:
        """Wait until it holds half of the cameras; return their counters."""
        wait_until(lambda: len(self.held()) == CAMERAS // 2, SHARED_S * patience(), 0.5)
        return self.held()

    def held(self) -> set[int]:
        """Return the counters whose cameras it holds."""
        return ask(lambda: records.held_by(self.name), set())

    def set_clock(self, ahead_s: float) -> None:
        """Make its clock wrong by so many seconds."""
        self._wrong_by.write_text(str(ahead_s))

    @property
    def process(self) -> psutil.Process:
        """The running process."""
        assert self._process
        return psutil.Process(self._process.pid)
