"""Which version of a procedure holds for an incident, and what of it was done."""

from dataclasses import dataclass
from datetime import datetime

from discipline.core.wording import name_of
from discipline.incidents.models import Incident
from discipline.incidents.procedures.lines_rule import LinePart, parts_of
from discipline.incidents.procedures.models import Procedure
from discipline.incidents.shifts.models import Shift
from offices.access.gate import User, scope_of


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A line of a checklist. at, who: when it was ticked and by whom; None and "" while it is not."""

    number: int
    parts: list[LinePart]
    at: datetime | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """The procedure of an incident with what was done of it."""

    procedure: Procedure
    lines: list[CheckLine]

    @property
    def done(self) -> int:
        """How many lines were ticked."""
        return sum(line.at is not None for line in self.lines)


def in_force(incident: Incident) -> Procedure | None:
    """Return the version that was in force when the incident was opened; for an older one the first; None for none."""
    versions = Procedure.objects.filter(kind=incident.kind_id)
    return versions.filter(since__lte=incident.opened_at).first() or versions.last()


def checklist_of(incident: Incident) -> Checklist | None:
    """Return the checklist of an incident. At most three queries."""
    procedure = in_force(incident)
    if procedure is None:
        return None
    ticks = {one.line: one for one in incident.procedure_ticks.filter(procedure=procedure).select_related("by")}
    lines = []
    for number, line in enumerate(procedure.lines):
        tick = ticks.get(number)
        lines.append(CheckLine(number, parts_of(line), tick.at if tick else None, name_of(tick.by) if tick else ""))
    return Checklist(procedure, lines)


def may_write(user: User) -> bool:
    """Return whether the user writes procedures: the chief of the open shift, and the administration."""
    if not scope_of(user).operates:
        return False
    if getattr(user, "is_superuser", False):
        return True
    return Shift.objects.filter(ended_at=None, chief_id=user.pk).exists()
