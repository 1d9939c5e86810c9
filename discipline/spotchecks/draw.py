"""Which offices a spot check looks at: a weighted draw that anybody can repeat from its seed. Pure.

Each office waits for its turn: its lot, a number between 0 and 1 that the seed and its code alone make, is turned into
a waiting time that is shorter the heavier it weighs, and the first ones are drawn. So whoever knows the seed, one
office's weight and the longest turn that was drawn can check that office without knowing the others.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from math import log

RULE = 1  # the number of the rule below; kept with each draw
FLOOR = 10  # what an office weighs that was checked today and is never in trouble
MOST_DAYS = 90  # counted one by one; never checked counts as so many
PER_TROUBLE, MOST_TROUBLES = 5, 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """An office that can be drawn. `unchecked_days` since its last check (None: never), `troubles` in a month."""

    code: str
    unchecked_days: int | None
    troubles: int

    @property
    def weight(self) -> int:
        days = MOST_DAYS if self.unchecked_days is None else min(max(self.unchecked_days, 0), MOST_DAYS)
        return FLOOR + days + PER_TROUBLE * min(self.troubles, MOST_TROUBLES)


def lot(seed: str, code: str) -> float:
    """Between 0 and 1, neither reached: the first 53 bits of SHA-256 of "seed:code"."""
    digest = hashlib.sha256(f"{seed}:{code}".encode()).digest()
    return ((int.from_bytes(digest[:8], "big") >> 11) + 0.5) / 2**53


def waiting_time(seed: str, code: str, weight: int) -> float:
    """The waiting time: the shorter, the sooner. ValueError for a weight that is not positive."""
    if weight <= 0:
        raise ValueError("an office without weight can't be drawn")
    return -log(lot(seed, code)) / weight


def draw(seed: str, weights: Mapping[str, int], count: int) -> tuple[str, ...]:
    """The codes of at most `count` offices, in the order in which their turns come."""
    return tuple(sorted(weights, key=lambda code: (waiting_time(seed, code, weights[code]), code))[:count])
