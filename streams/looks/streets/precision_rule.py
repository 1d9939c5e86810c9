"""How often hints were right, and when they fall silent. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Precision:
    """Of the last decided hints, how many were confirmed."""

    confirmed: int
    decided: int

    @property
    def percent(self) -> int | None:
        """The share in percent, rounded; None while nothing is decided."""
        return round(100 * self.confirmed / self.decided) if self.decided else None


def precision_of(newest_first: Sequence[bool], counted: int) -> Precision:
    """Return the precision over the newest `counted` decisions."""
    taken = newest_first[:counted]
    return Precision(sum(taken), len(taken))


def is_muted(precision: Precision, counted: int, least_percent: int) -> bool:
    """Return whether hints fall silent: `counted` were decided, and fewer than least_percent of them confirmed."""
    return precision.decided >= counted and precision.confirmed * 100 < least_percent * precision.decided
