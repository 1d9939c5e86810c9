"""Rules of notices: topics, modes, escalation, quiet hours, digests and retries. Pure.

Datetimes are aware; `zone` is the time zone of the times of day that users choose. Access is not decided here:
callers check offices.access.gate before, and again when a message is sent.
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
AGENCY = "agency"
# Usual notices are those of a kelurahan office, about which the camat decides. Over a kecamatan office the camat has
# those of the one who is asked, the mayor those of the one who decides (recipients.Person.roles).
ASKED, DECIDER = LURAH, CAMAT


class Topic(StrEnum):
    """Topics of messages that are not about an alert: code, label, roles notified at once, roles notified by digest.

    Users may choose otherwise.
    """

    INCIDENT = "incident", _("Gangguan sistem"), (MAYOR, OPERATOR)
    # Explanations and decisions about an indication.
    DECISION = "decision", _("Penjelasan dan keputusan"), (LURAH, CAMAT)
    REMINDER = "reminder", _("Tenggat penjelasan"), (LURAH, CAMAT)
    # Findings of spot checks.
    FINDING = "finding", _("Temuan inspeksi"), (LURAH, CAMAT, OPERATOR), (MAYOR, INSPECTOR)
    # A monthly report was signed and sent, or changed after that.
    MONTH = "month", _("Tanda tangan laporan bulanan"), (CAMAT,), (MAYOR, INSPECTOR)
    # An agency or a kelurahan is asked to do something about an incident, or a deadline of that comes or passes.
    TASK = "task", _("Tugas lapangan"), (AGENCY, LURAH, CAMAT, OPERATOR, MAYOR)
    # A chief of the control room has not signed the handover of the shift before.
    HANDOVER = "handover", _("Serah terima ruang kendali"), (MAYOR,)
    # Nobody has taken an item of the control room's queue in time.
    QUEUE = "queue", _("Antrean ruang kendali"), (OPERATOR,)
    DAILY = "daily", _("Laporan harian ruang kendali"), (MAYOR,)
    # Residents' reports are late or due today.
    COMPLAINT = "complaint", _("Tenggat laporan warga"), (OPERATOR, INSPECTOR)
    TEST = "test", _("Percobaan")  # always sent: the recipient asked for it

    _value_: str
    label: Any
    notify_now: tuple[str, ...]
    notify_in_digest: tuple[str, ...]

    # The defaults are for mypy, which takes a lookup by value, Topic("month"), for a call of this.
    def __new__(cls, code: str, label: Any = "", now: tuple[str, ...] = (), in_digest: tuple[str, ...] = ()) -> Self:
        """Create the member: `now` and `in_digest` are roles."""
        member = str.__new__(cls, code)
        member._value_, member.label, member.notify_now, member.notify_in_digest = code, label, now, in_digest
        return member


class Mode(StrEnum):
    """How a user is notified of a topic."""

    NOW = "now"
    DIGEST = "digest"
    OFF = "off"


AnyTopic = AlertKind | Topic
TOPICS: Mapping[str, AnyTopic] = {topic.value: topic for topic in (*AlertKind, *Topic)}
SELECTABLE_TOPICS = tuple(topic for topic in TOPICS.values() if topic is not Topic.TEST)  # users choose modes for these
MODES_BY_URGENCY = (Mode.NOW, Mode.DIGEST, Mode.OFF)
FEW = 3  # up to so many messages to one address are sent one by one, more as a single message
BACKOFF_S = (10, 30, 120, 600, 1800, 3600, 7200, 14400)
LONGEST_ASKED_S = 3600.0  # cap of a Retry-After


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day to another, past midnight when `end` is earlier. Raises ValueError when they are equal."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError("quiet hours with equal start and end are ambiguous: no hours, or all")

    def holds(self, at: time) -> bool:
        """Return whether the time of day lies in the quiet hours; `end` does not."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


NIGHT = QuietHours(time(21), time(6))
NOON_AND_CLOSING = (time(12), time(16, 30))


@dataclass(frozen=True, slots=True)
class NoticePreferences:
    """One user's choices; the defaults hold for users who have made none.

    - `modes`: by value of the topic; a missing topic has the usual mode of the user's roles.
    - `min_minutes`: notify of an accusation after so many minutes of absence, instead of after the escalation's delay.
    - `quiet`: None for no quiet hours.
    - `digest_at`: at least one time of day.
    """

    modes: Mapping[str, Mode] = field(default_factory=dict)
    min_minutes: int | None = None
    quiet: QuietHours | None = NIGHT
    digest_at: tuple[time, ...] = NOON_AND_CLOSING


def default_preferences(roles: Iterable[str]) -> NoticePreferences:
    """Return the preferences of a user with these roles who has chosen none. Agencies are on duty at night."""
    return NoticePreferences(quiet=None) if AGENCY in roles else NoticePreferences()


@dataclass(frozen=True, slots=True)
class EscalationDelays:
    """Escalation: minutes from an indication until each role is notified, if it is still unanswered then."""

    lurah: int = 0
    camat: int = 15
    mayor: int = 60

    def wait(self, roles: Iterable[str]) -> timedelta:
        """Return the shortest delay of the roles: none for operators, the mayor's for inspectors."""
        minutes = {LURAH: self.lurah, CAMAT: self.camat, MAYOR: self.mayor, OPERATOR: 0, INSPECTOR: self.mayor}
        return timedelta(minutes=min(minutes.get(role, 0) for role in roles))


@dataclass(frozen=True, slots=True)
class NoticeEvent:
    """An event to notify users of. It began at `since` and fell due at `raised_at`; `ended_at` None: it still lasts."""

    kind: AnyTopic
    since: datetime
    raised_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueNotice:
    """When to notify one user. `gathered`: in one message with everything else that is due then."""

    at: datetime
    gathered: bool = False


def mode_for(kind: AnyTopic, roles: Iterable[str], wish: NoticePreferences) -> Mode:
    """Return the user's choice, or else the most urgent of the usual modes of the roles."""
    if kind is Topic.TEST:
        return Mode.NOW
    if kind in wish.modes:
        return Mode(wish.modes[kind])
    return min((usual(kind, role) for role in roles), key=MODES_BY_URGENCY.index, default=Mode.OFF)


def usual(kind: AnyTopic, role: str) -> Mode:
    """Return the mode for holders of this role who have not chosen one."""
    if role in kind.notify_now:
        return Mode.NOW
    return Mode.DIGEST if role in kind.notify_in_digest else Mode.OFF


def due_notice(
    occasion: NoticeEvent, roles: frozenset[str], wish: NoticePreferences, steps: EscalationDelays, zone: tzinfo
) -> DueNotice | None:
    """Return when to notify a user who holds these roles (at least one); None for never."""
    mode = mode_for(occasion.kind, roles, wish)
    if mode is Mode.OFF:
        return None
    at = occasion.raised_at
    if occasion.kind in ACCUSATIONS:
        if wish.min_minutes is not None:
            at = max(at, occasion.since + timedelta(minutes=wish.min_minutes))
            if occasion.ended_at and occasion.since + timedelta(minutes=wish.min_minutes) > occasion.ended_at:
                return None
        elif mode is Mode.NOW:
            at += steps.wait(roles)
    if mode is Mode.DIGEST:
        return DueNotice(next_digest(at, wish.digest_at, zone), gathered=True)
    allowed_at = after_quiet(at, wish.quiet, zone)
    return DueNotice(allowed_at, gathered=allowed_at > at)


def postponed(
    kind: AnyTopic, roles: Iterable[str], wish: NoticePreferences, now: datetime, zone: tzinfo
) -> DueNotice | None:
    """Return when to send a message that is about to be sent by itself, if that should wait; None to send it now.

    It must wait when its alert became another kind, a retry falls into quiet hours, or the preferences have changed.
    """
    if kind is Topic.TEST:
        return None
    if mode_for(kind, roles, wish) is Mode.DIGEST:
        return DueNotice(next_digest(now, wish.digest_at, zone), gathered=True)
    allowed_at = after_quiet(now, wish.quiet, zone)
    return DueNotice(allowed_at, gathered=True) if allowed_at > now else None


def after_quiet(at: datetime, quiet: QuietHours | None, zone: tzinfo) -> datetime:
    """Return `at`, or the end of the quiet hours that it falls into."""
    local = at.astimezone(zone)
    if quiet is None or not quiet.holds(local.time()):
        return at
    return _next(local, quiet.end)


def next_digest(at: datetime, hours: Iterable[time], zone: tzinfo) -> datetime:
    """Return the first of these times of day at or after `at`."""
    local = at.astimezone(zone)
    return min(_next(local, hour) for hour in hours)


def _next(local: datetime, hour: time) -> datetime:
    then = datetime.combine(local.date(), hour, tzinfo=local.tzinfo)
    return then if then >= local else datetime.combine(local.date() + timedelta(days=1), hour, tzinfo=local.tzinfo)


def retry_delay(tries: int, asked_s: float | None = None) -> timedelta | None:
    """Return how long to wait after `tries` failures, or None to give up.

    `asked_s` is the Retry-After in seconds: a minimum, capped at LONGEST_ASKED_S.
    """
    if tries > len(BACKOFF_S):
        return None
    return timedelta(seconds=max(BACKOFF_S[max(tries, 1) - 1], min(asked_s or 0.0, LONGEST_ASKED_S)))


Item = TypeVar("Item")


def bundle_items(items: Iterable[tuple[Item, Hashable, bool]]) -> list[list[Item]]:
    """Group (item, address, gathered) into messages, each a list of items for one address.

    Items that are not gathered go one by one, unless there are more than FEW for an address.
    """
    alone: dict[Hashable, list[Item]] = defaultdict(list)
    gathered: dict[Hashable, list[Item]] = defaultdict(list)
    for item, address, together in items:
        (gathered if together else alone)[address].append(item)
    bundles = []
    for address, singles in alone.items():
        if len(singles) > FEW:
            gathered[address] = singles + gathered[address]
        else:
            bundles += [[single] for single in singles]
    return bundles + [many for many in gathered.values() if many]
