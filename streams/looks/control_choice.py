"""Choose which earlier pictures of a zone's staff are kept as its controls, and how many must be seen. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

MOST = 24
ENOUGH = 0.8  # share of them that must be seen in the light of a picture, unless a rule says otherwise
HARDEST = 8  # of them, kept whatever their hour


@dataclass(frozen=True, slots=True)
class KeptControl:
    """When a control was taken, in local time, and the score with which its best person was seen."""

    at: datetime
    score: float


def one_to_drop(kept: Sequence[KeptControl]) -> int | None:
    """Return the index of the control to drop, or None while there are at most MOST.

    The HARDEST stay; of the others the oldest of the hour of day that has the most, so that all hours, and with them
    postures, people and light, stay represented.
    """
    if len(kept) <= MOST:
        return None
    by_score = sorted(range(len(kept)), key=lambda index: kept[index].score)
    others = by_score[HARDEST:]
    hours = Counter(kept[index].at.hour for index in others)
    return min(others, key=lambda index: (-hours[kept[index].at.hour], kept[index].at))
