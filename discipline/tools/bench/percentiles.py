"""The figures in which benches give times."""

import statistics
from typing import TypedDict


class Percentiles(TypedDict):
    """The median and the 95th percentile; None with fewer than two values."""

    p50: float | None
    p95: float | None


def percentiles(values: list[float]) -> Percentiles:
    """Return the median and the 95th percentile, rounded to whole numbers."""
    if len(values) < 2:
        return {"p50": None, "p95": None}
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": round(cuts[49]), "p95": round(cuts[94])}


def percentile(ordered: list[float], percent: int) -> float | None:
    """Return one percentile, rounded to 0.1; None with fewer than two values."""
    if len(ordered) < 2:
        return None
    return round(statistics.quantiles(ordered, n=100, method="inclusive")[percent - 1], 1)
