"""How long to wait after wrong passwords. Pure.

A lock would let anybody lock out anybody. Here each further wrong try makes the next wait longer, up to LONGEST_S, and
only on the same device or address; tries from unknown ones never make a known device wait.
"""

from dataclasses import dataclass

FIRST_S, LONGEST_S = 5, 15 * 60


@dataclass(frozen=True, slots=True)
class Failures:
    """Wrong tries that count together: how many, how many of them are free, seconds since the last one."""

    count: int
    free: int
    since_s: float


def wait_s(failures: Failures) -> float:
    """Return the seconds until the next try may be made."""
    beyond = failures.count - failures.free
    if beyond < 0:
        return 0
    delay = min(float(LONGEST_S), FIRST_S * 2.0 ** min(beyond, 20))
    return max(0, delay - failures.since_s)
