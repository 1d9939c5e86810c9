"""Let all programs work for hours while things break at random, and report what grows.

    make soak                                  two hours
    make soak ARGS="--minutes 10 --seed 3"     a trial

Graces are about 20 to 50 times as short as a city's, and clerks leave as much more often, so that two hours hold the
indications and the evidence of some forty. Exits with 1 when somebody was accused who was there, when flips or evidence
don't agree, or when something grows without bound.
"""

import argparse
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from typing import Self

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "discipline.settings"
django.setup()
from django.utils import timezone  # noqa: E402

from streams.simulator.control import ControlError  # noqa: E402
from streams.simulator.scenes import Scene, SimulatedFault  # noqa: E402
from tests.support.chaos import faults, records  # noqa: E402
from tests.support.chaos.growth import GROWTH_HEAD, GrowthSampler, judge_growth  # noqa: E402
from tests.support.chaos.running import CAMERAS, RunningCity, patience  # noqa: E402
from tests.support.chaos.tables import markdown_table  # noqa: E402
from tests.support.chaos.trials import Trials  # noqa: E402

AWAY_S = (25.0, 45.0)  # longer than the grace and the looks that confirm it
BETWEEN_S = (5.0, 15.0)  # from one clerk's return to the next one's leaving
CALM_S = (20.0, 60.0)  # between faults
LASTS_S = (5.0, 40.0)
BACK_S = 180.0
WARM_S = 300.0
LATE = timedelta(seconds=10)  # from the return of a clerk to the look that sees it

Breaking = Callable[[RunningCity], AbstractContextManager[object]]
FAULTS: dict[str, Breaking] = {
    "kill -9 watch": lambda city: faults.killed(city.program("watch")),
    "kill -9 worker": lambda city: faults.killed(city.program("worker")),
    "kill -9 beat": lambda city: faults.killed(city.program("beat")),
    "kill -9 web": lambda city: faults.killed(city.program("web")),
    "SIGSTOP watch": lambda city: faults.stopped([city.program("watch")]),
    "SIGSTOP worker": lambda city: faults.stopped([city.program("worker")]),
    "SIGSTOP simulator": lambda city: faults.stopped([city.program("simulator")]),
    "Valkey kill -9": lambda city: faults.killed(city.valkey),
    "Valkey FLUSHALL": faults.valkey_emptied,
    "Valkey SIGSTOP": lambda city: faults.stopped([city.valkey]),
    "PostgreSQL SIGKILL": lambda city: faults.killed(city.postgres),
    "PostgreSQL SIGSTOP": faults.postgres_stopped,
    "PostgreSQL without connections": faults.connections_taken,
    "all cameras refuse": lambda city: faults.cameras_broken(city, SimulatedFault.REFUSE),
    "one camera flaps, one hangs": faults.one_flapping_one_hanging,
    "evidence disk full": faults.evidence_disk_full,
    "poison messages": faults.poisoned_queue,
}


class Clerks:
    """A thread in which one clerk after another leaves for a while. Use as a context manager."""

    def __init__(self, city: RunningCity, dice: random.Random) -> None:
        self._city, self._dice = city, dice
        self._counters = {camera: records.counter_of(camera) for camera in range(1, CAMERAS + 1)}
        self.away: list[tuple[int, datetime, datetime]] = []  # counter, from, to
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clerks", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ending.set()
        self._thread.join()

    def was_away(self, counter: int, at: datetime) -> bool:
        """Return whether this counter may have looked empty at this time."""
        late = LATE * patience()
        return any(who == counter and start <= at <= end + late for who, start, end in self.away)

    def _run(self) -> None:
        while not self._ending.wait(self._dice.uniform(*BETWEEN_S)):
            camera, left_at = self._dice.randint(1, CAMERAS), timezone.now()
            with suppress(ControlError):  # one that stands still may carry it out later
                self._city.show(camera, Scene.EMPTY)
                self._ending.wait(self._dice.uniform(*AWAY_S))
            while True:
                with suppress(ControlError):
                    self._city.show(camera, None)
                    break
                time.sleep(1)
            self.away.append((self._counters[camera], left_at, timezone.now()))


def endure_faults(city: RunningCity, minutes: float, dice: random.Random) -> list[tuple[str, str, str]]:
    """Break one thing after the other for so long; return rows of fault, seconds, and seconds until all was well."""
    trials, rows = Trials(city), []
    everybody = {records.counter_of(camera) for camera in range(1, CAMERAS + 1)}  # any of them may be away
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        time.sleep(dice.uniform(*CALM_S))
        name, lasts_s = dice.choice(list(FAULTS)), dice.uniform(*LASTS_S)
        with FAULTS[name](city):
            time.sleep(lasts_s)
        began, since, back = time.monotonic(), timezone.now(), ""
        while not back and (trouble := trials.trouble(since, everybody)):
            if time.monotonic() - began > BACK_S * patience():
                back = f"NEVER: {trouble}"
            time.sleep(1)
        rows.append((name, f"{lasts_s:.0f}", back or f"{time.monotonic() - began:.0f}"))
        sys.stdout.write(f"{timezone.now():%H:%M:%S} {' | '.join(rows[-1])}\n")
        sys.stdout.flush()
    return rows


def soak(city: RunningCity, minutes: float, seed: int) -> bool:
    """Run for so long, print the tables, and return whether all was well."""
    records.use_database_in(city.var / "postgres")
    records.hurry()
    mark = records.mark_records()
    with (
        GrowthSampler(city, min(WARM_S, 15 * minutes)) as sampler,
        Clerks(city, random.Random(f"{seed} clerks")) as clerks,
    ):
        endured = endure_faults(city, minutes, random.Random(seed))
    growth = judge_growth(sampler.samples)
    wrong = records.wrong_records(clerks.was_away, mark)
    wrong += [f"{name}: {back}" for name, _, back in endured if back.startswith("NEVER")]
    wrong += [f"{row.name}: {row.measure} grows" for row in growth if row.bounded is False]
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    lines = [
        markdown_table(("fault", "lasted s", "well after s"), endured),
        markdown_table(GROWTH_HEAD, [row.cells() for row in growth]),
        f"seed {seed}, {os.cpu_count()} cores, load {load}; {len(endured)} faults; clerks were away "
        f"{len(clerks.away)} times, {records.count_absences(mark)} absences indicated",
        city.manage("verify_evidence").strip(),
        *(wrong or ["Nobody was accused who was there, and nothing grows that was watched for long enough."]),
    ]
    sys.stdout.write("\n\n".join(lines) + "\n")
    return not wrong


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with RunningCity(evidence_mb=1024) as city:
        well = soak(city, arguments.minutes, arguments.seed)
        city.keep = not well
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
