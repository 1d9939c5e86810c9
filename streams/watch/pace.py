"""How often a camera is looked at: rarely while nothing is expected to change. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from streams.pixels.occupancy import Look

NEAR_EDGE = timedelta(minutes=15)  # after the opening and before the closing no camera is calm
CALM_LOOKS = 2  # looks in a row at which all counters are staffed, from which on the camera is calm


@dataclass(frozen=True, slots=True)
class LookPace:
    """Seconds between looks at a camera. calm_s: while all its counters are staffed."""

    look_s: float
    calm_s: float

    def between(self, calm: bool) -> float:
        """Return the seconds until the next look."""
        return self.calm_s if calm else self.look_s


class CalmnessMeter:
    """Tell from a camera's looks whether all its counters have been staffed for CALM_LOOKS looks."""

    def __init__(self) -> None:
        self._looks = 0

    @property
    def calm(self) -> bool:
        """Whether the camera may be looked at rarely."""
        return self._looks >= CALM_LOOKS

    def note(self, looks: Iterable[Look]) -> None:
        """Take the verdicts of one look, one per counter; a camera without counters is never calm."""
        verdicts = set(looks)
        self._looks = self._looks + 1 if verdicts == {Look.STAFFED} else 0
