"""The intervals of rates as they are drawn. Pure."""

from dataclasses import dataclass

from discipline.spotchecks.sample.interval_rule import Rate


@dataclass(frozen=True, slots=True)
class IntervalBar:
    """A rate on an axis of 100 units, as numbers for SVG, and in whole percent for words."""

    left: str
    width: str
    at: str
    percent: int
    low: int
    high: int


def bar(rate: Rate, scale: float) -> IntervalBar:
    """Return the bar of a rate on an axis that ends at `scale`, a share."""
    left, right, at = (min(100.0, 100 * value / scale) for value in (rate.low, rate.high, rate.share))
    return IntervalBar(
        f"{left:.1f}",
        f"{max(0.8, right - left):.1f}",
        f"{at:.1f}",
        round(100 * rate.share),
        round(100 * rate.low),
        round(100 * rate.high),
    )
