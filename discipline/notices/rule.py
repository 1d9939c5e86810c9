"""Who is told of what, when, and how often it is tried: kinds, modes, escalation, quiet hours, digests. Pure.

Moments are aware; `zone` is that of the hours people choose. Nothing here knows who may see an office: that is asked
of offices.access.gate before, and again when a message is sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Self, TypeVar

from django.utils.translation import gettext_lazy as _

from discipline.staffing.alert_kinds import ACCUSATIONS, AlertKind

LURAH, CAMAT, MAYOR, OPERATOR, INSPECTOR = "lurah", "camat", "mayor", "operator", "inspector"


class Topic(StrEnum):
    """What a message is about when it is not an alert, with who is told of it unless they choose otherwise."""

    INCIDENT = "incident", _("Gangguan sistem"), (MAYOR, OPERATOR)
    # What lurah and camat say to each other about an indication.
    DECISION = "decision", _("Penjelasan dan keputusan"), (LURAH, CAMAT)
    REMINDER = "reminder", _("Tenggat penjelasan"), (LURAH, CAMAT)
    # Of a spot check.
    FINDING = "finding", _("Temuan sidak"), (LURAH, CAMAT, OPERATOR), (MAYOR, INSPECTOR)
    # A month that was signed and sent, or changed after that.
    MONTH = "month", _("Tanda tangan laporan bulanan"), (CAMAT,), (MAYOR, INSPECTOR)
    TEST = "test", _("Percobaan")  # always sent: who gets it asked for it

    _value_: str
    label: Any
    tell_now: tuple[str, ...]
    tell_in_digest: tuple[str, ...]

    # The defaults are for mypy, which takes a look-up by code for a call of this.
    def __new__(cls, code: str, label: Any = "", now: tuple[str, ...] = (), in_digest: tuple[str, ...] = ()) -> Self:
        member = str.__new__(cls, code)
        member._value_, member.label, member.tell_now, member.tell_in_digest = code, label, now, in_digest
        return member


class Mode(StrEnum):
    NOW = "now"
    DIGEST = "digest"
    OFF = "off"


AnyTopic = AlertKind | Topic
TOPICS: Mapping[str, AnyTopic] = {one.value: one for one in (*AlertKind, *Topic)}
SELECTABLE_TOPICS = tuple(one for one in TOPICS.values() if one is not Topic.TEST)  # what people choose among
MODES_BY_URGENCY = (Mode.NOW, Mode.DIGEST, Mode.OFF)
FEW = 3  # so many messages at once are sent one by one; more of them as one
BACKOFF_S = (10, 30, 120, 600, 1800, 3600, 7200, 14400)
LONGEST_ASKED_S = 3600.0  # of a Retry-After


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day to another, over midnight when the second is earlier. ValueError when they are the same."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError("quiet hours that begin when they end are either none or all")

    def holds(self, at: time) -> bool:
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


NIGHT = QuietHours(time(21), time(6))
NOON_AND_CLOSING = (time(12), time(16, 30))


@dataclass(frozen=True, slots=True)
class NoticePreferences:
    """What one person has chosen; the defaults are those of who has chosen nothing.

    `min_minutes`: of emptiness, in place of the escalation's waiting. `digest_at`: at least one time of day.
    """

    modes: Mapping[str, Mode] = field(default_factory=dict)
    min_minutes: int | None = None
    quiet: QuietHours | None = NIGHT
    digest_at: tuple[time, ...] = NOON_AND_CLOSING


@dataclass(frozen=True, slots=True)
class EscalationDelays:
    """Escalation: minutes after an indication until each role is told, if it still stands unanswered."""

    lurah: int = 0
    camat: int = 15
    mayor: int = 60

    def wait(self, roles: Iterable[str]) -> timedelta:
        """The shortest of the roles. Operators wait for nobody, the inspectorate as long as the mayor."""
        minutes = {LURAH: self.lurah, CAMAT: self.camat, MAYOR: self.mayor, OPERATOR: 0, INSPECTOR: self.mayor}
        return timedelta(minutes=min(minutes[role] for role in roles))


@dataclass(frozen=True, slots=True)
class NoticeEvent:
    """Something to tell of: `since` it was so, `raised_at` it fell due, `ended_at` if it is over already."""

    kind: AnyTopic
    since: datetime
    raised_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueNotice:
    """When to tell one person. `gathered`: as one message with whatever else is due then."""

    at: datetime
    gathered: bool = False


def mode_for(kind: AnyTopic, roles: Iterable[str], wish: NoticePreferences) -> Mode:
    """What the person has chosen; else the most eager of what is usual for the roles."""
    if kind is Topic.TEST:
        return Mode.NOW
    if kind in wish.modes:
        return Mode(wish.modes[kind])
    return min((usual(kind, role) for role in roles), key=MODES_BY_URGENCY.index, default=Mode.OFF)


def usual(kind: AnyTopic, role: str) -> Mode:
    """Return how this role is told unless its holder says otherwise."""
    if role in kind.tell_now:
        return Mode.NOW
    return Mode.DIGEST if role in kind.tell_in_digest else Mode.OFF


def due_notice(
    occasion: NoticeEvent, roles: frozenset[str], wish: NoticePreferences, steps: EscalationDelays, zone: tzinfo
) -> DueNotice | None:
    """When a person of these roles (at least one) is to be told; None for never."""
    how = mode_for(occasion.kind, roles, wish)
    if how is Mode.OFF:
        return None
    at = occasion.raised_at
    if occasion.kind in ACCUSATIONS:
        if wish.min_minutes is not None:
            at = max(at, occasion.since + timedelta(minutes=wish.min_minutes))
            if occasion.ended_at and occasion.since + timedelta(minutes=wish.min_minutes) > occasion.ended_at:
                return None
        elif how is Mode.NOW:
            at += steps.wait(roles)
    if how is Mode.DIGEST:
        return DueNotice(next_digest(at, wish.digest_at, zone), gathered=True)
    free = after_quiet(at, wish.quiet, zone)
    return DueNotice(free, gathered=free > at)


def postponed(
    kind: AnyTopic, roles: Iterable[str], wish: NoticePreferences, now: datetime, zone: tzinfo
) -> DueNotice | None:
    """Where it should wait, when one would send it now by itself: it was named anew, tried again at night, or the
    wish has changed. None: nothing speaks against it."""
    if kind is Topic.TEST:
        return None
    if mode_for(kind, roles, wish) is Mode.DIGEST:
        return DueNotice(next_digest(now, wish.digest_at, zone), gathered=True)
    free = after_quiet(now, wish.quiet, zone)
    return DueNotice(free, gathered=True) if free > now else None


def after_quiet(at: datetime, quiet: QuietHours | None, zone: tzinfo) -> datetime:
    """`at` itself, or when the quiet hours that hold it are over."""
    local = at.astimezone(zone)
    if quiet is None or not quiet.holds(local.time()):
        return at
    return _next(local, quiet.end)


def next_digest(at: datetime, hours: Iterable[time], zone: tzinfo) -> datetime:
    """The first of the hours at or after `at`."""
    local = at.astimezone(zone)
    return min(_next(local, hour) for hour in hours)


def _next(local: datetime, hour: time) -> datetime:
    then = datetime.combine(local.date(), hour, tzinfo=local.tzinfo)
    return then if then >= local else datetime.combine(local.date() + timedelta(days=1), hour, tzinfo=local.tzinfo)


def retry_delay(tries: int, asked_s: float | None = None) -> timedelta | None:
    """How long to wait after so many tries that failed, at least as long as was asked for; None: give it up."""
    if tries > len(BACKOFF_S):
        return None
    return timedelta(seconds=max(BACKOFF_S[max(tries, 1) - 1], min(asked_s or 0.0, LONGEST_ASKED_S)))


Item = TypeVar("Item")


def bundle_items(items: Iterable[tuple[Item, Hashable, bool]]) -> list[list[Item]]:
    """Items, each with its address and whether it is gathered → what goes out as one message each, in order."""
    alone: dict[Hashable, list[Item]] = defaultdict(list)
    gathered: dict[Hashable, list[Item]] = defaultdict(list)
    for item, address, together in items:
        (gathered if together else alone)[address].append(item)
    found = []
    for address, ones in alone.items():
        if len(ones) > FEW:
            gathered[address] = ones + gathered[address]
        else:
            found += [[one] for one in ones]
    return found + [many for many in gathered.values() if many]
