"""When one camera was recorded on a day, and why it was not in between. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

TOUCHING = timedelta(seconds=2)  # minutes that are no farther apart follow one another
UNKNOWN = "unknown"  # no minute after the gap gives its reason yet
RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class RecordedStretch:
    """A part of the day. what: RECORDED, why it is missing (RecordedMinute.Gap), or UNKNOWN."""

    starts_at: datetime
    ends_at: datetime
    what: str


def day_strip(
    minutes: Iterable[tuple[datetime, datetime, str]], begins: datetime, ends: datetime, now: datetime
) -> list[RecordedStretch]:
    """Return the stretches from `begins` to `ends`, or to now, without holes between them.

    minutes: start, end and reason of the gap before each, in their order, with the one after `ends` where there is one.
    """
    until = min(ends, now)
    strip: list[RecordedStretch] = []
    covered = begins  # how far the stretches reach
    for starts_at, ends_at, gap in minutes:
        if ends_at <= covered:
            continue
        if starts_at >= until:
            _add(strip, covered, until, gap or UNKNOWN)
            return strip
        if starts_at - covered > TOUCHING:
            _add(strip, covered, starts_at, gap or UNKNOWN)
        covered = _add(strip, covered if starts_at - covered <= TOUCHING else starts_at, min(ends_at, until), RECORDED)
    if until - covered > TOUCHING:
        _add(strip, covered, until, UNKNOWN)
    return strip


def _add(strip: list[RecordedStretch], starts_at: datetime, ends_at: datetime, what: str) -> datetime:
    """Append a stretch, joined to the last one of the same kind, and return where it ends."""
    if strip and strip[-1].what == what:
        starts_at = strip.pop().starts_at
    if ends_at > starts_at:
        strip.append(RecordedStretch(starts_at, ends_at, what))
    return ends_at
