"""Whether an absence continues one that ended because the camera could no longer judge. Pure.

One emptiness is one indication: unknown time shorter than the absence grace, with no staff seen before or after it,
does not begin another one. The rule reports an absence again only after a whole grace of EMPTY
looks, and unknown time is never part of an absence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from discipline.staffing.alert_kinds import EARLY
from discipline.staffing.rule import State, StateChange
from streams.pixels.occupancy import Blind


@dataclass(frozen=True, slots=True)
class Interruption:
    """A gap in one emptiness: `at` is when UNKNOWN ended the absence, `unknown_s` the seconds without judgement."""

    at: datetime
    unknown_s: int


def find_interruption(flips: Iterable[StateChange], limit_s: int) -> Interruption | None:
    """Return what interrupted the absence that the first of `flips` continues, None if it does not continue one.

    `flips` are those of one counter, the latest first. The unknown time must be shorter than `limit_s`.
    """
    backwards = iter(flips)
    accusing = later = next(backwards)
    if accusing.old is not State.GRACE or not accusing.accuses:
        return None
    unknown = timedelta()
    for flip in backwards:
        if flip.new is State.GRACE:
            # A look at staff that was too short for STAFFED ends the run of EMPTY looks, without a flip.
            if later is accusing and flip.at != accusing.since:
                return None
        elif flip.new is State.UNKNOWN:
            # A stale picture counts until it is stale, as in the day's minutes.
            unknown += later.at - (flip.at if flip.reason == Blind.STALE else flip.since)
            if unknown >= timedelta(seconds=limit_s):
                return None
            if flip.old is State.ABSENT:
                return Interruption(flip.at, round(unknown.total_seconds()))
        else:
            return None
        later = flip
    return None


def lasted_until_closing(flips: Iterable[StateChange]) -> bool:
    """Return whether the first of `flips` reports an early leave that was an absence until then.

    `flips` are those of one counter, the latest first.
    """
    backwards = iter(flips)
    accusing = next(backwards)
    if accusing.old is not State.ABSENT or accusing.reason not in EARLY:
        return False
    absence = next((flip for flip in backwards if flip.new is State.ABSENT), None)
    return absence is not None and absence.since == accusing.since
