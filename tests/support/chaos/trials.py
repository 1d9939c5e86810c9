"""Trials of a RunningCity: each breaks one thing, waits until all is well again, and judges what was recorded."""

import time
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle

from django.utils import timezone

from streams.simulator.scenes import Scene
from tests.support.chaos import records
from tests.support.chaos.probe import HealthProbe
from tests.support.chaos.records import RecordMark, ask
from tests.support.chaos.running import CAMERAS, RunningCity, patience, seconds_since

REPORTED_S = 30.0
BACK_S = 30.0
WELL_S = 120.0  # between trials
ABSENCE_S = 60.0  # until an absence is indicated
EVERY_S = 0.5
BEATING = ("worker", "beat", "sweep")


@dataclass(slots=True)
class TrialRow:
    """A row of the table. Times in seconds, None: it was not needed or did not happen."""

    fault: str
    expected: str
    patience: float
    reported_after_s: float | None = None
    back_after_s: float | None = None
    absence_late_s: float | None = None  # from when the clerk left to the start of the recorded absence
    wrong: list[str] = field(default_factory=list)

    def cells(self) -> tuple[str, ...]:
        """Return the texts of the row."""
        seen = "; ".join(self.wrong) or "nothing lost, nobody accused"
        if self.absence_late_s is not None:
            seen += f"; absence dated {self.absence_late_s:+.0f} s"
        return (
            self.fault,
            f"{self.expected} (times {self.patience:.1f})",
            seen,
            _seconds(self.reported_after_s),
            _seconds(self.back_after_s),
        )


TRIALS_HEAD = ("fault", "expected", "seen", "reported after", "back after")


class Trials:
    """The trials of one city, with their rows."""

    def __init__(self, city: RunningCity) -> None:
        self.city = city
        self.rows: list[TrialRow] = []
        self._cameras = cycle(range(1, CAMERAS + 1))

    def endure(
        self,
        fault: str,
        breaking: AbstractContextManager[object],
        *,
        lasts_s: float = 0.0,
        back_s: float = BACK_S,
        leaves: bool = True,
        dated_s: float | None = None,
    ) -> None:
        """Break something for `lasts_s` while a clerk leaves, and require that all is well within `back_s` after it.

        `leaves`: whether a clerk leaves at its beginning, whose absence must be recorded. `dated_s`: how long after
        that it may begin, at most; by default as long as the fault and its end may last. All other bounds grow with
        the machine's load.
        """
        expected = f"reported within {REPORTED_S:.0f} s or over, back within {back_s:.0f} s"
        with self.trial(fault, expected) as (row, mark):
            camera = next(self._cameras)
            away = {records.counter_of(camera)} if leaves else set()
            if leaves:
                self.city.show(camera, Scene.EMPTY)
            began, left_at = time.monotonic(), timezone.now()
            with HealthProbe(self.city) as probe:
                with breaking:
                    time.sleep(lasts_s)
                lasted_s = seconds_since(began)
                self._wait_until_well(away, back_s, row)
                row.reported_after_s = probe.reported_after_s
            whole_s = seconds_since(began)
            if (row.reported_after_s or whole_s) > REPORTED_S * row.patience:
                row.wrong.append(f"not reported in {whole_s:.0f} s")
            for counter in away:
                self._wait_for_absence(counter, mark, left_at, row)
                if row.absence_late_s is None:
                    row.wrong.append("the absence is lost")
                elif row.absence_late_s > (dated_s or (lasted_s + back_s) * row.patience):
                    row.wrong.append("the absence begins too late")
            row.wrong += records.wrong_records(lambda counter, _at: counter in away, mark)

    @contextmanager
    def trial(self, fault: str, expected: str) -> Iterator[tuple[TrialRow, RecordMark]]:
        """Wait until all is well, yield a new row to fill, and fail when something is `wrong` then."""
        self.require_well()
        row = TrialRow(fault, expected, patience())
        self.rows.append(row)
        try:
            yield row, records.mark_records()
        except BaseException as error:
            row.wrong.append(f"{type(error).__name__}: {error}")
            raise
        finally:
            self.city.call_back_all()
        assert not row.wrong, f"{fault}: {row.cells()}"

    def require_well(self) -> None:
        """Wait until every counter is staffed, seen, and nothing is wrong."""
        began, since = time.monotonic(), timezone.now()
        while trouble := self.trouble(since):
            assert time.monotonic() - began < WELL_S * patience(), f"not well before the trial: {trouble}"
            time.sleep(EVERY_S)

    def trouble(self, since: datetime, away: Collection[int] = ()) -> str:
        """Return what is not as it should be, "" when every part has worked since then. `away`: counters left out."""
        health = self.city.health()
        if not health:
            return "the site does not answer"
        if health["code"] != 200:
            return str(health.get("reason"))
        if health["cameras"]["online"] != CAMERAS:
            return f"{health['cameras']['online']} cameras online"
        ago_s = (timezone.now() - since).total_seconds()
        if late := [part for part in BEATING if health["beats"].get(part, ago_s) >= ago_s]:
            return f"not since then: {', '.join(late)}"
        if incidents := ask(records.open_incidents, ["no database"]):
            return ", ".join(incidents)
        if missing := ask(lambda: records.not_looked_at(since), CAMERAS):
            return f"{missing} counters were not looked at"
        return ", ".join(ask(lambda: records.unstaffed(away), ["no database"]))

    def _wait_until_well(self, away: Collection[int], back_s: float, row: TrialRow) -> None:
        """Note in the row after how long all is well apart from these counters, or what is not."""
        began, since = time.monotonic(), timezone.now()
        while trouble := self.trouble(since, away):
            if time.monotonic() - began > back_s * row.patience:
                row.wrong.append(f"not back: {trouble}")
                return
            time.sleep(EVERY_S)
        row.back_after_s = seconds_since(began)

    def _wait_for_absence(self, counter: int, mark: RecordMark, left_at: datetime, row: TrialRow) -> None:
        """Note in the row how long after the clerk left the recorded absence begins."""
        began = time.monotonic()
        while (since := ask(lambda: records.recorded_absence(counter, mark), None)) is None:
            if time.monotonic() - began > ABSENCE_S * row.patience:
                return
            time.sleep(EVERY_S)
        row.absence_late_s = (since - left_at).total_seconds()


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"
