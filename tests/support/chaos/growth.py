"""What the programs of a RunningCity hold, sampled over hours, and whether it grows without bound."""

import os
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from math import inf
from pathlib import Path
from statistics import median
from typing import Self

import psutil
from django.db import connection

from tests.support.chaos.records import ask
from tests.support.chaos.running import RunningCity

EVERY_S = 20.0
SETTLED_S = 1800.0  # until then a program fills caches and malloc's heaps once, which looks like what it loses
ENOUGH_HOURS = 0.5  # of samples after that, in all lives of a program
PROGRAMS = ("watch", "worker", "beat", "web", "simulator")
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class GrowthLimit:
    """By how much a measure may grow in all: `slack`, and `per_hour`."""

    slack: float
    per_hour: float


LIMITS: Mapping[str, GrowthLimit] = {
    "memory": GrowthLimit(20, 20),  # MB of its own
    "threads": GrowthLimit(2, 0.5),
    "sockets": GrowthLimit(8, 1),
    "files": GrowthLimit(8, 1),
    # MB of the stores, at some twenty times a city's pace for each camera.
    "database": GrowthLimit(20, 30),
    "logs": GrowthLimit(20, 20),
    "evidence": GrowthLimit(50, 400),  # its retention is a matter of days
}


@dataclass(frozen=True, slots=True)
class HeldSample:
    """What one process held at a time (monotonic). `process`: its pid; 0 for a store. `age_s`: since it was started."""

    at: float
    process: int
    measures: Mapping[str, float]
    age_s: float = inf


class GrowthSampler:
    """A thread that samples all programs and stores. Use as a context manager.

    warm_s: for so long after its start a program loads and fills up, and is not sampled.
    """

    def __init__(self, city: RunningCity, warm_s: float) -> None:
        self._city, self._warm_s = city, warm_s
        self.samples: dict[str, list[HeldSample]] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="growth", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ending.set()
        self._thread.join(30)

    def _run(self) -> None:
        while not self._ending.wait(EVERY_S):
            for name in PROGRAMS:
                with suppress(OSError, ValueError, psutil.Error):
                    process = self._city.program(name)
                    self._sample(name, process, *process.children(recursive=True))
            with suppress(psutil.Error):
                self._sample("supervisor", psutil.Process(self._city.launcher.pid))
            with suppress(OSError, ValueError, psutil.Error):
                self._sample("Valkey", self._city.valkey)
            with suppress(AssertionError, psutil.Error):
                self._sample("PostgreSQL", self._city.postgres, *self._city.postgres.children())
            self._add("database", 0, {"MB": ask(_database_bytes, 0) / MB})
            self._add("evidence", 0, {"MB": _bytes_in(self._city.evidence) / MB})
            self._add("logs", 0, {"MB": _bytes_in(self._city.var / "log") / MB})
        connection.close()

    def _sample(self, name: str, process: psutil.Process, *others: psutil.Process) -> None:
        """Add a sample of a process and others that belong to it, unless it has only started."""
        age_s = time.time() - process.create_time()
        if age_s < self._warm_s:
            return
        measures = dict.fromkeys(("memory", "threads", "sockets", "files"), 0.0)
        for member in (process, *others):
            with suppress(psutil.NoSuchProcess):
                measures["memory"] += member.memory_full_info().uss / MB
                measures["threads"] += member.num_threads()
                measures["sockets"] += len(member.net_connections("all"))
                measures["files"] += member.num_fds()
        self._add(name, process.pid, measures, age_s)

    def _add(self, name: str, process: int, measures: Mapping[str, float], age_s: float = inf) -> None:
        if any(measures.values()):
            self.samples.setdefault(name, []).append(HeldSample(time.monotonic(), process, measures, age_s))


def hourly_slope(samples: Iterable[tuple[int, float, float]]) -> float:
    """Return the slope an hour of (process, seconds, value): the median of the slopes between samples of one process.

    So what a fault adds for a moment has no part in it (Theil and Sen).
    """
    by_process: dict[int, list[tuple[float, float]]] = {}
    for process, at, value in samples:
        by_process.setdefault(process, []).append((at, value))
    slopes = [
        (value - before) / (at - earlier)
        for points in by_process.values()
        for (earlier, before), (at, value) in combinations(points, 2)
    ]
    return 3600 * median(slopes) if slopes else 0.0


@dataclass(frozen=True, slots=True)
class GrowthRow:
    """A measure of a program: first and last sample, the most, slope an hour, how often it was started, the verdict.

    The slope is that of settled processes. bounded: None when these were not watched for long enough.
    """

    name: str
    measure: str
    first: float
    last: float
    most: float
    hourly: float
    starts: int
    bounded: bool | None

    def cells(self) -> tuple[str, ...]:
        """Return the texts of the row."""
        figures = (f"{value:.0f}" for value in (self.first, self.last, self.most))
        verdict = {None: "too short", True: "bounded", False: "GROWS"}[self.bounded]
        return self.name, self.measure, *figures, f"{self.hourly:+.1f}", str(self.starts), verdict


GROWTH_HEAD = ("program", "measure", "first", "last", "most", "an hour", "starts", "verdict")


def judge_growth(samples: Mapping[str, Sequence[HeldSample]]) -> list[GrowthRow]:
    """Return a row for each program and measure. Judges each life of a program only from SETTLED_S on."""
    rows = []
    for name, held in samples.items():
        settled = [sample for sample in held if sample.age_s >= SETTLED_S]
        hours = _hours_watched(settled)
        for measure in held[0].measures:
            values = [sample.measures[measure] for sample in held]
            hourly = hourly_slope((sample.process, sample.at, sample.measures[measure]) for sample in settled)
            limit = LIMITS.get(name) or LIMITS[measure]
            bounded = hourly * hours <= limit.slack + limit.per_hour * hours if hours >= ENOUGH_HOURS else None
            starts = len({sample.process for sample in held})
            rows.append(GrowthRow(name, measure, values[0], values[-1], max(values), hourly, starts, bounded))
    return rows


def _hours_watched(samples: Iterable[HeldSample]) -> float:
    """Return the hours between the first and the last sample of each process, added up."""
    lives: dict[int, list[float]] = {}
    for sample in samples:
        lives.setdefault(sample.process, []).append(sample.at)
    return sum(times[-1] - times[0] for times in lives.values()) / 3600


def _database_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.stat().st_size if path.name != "filler" and not os.path.isdir(path) else 0
    return total
