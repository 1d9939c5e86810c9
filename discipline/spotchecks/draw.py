"""Draw the offices of a spot check: a weighted draw that can be repeated from its seed. Pure.

Each office gets a lot, a number between 0 and 1 that depends only on the seed and its code. From the lot follows an
exponential waiting time, on average shorter the greater its weight; the offices with the shortest times are drawn. With
the seed, one office's weight and the longest time that was drawn, anyone can verify that office's result without
knowing the others.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from math import log

RULE = 1  # version of the rule below; stored with each draw
FLOOR = 10  # weight of an office that was checked today and has no indications
MOST_DAYS = 90  # a weight of 1 each; an office never checked gets as many
PER_TROUBLE, MOST_TROUBLES = 5, 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """An office that can be drawn.

    unchecked_days: since its last check (None: never checked); troubles: its indications in the last month.
    """

    code: str
    unchecked_days: int | None
    troubles: int

    @property
    def weight(self) -> int:
        """The weight in the draw, from FLOOR to FLOOR + MOST_DAYS + PER_TROUBLE * MOST_TROUBLES."""
        days = MOST_DAYS if self.unchecked_days is None else min(max(self.unchecked_days, 0), MOST_DAYS)
        return FLOOR + days + PER_TROUBLE * min(self.troubles, MOST_TROUBLES)


def lot(seed: str, code: str) -> float:
    """Return a number between 0 and 1, both exclusive, from the first 53 bits of SHA-256 of "seed:code"."""
    digest = hashlib.sha256(f"{seed}:{code}".encode()).digest()
    return ((int.from_bytes(digest[:8], "big") >> 11) + 0.5) / 2**53


def waiting_time(seed: str, code: str, weight: int) -> float:
    """Return the waiting time, without a unit. Raises ValueError when the weight is not positive."""
    if weight <= 0:
        raise ValueError(f"weight of {code} is not positive: {weight}")
    return -log(lot(seed, code)) / weight


def draw(seed: str, weights: Mapping[str, int], count: int) -> tuple[str, ...]:
    """Return the codes of at most `count` offices, shortest waiting time first. `weights` is by code."""
    return tuple(sorted(weights, key=lambda code: (waiting_time(seed, code, weights[code]), code))[:count])
