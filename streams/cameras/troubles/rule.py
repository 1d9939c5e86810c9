"""When a camera is in trouble and since when, and how much of each day it was well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

BEGINS_AFTER = timedelta(seconds=30)  # shorter interruptions are no trouble
ENDS_AFTER = timedelta(seconds=60)  # how long a camera must be well again
FORGOTTEN_AFTER = timedelta(seconds=30)  # without a report nothing is known of a camera
WELL = ""
OF_THE_ROOM = ("dark", "unclear", "blurred")  # nobody's fault while the office is closed and its lights are off
DAYS = 30  # of the strip
GOOD, FAIR = 0.995, 0.9  # the shares of a day from which on it is drawn so


def cause_of(report: Mapping[str, Any]) -> str | None:
    """Return why a camera is in trouble: a code of probing.Probe.problem or Blind; WELL, or None when unknown.

    `report` is a newest_picture.CameraReport.
    """
    state, reason = report.get("state"), str(report.get("reason") or "")
    if state == "offline":
        return str(report.get("problem") or reason or "offline")
    if state == "opening":
        return "stale" if reason == "stale" else None
    if state != "online":
        return None
    if reason == "steered":
        return None
    return None if reason in OF_THE_ROOM and not report.get("on_duty", True) else reason


@dataclass(frozen=True, slots=True)
class Streak:
    """How long a camera has been well, or in trouble, without interruption. `cause` is the latest, WELL for none."""

    cause: str
    since: datetime
    seen_at: datetime

    @property
    def settled(self) -> bool:
        """Whether it has lasted long enough to begin or end a trouble."""
        return self.seen_at - self.since >= (BEGINS_AFTER if self.cause else ENDS_AFTER)


def next_streak(before: Streak | None, cause: str | None, now: datetime) -> Streak | None:
    """Return the streak once the cause is seen at `now`. One that was not seen for FORGOTTEN_AFTER is forgotten."""
    if before and not timedelta() <= now - before.seen_at <= FORGOTTEN_AFTER:
        before = None
    if cause is None:
        return before
    if before and bool(before.cause) == bool(cause):
        return replace(before, cause=cause, seen_at=now)
    return Streak(cause, now, now)


@dataclass(frozen=True, slots=True)
class DayShare:
    """One day of a camera. `share` of its observed time in which it was well, 0 to 1; None: it was not observed."""

    day: date
    share: float | None

    @property
    def level(self) -> str:
        """How the day is drawn: good, fair, poor or none."""
        if self.share is None:
            return "none"
        return "good" if self.share >= GOOD else "fair" if self.share >= FAIR else "poor"


@dataclass(frozen=True, slots=True)
class Uptime:
    """The last DAYS days of a camera, the oldest first, and its share over all of them."""

    days: Sequence[DayShare]
    share: float | None

    @property
    def paths(self) -> dict[str, str]:
        """One SVG path per level, for 4 units of width and 10 of height per day."""
        found: dict[str, str] = {}
        for place, one in enumerate(self.days):
            found[one.level] = found.get(one.level, "") + f"M{4 * place} 0h3v10h-3z"
        return found


def uptime(seconds: Mapping[date, tuple[float, float]], today: date) -> Uptime:
    """Return the uptime until today. `seconds`: by day, how long the camera was well and how long in trouble."""
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    parts = [seconds.get(day, (0.0, 0.0)) for day in days]
    well, total = sum(part[0] for part in parts), sum(map(sum, parts))
    shares = (DayShare(day, part[0] / sum(part) if sum(part) else None) for day, part in zip(days, parts, strict=True))
    return Uptime(tuple(shares), well / total if total else None)


def percent(share: float) -> float:
    """Return a share in percent with one digit, rounded down: 100 is said only when nothing was missing."""
    return int(share * 1000 + 1e-6) / 10
