"""The operations for incidents, tasks of agencies and residents' reports.

ninja publishes an operation's docstring when it has no `description`; those operations have none.
"""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Body, HeaderEx, P, Query, Router, Status

from discipline.api.access.models import ApiRight
from discipline.api.v1 import parameters
from discipline.api.v1.city import payloads, queries, reach, schemas
from discipline.api.v1.city.opening import open_sent
from discipline.api.v1.city.payloads import CityPayload
from discipline.api.v1.cursors import ListingOrder
from discipline.api.v1.parameters import PagePayload, areas_filter, days_filter
from discipline.api.v1.problems import not_found
from discipline.api.v1.schemas import Page
from discipline.incidents.finding import LOADED
from discipline.incidents.models import Incident
from discipline.incidents.state_rule import ENDS

router = Router()
INCIDENTS = ListingOrder("kejadian", (("opened_at", datetime), ("pk", int)), newest_first=True)
TASKS = ListingOrder("tugas", (("asked_at", datetime), ("pk", int)), newest_first=True)
COMPLAINTS = ListingOrder("laporan-warga", (("created_at", datetime), ("pk", int)), newest_first=True)
ENDED = [state.value for state in ENDS]
MAY_READ, MAY_OPEN = ApiRight.INCIDENTS, ApiRight.OPEN_INCIDENTS


@router.get(
    "/kejadian",
    response=Page[schemas.Incident],
    url_name="api-incidents",
    operation_id="discipline_api_city_incidents",
    summary=_("Kejadian, yang terbaru lebih dulu"),
    description=_("Seluruh kota, atau yang tugasnya diminta dari wilayah dan instansi token ini."),
)
def incidents(request: HttpRequest, wanted: Query[queries.OfIncidents]) -> PagePayload[CityPayload]:
    """Return a page of incidents in scope, newest first."""
    parameters.check_day_order(wanted)
    scope = parameters.scope_for(request, MAY_READ)
    rows = reach.incidents_for(parameters.caller_of(request).client, scope)
    rows = rows.filter(days_filter("opened_at", wanted), areas_filter("near", wanted))
    if wanted.jenis:
        rows = rows.filter(kind__code=wanted.jenis)
    if wanted.keadaan:
        rows = rows.filter(state=wanted.keadaan)
    if wanted.terbuka:
        rows = rows.exclude(state__in=ENDED) if wanted.terbuka == "ya" else rows.filter(state__in=ENDED)
    page, next_cursor = INCIDENTS.page(rows, wanted.cursor, wanted.batas)
    return parameters.page_payload([payloads.incident_payload(row) for row in page], next_cursor)


@router.post(
    "/kejadian",
    response={201: schemas.OneIncident, 200: schemas.OneIncident},
    url_name="api-incidents",
    operation_id="discipline_api_city_open_incident",
    summary=_("Membuka kejadian"),
    description=_(
        "Ruang kendali menerimanya sebagai kejadian baru dari sistem lain. Dengan Idempotency-Key yang sama kejadian "
        "yang sama dijawab lagi dengan 200."
    ),
)
def open_incident(
    request: HttpRequest,
    new: Body[schemas.IncidentIn],
    key: HeaderEx[str, P(alias="Idempotency-Key", min_length=1, max_length=200)],
) -> Status[CityPayload]:
    """Open an incident, or return the one of this key."""
    parameters.scope_for(request, MAY_OPEN)
    incident, created = open_sent(parameters.caller_of(request), new, key, timezone.now())
    loaded = Incident.objects.select_related(*LOADED).get(pk=incident.pk)
    return Status(201 if created else 200, payloads.incident_payload(loaded))


@router.get(
    "/kejadian/{id}",
    response=schemas.OneIncident,
    url_name="api-incident",
    operation_id="discipline_api_city_incident",
    summary=_("Satu kejadian"),
)
def incident(request: HttpRequest, id: queries.IncidentNumber) -> CityPayload:
    scope = parameters.scope_for(request, MAY_READ)
    row = reach.incidents_for(parameters.caller_of(request).client, scope).filter(pk=id).first()
    if row is None:
        raise not_found()
    return payloads.incident_payload(row)


@router.get(
    "/tugas",
    response=Page[schemas.AgencyTask],
    url_name="api-tasks",
    operation_id="discipline_api_city_tasks",
    summary=_("Tugas instansi, yang terbaru lebih dulu"),
)
def tasks(request: HttpRequest, wanted: Query[queries.OfTasks]) -> PagePayload[CityPayload]:
    parameters.check_day_order(wanted)
    rows = reach.tasks_for(parameters.scope_for(request, MAY_READ))
    rows = rows.filter(days_filter("asked_at", wanted), areas_filter("kelurahan", wanted))
    if wanted.keadaan:
        rows = rows.filter(state=wanted.keadaan)
    if wanted.instansi:
        rows = rows.filter(agency__code=wanted.instansi)
    if wanted.kejadian:
        rows = rows.filter(incident=wanted.kejadian)
    page, next_cursor = TASKS.page(rows, wanted.cursor, wanted.batas)
    return parameters.page_payload([payloads.task_payload(row) for row in page], next_cursor)


@router.get(
    "/tugas/{id}",
    response=schemas.OneTask,
    url_name="api-task",
    operation_id="discipline_api_city_task",
    summary=_("Satu tugas"),
)
def task(request: HttpRequest, id: queries.TaskNumber) -> CityPayload:
    row = reach.tasks_for(parameters.scope_for(request, MAY_READ)).filter(pk=id).first()
    if row is None:
        raise not_found()
    return payloads.task_payload(row)


@router.get(
    "/laporan-warga",
    response=Page[schemas.Complaint],
    url_name="api-complaints",
    operation_id="discipline_api_city_complaints",
    summary=_("Laporan warga, yang terbaru lebih dulu"),
    description=_("Yang sudah dikonfirmasi pelapor dan tidak rahasia. Pelapor tidak pernah disebut."),
)
def complaints(request: HttpRequest, wanted: Query[queries.OfComplaints]) -> PagePayload[CityPayload]:
    """Return a page of reports in scope, newest first."""
    parameters.check_day_order(wanted)
    rows = reach.complaints_for(parameters.scope_for(request, ApiRight.COMPLAINTS))
    rows = rows.filter(days_filter("created_at", wanted), areas_filter("place__kelurahan", wanted))
    if wanted.jenis:
        rows = rows.filter(kind__code=wanted.jenis)
    if wanted.keadaan:
        rows = rows.filter(state=wanted.keadaan)
    page, next_cursor = COMPLAINTS.page(rows, wanted.cursor, wanted.batas)
    return parameters.page_payload([payloads.complaint_payload(row) for row in page], next_cursor)


@router.get(
    "/laporan-warga/{id}",
    response=schemas.OneComplaint,
    url_name="api-complaint",
    operation_id="discipline_api_city_complaint",
    summary=_("Satu laporan warga"),
)
def complaint(request: HttpRequest, id: queries.ComplaintNumber) -> CityPayload:
    row = reach.complaints_for(parameters.scope_for(request, ApiRight.COMPLAINTS)).filter(pk=id).first()
    if row is None:
        raise not_found()
    return payloads.complaint_payload(row)
