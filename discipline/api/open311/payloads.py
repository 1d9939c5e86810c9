"""Kinds of reports, and reports that the public may read, as the fields of GeoReport v2."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from discipline.api.open311.formats import MEDIA_TYPES, Value
from discipline.api.open311.queries import CLOSED, OPEN, RequestFilter
from discipline.complaints.finding import ENDED, PIN_DECIMALS, due_of, published
from discipline.complaints.models import Complaint, ComplaintKind, ComplaintStep
from discipline.complaints.photos.models import ComplaintPhoto
from discipline.complaints.state_rule import ComplaintEvent
from discipline.core import provenance
from discipline.incidents.tasks.models import Task
from discipline.incidents.tasks.state_rule import TaskState
from offices.accounts.link_mails import mail_is_set_up
from offices.places.models import Kelurahan, Place

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
FIRST_CHANGESET = datetime(2026, 11, 30, tzinfo=UTC)
OFFICE, HAPPENED_AT = "office", "happened_at"  # codes of attributes
ANSWERS = (ComplaintEvent.STATE.value, ComplaintEvent.ANSWER.value)


def discovery(root: str) -> Mapping[str, Value]:
    """Return the document by which clients find the API. root: its whole address, without a slash at its end."""
    changed = _changeset()
    contact = str(settings.HELP_CONTACT) or site()
    return {
        "changeset": changed,
        "contact": contact,
        "key_service": _("Operator Dinas Kominfo memberi token untuk mengirim laporan: %(contact)s")
        % {"contact": contact},
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": root,
                "changeset": changed,
                "type": "test" if provenance.current_history() else "production",
                "formats": [kind.partition(";")[0] for kind in MEDIA_TYPES.values()],
            }
        ],
    }


def site() -> str:
    """Return the address of this site, without a slash at its end."""
    return str(settings.SITE_URL).rstrip("/")


def known_kinds() -> QuerySet[ComplaintKind]:
    """Return the kinds that public reports may be of, former ones too: not those about staff and corruption."""
    return ComplaintKind.objects.filter(private=False).select_related("incident_kind")


def offered() -> QuerySet[ComplaintKind]:
    """Return the kinds of reports that others may pass on."""
    return known_kinds().filter(active=True)


def service(kind: ComplaintKind) -> Mapping[str, Value]:
    """Return a line of the list of services."""
    asked = _("Sertakan email: petugas membaca laporan setelah ditegaskan lewat tautan di surel.")
    return {
        "service_code": kind.code,
        "service_name": kind.name,
        "description": f"{kind.name}. {asked}" if mail_is_set_up() else kind.name,
        "metadata": kind.about_counter,
        "type": "batch" if mail_is_set_up() else "realtime",
        "keywords": kind.code,
        "group": kind.incident_kind.name if kind.incident_kind else kind.name,
    }


def definition(kind: ComplaintKind) -> Mapping[str, Value]:
    """Return what is asked for besides: of a report about a counter its office, and when it was."""
    return {"service_code": kind.code, "attributes": _attributes() if kind.about_counter else []}


def _attributes() -> list[Value]:
    office: dict[str, Value] = {
        "variable": True,
        "code": OFFICE,
        "datatype": "singlevaluelist",
        "required": True,
        "datatype_description": _("Kode Kemendagri."),
        "order": 1,
        "description": _("Kantor"),
        "values": _offices(),
    }
    moment: dict[str, Value] = {
        "variable": True,
        "code": HAPPENED_AT,
        "datatype": "datetime",
        "required": True,
        "datatype_description": "2026-11-23T02:00:00Z",
        "order": 2,
        "description": _("Kapan"),
        "values": [],
    }
    return [office, moment]


def _offices() -> list[Value]:
    found: list[Value] = []
    camats: set[int] = set()
    for one in Kelurahan.objects.select_related("kecamatan"):
        if one.kecamatan_id not in camats:
            camats.add(one.kecamatan_id)
            found.append({"key": one.kecamatan.code, "name": f"Kantor Camat {one.kecamatan.name}"})
        found.append({"key": one.code, "name": f"{one.office_title}, {one.kecamatan.name}"})
    return found


def chosen(wanted: RequestFilter) -> QuerySet[Complaint]:
    """Return the page of public reports that is wanted, the newest first."""
    found = loaded(published())
    if wanted.ids is not None:
        found = found.filter(pk__in=wanted.ids)
    else:
        found = found.filter(created_at__range=(wanted.since, wanted.until))
        if wanted.codes is not None:
            found = found.filter(kind__code__in=wanted.codes)
        statuses = wanted.statuses or frozenset({OPEN, CLOSED})
        if CLOSED not in statuses:
            found = found.exclude(state__in=ENDED)
        elif OPEN not in statuses:
            found = found.filter(state__in=ENDED)
    first = (wanted.page - 1) * wanted.page_size
    return found.order_by("-created_at", "-pk")[first : first + wanted.page_size]


def loaded(found: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Load what `request` reads, in a few queries for all."""
    dropped = [state.value for state in TaskState if state.dropped]
    tasks = Task.objects.exclude(state__in=dropped).select_related("agency", "kelurahan")
    return found.prefetch_related(
        Prefetch("steps", ComplaintStep.objects.filter(what__in=ANSWERS), "answers"),
        Prefetch("photos", ComplaintPhoto.objects.filter(public=True).order_by("pk"), "shown"),
        Prefetch("incident__tasks", tasks, "counted"),
    )


def request(complaint: Complaint) -> Mapping[str, Value]:
    """Return a report as the public may read it. Needs it from `loaded`."""
    place = complaint.place
    photos: list[ComplaintPhoto] = complaint.shown  # type: ignore[attr-defined]  # by loaded
    photo = site() + reverse("aspiration-photo", args=[photos[0].pk]) if photos else None
    return {
        "service_request_id": complaint.number,
        "status": CLOSED if complaint.status.ended else OPEN,
        "status_notes": _notes(complaint),
        "service_name": complaint.kind.name,
        "service_code": complaint.kind.code,
        "description": complaint.public_text,
        "agency_responsible": ", ".join(sorted({task.who for task in _tasks(complaint)})) or None,
        "service_notice": None,
        "requested_datetime": moment(complaint.created_at),
        "updated_datetime": moment(updated(complaint)),
        "expected_datetime": moment(expected(complaint)),
        "address": place.name if place else complaint.public_address or None,
        "address_id": _office_code(place),
        "zipcode": None,
        "lat": round(complaint.latitude, PIN_DECIMALS),
        "long": round(complaint.longitude, PIN_DECIMALS),
        "media_url": photo,
    }


def updated(complaint: Complaint) -> datetime:
    """Return when its state or what was last written to the resident changed; of a closed one, when it was closed."""
    answers: list[ComplaintStep] = complaint.answers  # type: ignore[attr-defined]  # by loaded
    if complaint.status.ended:
        return complaint.changed_at
    return max([complaint.changed_at, *(step.at for step in answers)])


def expected(complaint: Complaint) -> datetime | None:
    """Return when something is to be done: the last deadline of the agencies that were asked, or else the city's own.

    None after its end, and while it is in hand without a deadline.
    """
    if complaint.status.ended:
        return None
    waiting = [task.finish_by for task in _tasks(complaint) if task.status.waits]
    return max(waiting) if waiting else due_of(complaint)


def moment(at: datetime | None) -> str | None:
    """Return a moment in the W3C's format, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def _tasks(complaint: Complaint) -> list[Task]:
    return complaint.incident.counted if complaint.incident else []  # type: ignore[attr-defined]  # by loaded


def _notes(complaint: Complaint) -> str:
    """Return the state in words, with what was last written to the resident."""
    answers: list[ComplaintStep] = complaint.answers  # type: ignore[attr-defined]  # by loaded
    newest = next((step.message for step in reversed(answers) if step.message), "")
    return "\n".join(filter(None, [str(complaint.get_state_display()), newest]))


def _office_code(place: Place | None) -> str | None:
    office = (place.kelurahan or place.kecamatan) if place else None
    return office.code if office else None


def _changeset() -> str:
    """Return when an operator last changed the kinds of reports."""
    kinds = ContentType.objects.get_for_model(ComplaintKind)
    newest = LogEntry.objects.filter(content_type=kinds).order_by("-action_time").first()
    return (newest.action_time if newest else FIRST_CHANGESET).astimezone(UTC).strftime("%Y-%m-%d %H:%M")
