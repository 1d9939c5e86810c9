"""Asks /healthz all the time, to find when it reports a fault."""

import threading
import time
from typing import Self

from tests.support.chaos.running import CAMERAS, HealthJson, RunningCity

EVERY_S = 0.5


def reports_trouble(health: HealthJson) -> bool:
    """Return whether a person who sees this answer, or none, knows that something is wrong."""
    if health.get("code") != 200 or health["incident"] or health["evidence_problem"]:
        return True
    return bool(health["cameras"]["online"] != CAMERAS or health["counters"]["unknown"])


class HealthProbe:
    """A thread that notes when trouble was reported. Use as a context manager."""

    def __init__(self, city: RunningCity) -> None:
        self._city = city
        self._ending = threading.Event()
        self._reported_at: float | None = None
        self._thread = threading.Thread(target=self._run, name="health-probe", daemon=True)
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ending.set()
        self._thread.join(10)

    @property
    def reported_after_s(self) -> float | None:
        """Seconds from the beginning until trouble was first reported; None while it was not."""
        return None if self._reported_at is None else self._reported_at - self._began

    def _run(self) -> None:
        while not self._ending.wait(EVERY_S):
            if self._reported_at is None and reports_trouble(self._city.health()):
                self._reported_at = time.monotonic()
