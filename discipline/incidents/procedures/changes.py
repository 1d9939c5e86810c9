"""Write versions of procedures, and tick their lines. The only writer of both."""

from datetime import date, datetime, time

from django.db import transaction

from discipline.incidents.models import Incident, IncidentType
from discipline.incidents.procedures.finding import in_force
from discipline.incidents.procedures.lines_rule import LONGEST_LINE, MOST_LINES, lines_of
from discipline.incidents.procedures.models import Procedure, ProcedureTick
from discipline.incidents.queue.changes import announce
from offices.access.gate import User
from offices.hours.schedule import ZONE, local_day


class ProcedureRefused(ValueError):
    """A version or tick is not possible. The argument says why."""

    EMPTY, LINES, LONG, PAST, LINE = "empty", "lines", "long", "past", "line"


def write_version(kind: IncidentType, text: str, day: date, by: User, now: datetime) -> Procedure:
    """Store a new version, in force from `now` or from the midnight that begins a later local day; return it.

    Raises ProcedureRefused.
    """
    lines = lines_of(text)
    if not lines:
        raise ProcedureRefused(ProcedureRefused.EMPTY)
    if len(lines) > MOST_LINES:
        raise ProcedureRefused(ProcedureRefused.LINES)
    if any(len(line) > LONGEST_LINE for line in lines):
        raise ProcedureRefused(ProcedureRefused.LONG)
    if day < local_day(now):
        raise ProcedureRefused(ProcedureRefused.PAST)
    since = max(now, datetime.combine(day, time(), tzinfo=ZONE))
    return Procedure.objects.create(kind=kind, since=since, written_at=now, by_id=by.pk, text="\n".join(lines))


def tick(incident: Incident, line: int, by: User, now: datetime) -> None:
    """Record that a line of the incident's procedure was done. Ticking it again changes nothing.

    Raises ProcedureRefused for a line that it does not have, or once the incident has ended.
    """
    assert by.pk is not None
    procedure = in_force(incident)
    if incident.status.ended or procedure is None or not 0 <= line < len(procedure.lines):
        raise ProcedureRefused(ProcedureRefused.LINE)
    with transaction.atomic():
        ProcedureTick.objects.get_or_create(
            incident=incident, procedure=procedure, line=line, defaults={"at": now, "by_id": by.pk}
        )
        announce()
