"""Change who is asked about what. The only writer of IncidentType, AgencyDuty, AgencyArea and ResponseTime.

Each function first returns the lines that tell what would change, and stores it only when they were shown: `shown` is
what the person saw. So nobody confirms what another has changed meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from discipline.incidents.dispatch.models import AgencyArea, DispatchChange
from discipline.incidents.dispatch.wanted import AgencyWanted, KindWanted, LimitWanted
from discipline.incidents.dispatch.wording import agency_lines, kind_lines, limit_lines
from discipline.incidents.models import IncidentType
from discipline.incidents.tasks.models import AgencyDuty, ResponseTime
from offices.access.gate import User
from offices.hours.schedule import local_day
from offices.places.models import Agency, Kelurahan


class DispatchRefused(ValueError):
    """A change is not possible. The argument says why."""

    PAST = "past"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What differs, in lines, and whether it was stored."""

    lines: list[str]
    saved: bool = False

    @property
    def text(self) -> str:
        """The lines as one text, which a page sends back to confirm."""
        return "\n".join(self.lines)


def add_kind(code: str, wanted: KindWanted, shown: str, by: User, now: datetime) -> Outcome:
    """Add a type of incident. Its code must be free."""
    outcome = Outcome(kind_lines(None, wanted))
    if outcome.text != shown:
        return outcome
    with transaction.atomic():
        last = IncidentType.objects.order_by("-position").values_list("position", flat=True).first() or 0
        _store_kind(IncidentType(code=code, position=last + 1), wanted)
        _log(f"type:{code}", outcome, by, now)
    return Outcome(outcome.lines, True)


def change_kind(kind: IncidentType, wanted: KindWanted, shown: str, by: User, now: datetime) -> Outcome:
    """Change a type of incident. Incidents that were opened keep their priority."""
    with transaction.atomic():
        locked = IncidentType.objects.select_for_update().get(pk=kind.pk)
        outcome = Outcome(kind_lines(KindWanted.stored(locked), wanted))
        if not outcome.lines or outcome.text != shown:
            return outcome
        _store_kind(locked, wanted)
        _log(f"type:{kind.code}", outcome, by, now)
    return Outcome(outcome.lines, True)


def change_agency(agency: Agency, wanted: AgencyWanted, shown: str, by: User, now: datetime) -> Outcome:
    """Change an agency's duty telephone, areas and types."""
    with transaction.atomic():
        locked = Agency.objects.select_for_update().get(pk=agency.pk)
        outcome = Outcome(agency_lines(AgencyWanted.stored(locked), wanted))
        if not outcome.lines or outcome.text != shown:
            return outcome
        if wanted.phone:
            AgencyDuty.objects.update_or_create(agency=locked, defaults={"phone": wanted.phone})
        else:
            AgencyDuty.objects.filter(agency=locked).delete()
        locked.areas.all().delete()
        AgencyArea.objects.bulk_create(
            AgencyArea(agency=locked, **{"kelurahan" if isinstance(one, Kelurahan) else "kecamatan": one})
            for one in wanted.areas
        )
        for kind in IncidentType.objects.all():
            (kind.agencies.add if kind in wanted.kinds else kind.agencies.remove)(locked)
        _log(f"agency:{agency.code}", outcome, by, now)
    return Outcome(outcome.lines, True)


def write_limit(wanted: LimitWanted, shown: str, by: User, now: datetime) -> Outcome:
    """Add a row of time limits. Tasks that were asked before keep theirs. Raises DispatchRefused for a past day."""
    if wanted.since < local_day(now):
        raise DispatchRefused(DispatchRefused.PAST)
    before = ResponseTime.minutes_for(wanted.kind, wanted.priority, wanted.since)
    outcome = Outcome(limit_lines(before, wanted))
    if not outcome.lines or outcome.text != shown:
        return outcome
    minutes = wanted.minutes
    ResponseTime.objects.create(
        kind=wanted.kind,
        priority=wanted.priority,
        since=wanted.since,
        acknowledge=minutes.acknowledge,
        arrive=minutes.arrive,
        finish=minutes.finish,
        by_id=by.pk,
        written_at=now,
    )
    return Outcome(outcome.lines, True)


def _store_kind(kind: IncidentType, wanted: KindWanted) -> None:
    kind.name, kind.priority, kind.active = wanted.name, wanted.priority, wanted.active
    kind.radius_m, kind.window_min, kind.by_kelurahan = wanted.radius_m, wanted.window_min, wanted.by_kelurahan
    kind.save()
    kind.agencies.set(wanted.agencies)


def _log(about: str, outcome: Outcome, by: User, now: datetime) -> None:
    assert by.pk is not None
    DispatchChange.objects.create(about=about, at=now, by_id=by.pk, text=outcome.text)
