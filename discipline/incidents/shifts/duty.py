"""Who is on duty now, which handovers wait for a signature, and the log book."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from discipline.core.wording import name_of
from discipline.incidents.shifts.models import Handover, LogEntry, Shift, ShiftMember
from discipline.incidents.shifts.shift_rule import unsigned_too_long


@dataclass(slots=True)
class Duty:
    """The open shift, if any, and who is on duty in it; unsigned: handovers that nobody has signed, the newest first.

    overdue: the oldest of them, if it should be signed by now.
    """

    shift: Shift | None = None
    members: list[ShiftMember] = field(default_factory=list)
    unsigned: list[Handover] = field(default_factory=list)
    overdue: Handover | None = None

    @property
    def chief(self) -> str:
        """The name of the shift's chief."""
        return name_of(self.shift.chief) if self.shift else ""

    @property
    def by_agency(self) -> list[tuple[str, list[ShiftMember]]]:
        """Who is on duty, by the name of the agency; those of none first."""
        return by_agency(self.members)

    def member(self, user: int | None) -> ShiftMember | None:
        """Return the user's (id) own row, None for who is not on duty."""
        return next((one for one in self.members if one.user_id == user), None)


def by_agency(members: Iterable[ShiftMember]) -> list[tuple[str, list[ShiftMember]]]:
    """Return the members by the name of the agency; those of none first."""
    found: dict[str, list[ShiftMember]] = {}
    for one in sorted(members, key=lambda one: (one.agency is not None, str(one.agency or ""))):
        found.setdefault(one.agency.name if one.agency else _("Ruang kendali"), []).append(one)
    return list(found.items())


def duty_now(now: datetime) -> Duty:
    """Return it. At most three queries."""
    shift = Shift.objects.filter(ended_at=None).select_related("chief").first()
    members = list(shift.members.filter(until=None).select_related("user", "agency")) if shift else []
    unsigned = list(Handover.objects.filter(signature=None).select_related("shift__chief", "by").defer("snapshot"))
    overdue = unsigned[-1] if unsigned and unsigned_too_long(unsigned[-1].made_at, now) else None
    return Duty(shift, members, unsigned, overdue)


def handovers() -> QuerySet[Handover]:
    """Return the handovers, the newest first, without their sheets."""
    return Handover.objects.select_related("shift", "by", "signature__signed_by").defer("snapshot")


def log_entries(words: str) -> QuerySet[LogEntry]:
    """Return the entries of the log book that have all the words in their text or their author's name."""
    rows = LogEntry.objects.select_related("by", "shift")
    for word in words.split():
        rows = rows.filter(
            Q(text__icontains=word)
            | Q(by__username__icontains=word)
            | Q(by__first_name__icontains=word)
            | Q(by__last_name__icontains=word)
        )
    return rows
