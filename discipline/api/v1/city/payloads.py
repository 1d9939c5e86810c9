"""Incidents, tasks and residents' reports as the JSON values of schemas.py. `demo` is added by the callers.

None has free text of people but the title of an incident and what the public reads of a report: descriptions,
instructions and messages may name somebody.
"""

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse

from discipline.api.v1.payloads import place_payload
from discipline.complaints.finding import PIN_DECIMALS, due_of
from discipline.complaints.models import Complaint, ComplaintKind
from discipline.incidents.models import Incident, IncidentType
from discipline.incidents.tasks.models import Task
from offices.places.models import Agency

CityPayload = dict[str, object]


def incident_payload(row: Incident) -> CityPayload:
    """Return a schemas.Incident. Needs the rows of incidents.finding.LOADED."""
    return {
        "id": row.pk,
        "number": row.number,
        "kind": _named(row.kind),
        "title": row.title,
        "priority": row.priority,
        "state": row.state,
        "ended": row.status.ended,
        "source": row.source,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "place": row.place.name if row.place else None,
        "kelurahan": place_payload(row.near) if row.near else None,
        "kecamatan": place_payload(row.near.kecamatan) if row.near else None,
        "happened_at": row.happened_at,
        "opened_at": row.opened_at,
        "changed_at": row.changed_at,
        "duplicate_of": row.duplicate_of_id,
        "part_of": row.part_of_id,
        "url": _page("city-incident", row.pk),
    }


def task_payload(row: Task) -> CityPayload:
    """Return a schemas.AgencyTask. Needs incident, its kind, agency and kelurahan loaded."""
    return {
        "id": row.pk,
        "incident": row.incident_id,
        "kind": _named(row.incident.kind),
        "priority": row.incident.priority,
        "agency": _named(row.agency) if row.agency else None,
        "kelurahan": place_payload(row.kelurahan) if row.kelurahan else None,
        "state": row.state,
        "asked_at": row.asked_at,
        "acknowledge_by": row.acknowledge_by,
        "arrive_by": row.arrive_by,
        "finish_by": row.finish_by,
        "due": row.due,
        "url": _page("task", row.pk),
    }


def complaint_payload(row: Complaint) -> CityPayload:
    """Return a schemas.Complaint. Needs the rows of complaints.finding.LOADED."""
    office = row.place.kelurahan if row.place else None
    return {
        "id": row.pk,
        "number": row.number,
        "kind": _named(row.kind),
        "state": row.state,
        "ended": row.status.ended,
        "created_at": row.created_at,
        "opened_at": row.opened_at,
        "changed_at": row.changed_at,
        "happened_at": row.happened_at,
        "due": due_of(row),
        "text": row.public_text or None,
        "latitude": round(row.latitude, PIN_DECIMALS),
        "longitude": round(row.longitude, PIN_DECIMALS),
        "place": row.place.name if row.place else None,
        "kelurahan": place_payload(office) if office else None,
        "seen": row.outcome or None,
        "incident": row.incident_id,
        "duplicate_of": row.duplicate_of_id,
        "url": _page("complaint", row.pk),
    }


def _named(row: IncidentType | ComplaintKind | Agency) -> Mapping[str, str]:
    return {"code": row.code, "name": row.name}


def _page(name: str, pk: int) -> str:
    return str(settings.SITE_URL).rstrip("/") + reverse(name, args=[pk])
