"""Record calls, and count them. The only writer of IncomingCall."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from discipline.incidents import steps
from discipline.incidents.calls.models import CallOutcome, CallVia, IncomingCall
from discipline.incidents.models import Incident, IncidentSource
from discipline.incidents.opening import NewIncident, open_incident
from discipline.incidents.queue.changes import announce
from offices.access.gate import User
from offices.hours.schedule import ZONE, local_day

NOTHING = (CallOutcome.PRANK, CallOutcome.SILENT)  # recorded by one key; no incident is opened


class CallKept(ValueError):
    """A record of a call cannot be withdrawn: it is about an incident, another's, or withdrawn already."""


@dataclass(frozen=True, slots=True)
class CallsToday:
    """How many calls were taken in since midnight, by what they were."""

    incidents: int
    pranks: int
    silent: int


def record_nothing(outcome: CallOutcome, by: User, now: datetime) -> IncomingCall:
    """Record a prank or a silent call, and return the row."""
    assert outcome in NOTHING
    return _write(IncomingCall(outcome=outcome.value), by, now)


def open_from_call(via: CallVia, new: NewIncident, by: User, now: datetime) -> Incident:
    """Open the incident that a call is about, which its operator has acknowledged by that, and record the call."""
    assert new.source is IncidentSource.CALL
    with transaction.atomic():
        incident = open_incident(new, by, now)
        _write(_about(incident, via, new.description), by, now)
    return incident


def add_to_incident(via: CallVia, text: str, incident: Incident, by: User, now: datetime) -> None:
    """Record another call about an incident that is open, with the caller's words as a note of it."""
    with transaction.atomic():
        _write(_about(incident, via, text), by, now)
        words = _("Telepon lain tentang kejadian ini (%(via)s): %(text)s") % {"via": via.label, "text": text}
        steps.add_note(incident, words, by, now)


def withdraw(call: IncomingCall, by: User, now: datetime) -> None:
    """Record that a prank or silence was recorded by mistake. Raises CallKept."""
    if CallOutcome(call.outcome) not in NOTHING or call.by_id != by.pk:
        raise CallKept
    try:
        with transaction.atomic():
            _write(IncomingCall(outcome=CallOutcome.MISTAKE.value, corrects=call), by, now)
    except IntegrityError:
        raise CallKept from None


def counted() -> QuerySet[IncomingCall]:
    """Return the calls without what was recorded by mistake."""
    return IncomingCall.objects.filter(corrects=None, corrected_by=None)


def calls_today(now: datetime) -> CallsToday:
    """Return how many calls were taken in on the local day of `now`. One query."""
    midnight = datetime.combine(local_day(now), time(), tzinfo=ZONE)
    outcomes = list(counted().filter(at__gte=midnight).values_list("outcome", flat=True))
    return CallsToday(*(outcomes.count(one.value) for one in (CallOutcome.INCIDENT, *NOTHING)))


def _about(incident: Incident, via: CallVia, text: str) -> IncomingCall:
    return IncomingCall(outcome=CallOutcome.INCIDENT.value, incident=incident, via=via.value, text=text.strip())


def _write(call: IncomingCall, by: User, now: datetime) -> IncomingCall:
    assert by.pk is not None
    call.at, call.by_id = now, by.pk
    call.save(force_insert=True)
    announce()
    return call
