"""Median and 90th percentile of times, and which small counts the public does not see. Pure."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

FEWEST = 5  # the public sees no count below


@dataclass(frozen=True, slots=True)
class Spread:
    """How many times were measured, their median and their 90th percentile in whole seconds; None without any."""

    number: int = 0
    median_s: int | None = None
    p90_s: int | None = None

    def for_public(self) -> "Spread":
        """Return the spread, or an empty one if it is of fewer than FEWEST."""
        return self if self.number >= FEWEST else Spread()


def spread(times: Iterable[timedelta]) -> Spread:
    """Return the spread of the times. The 90th percentile is the least time within which 90 % of them lie."""
    seconds = sorted(round(one.total_seconds()) for one in times)
    if not seconds:
        return Spread()
    return Spread(len(seconds), round(median(seconds)), seconds[math.ceil(0.9 * len(seconds)) - 1])


def hidden_for_public(counts: Mapping[str, int]) -> frozenset[str]:
    """Return the names whose counts the public does not see: those from 1 to FEWEST - 1.

    A single one could be computed from the total: then the smallest of the others is hidden, too.
    """
    small = {name for name, number in counts.items() if 0 < number < FEWEST}
    others = {name: number for name, number in counts.items() if number >= FEWEST}
    if len(small) == 1 and others:
        small.add(min(others, key=lambda name: (others[name], name)))
    return frozenset(small)
