"""End the reports whose incident has ended, so that each of its reporters hears of it."""

from datetime import datetime

from django.db.models import F, OuterRef, Subquery
from django.utils import translation
from django.utils.translation import gettext as _

from discipline.complaints import steps
from discipline.complaints.models import Complaint
from discipline.complaints.state_rule import ComplaintState
from discipline.incidents.models import IncidentStep
from discipline.incidents.state_rule import ENDS, IncidentState

A_ROUND = 200
OUTCOMES = {
    IncidentState.CLOSED: ComplaintState.DONE,
    IncidentState.UNFOUNDED: ComplaintState.REJECTED,
    IncidentState.REFERRED: ComplaintState.NOT_OURS,
}


def follow_ended_incidents(now: datetime) -> int:
    """End up to A_ROUND reports that were in hand when their incident ended; return how many.

    Those of a duplicate go on with the other incident. One that was reopened, or joined later, waits for a person.
    """
    newest = IncidentStep.objects.filter(incident=OuterRef("incident")).order_by("-pk")
    handled = [ComplaintState.VERIFIED.value, ComplaintState.IN_HAND.value]
    found = (
        Complaint.objects.filter(state__in=handled, incident__state__in=[state.value for state in ENDS])
        .annotate(incident_ended_at=Subquery(newest.values("at")[:1]))
        .filter(incident_ended_at__gte=F("changed_at"))
        .select_related("incident__duplicate_of")
        .order_by("pk")
    )
    return sum(_follow(complaint, now) for complaint in found[:A_ROUND])


def _follow(complaint: Complaint, now: datetime) -> bool:
    incident = complaint.incident
    assert incident is not None
    step = incident.steps.order_by("-pk").select_related("by").first()
    by = step.by if step else None
    if incident.duplicate_of:
        steps.move_to(complaint, incident.duplicate_of, by, now)
        return False
    with translation.override(complaint.language):
        words = {
            IncidentState.CLOSED: _("Sudah ditangani, dan hasilnya diperiksa orang kedua."),
            IncidentState.UNFOUNDED: _("Petugas sudah memeriksa dan tidak menemukan kejadiannya."),
            IncidentState.REFERRED: _("Kejadiannya di luar wewenang kota."),
        }
        message = words[incident.status]
    return steps.end_with_incident(complaint, OUTCOMES[incident.status], message, by, now)
