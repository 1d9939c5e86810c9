"""Rates with their intervals, and how well two checkers agree. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959964  # of the normal distribution: 95 % lie within it


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something was seen: `seen` of `judged`, with the bounds of its 95 % interval, all from 0 to 1."""

    seen: int
    judged: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share that was seen; 0 when nothing was judged."""
        return self.seen / self.judged if self.judged else 0.0


def wilson(seen: int, judged: int) -> Rate:
    """Return the rate with Wilson's score interval; from 0 to 1 when nothing was judged.

    Raises ValueError unless 0 <= seen <= judged.
    """
    if not 0 <= seen <= judged:
        raise ValueError(f"{seen} of {judged}")
    if not judged:
        return Rate(0, 0, 0.0, 1.0)
    share, square = seen / judged, Z95 * Z95
    middle = (share + square / (2 * judged)) / (1 + square / judged)
    half = Z95 / (1 + square / judged) * sqrt(share * (1 - share) / judged + square / (4 * judged * judged))
    # Rounding must not move the bounds off 0 and 1.
    return Rate(seen, judged, 0.0 if not seen else middle - half, 1.0 if seen == judged else middle + half)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two checkers on the same clips: how often both saw it, one of them did, and none."""

    both: int
    one: int
    none: int

    @property
    def clips(self) -> int:
        """The number of clips that both could judge."""
        return self.both + self.one + self.none

    @property
    def share(self) -> float:
        """The share of clips on which they agree; 0 without any."""
        return (self.both + self.none) / self.clips if self.clips else 0.0


def agreement(pairs: Iterable[tuple[bool, bool]]) -> Agreement:
    """Return the agreement of pairs of answers, each whether it was seen."""
    sums = [int(first) + int(second) for first, second in pairs]
    return Agreement(sums.count(2), sums.count(1), sums.count(0))
