"""The operations for offices, standings and indications, limited to the client's scope.

ninja publishes an operation's docstring when it has no `description`; those operations have none.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from discipline.alerts.models import Alert
from discipline.api.v1 import parameters, payloads, schemas, value_types
from discipline.api.v1 import queries as v1_queries
from discipline.api.v1.cursors import ListingOrder
from discipline.api.v1.parameters import PagePayload
from discipline.api.v1.payloads import ClientPayload, IndicationPayload, OfficePayload, StandingPayload
from discipline.api.v1.problems import not_found
from discipline.staffing.alert_kinds import ACCUSATIONS
from discipline.staffing.models import Standing as StandingRow
from offices.places.models import Agency, Kecamatan, Kelurahan

router = Router()
OFFICES = ListingOrder("kantor", (("code", str),))
STANDINGS = ListingOrder("keadaan", (("counter__kelurahan__code", str), ("pk", int)))
INDICATIONS = ListingOrder("indikasi", (("raised_at", datetime), ("pk", int)), newest_first=True)


@router.get(
    "/klien",
    response=schemas.Client,
    url_name="api-client",
    operation_id="discipline_api_routes_client",
    summary=_("Token ini: lingkup dan batasnya"),
)
def client(request: HttpRequest) -> ClientPayload:
    caller = parameters.caller_of(request)
    kecamatan = Kecamatan.objects.filter(pk__in=caller.scope.kecamatan)
    kelurahan = Kelurahan.objects.filter(pk__in=caller.scope.kelurahan)
    agencies = Agency.objects.filter(pk__in=caller.scope.agencies)
    return {
        "name": caller.client.name,
        "city": caller.client.city,
        "kecamatan": [payloads.place_payload(row) for row in kecamatan],
        "kelurahan": [payloads.place_payload(row) for row in kelurahan],
        "agencies": [{"code": row.code, "name": row.name} for row in agencies],
        "rights": caller.client.rights,
        "per_minute": caller.client.per_minute,
        "expires_at": caller.client.expires_at,
    }


@router.get(
    "/kantor",
    response=schemas.Page[schemas.Office],
    url_name="api-offices",
    operation_id="discipline_api_routes_offices",
    summary=_("Daftar kantor"),
)
def offices(request: HttpRequest, wanted: Query[v1_queries.OfOffices]) -> PagePayload[OfficePayload]:
    rows = Kelurahan.objects.filter(parameters.offices_filter(request, "", wanted.kecamatan))
    rows = rows.select_related("kecamatan").prefetch_related("counters")
    page, next_cursor = OFFICES.page(rows, wanted.cursor, wanted.batas)
    return parameters.page_payload([payloads.office_payload(row) for row in page], next_cursor)


@router.get(
    "/kantor/{kode}",
    response=schemas.OneOffice,
    url_name="api-office",
    operation_id="discipline_api_routes_office",
    summary=_("Satu kantor"),
)
def office(request: HttpRequest, kode: value_types.OfficeCode) -> OfficePayload:
    rows = Kelurahan.objects.select_related("kecamatan").prefetch_related("counters")
    row = rows.filter(parameters.offices_filter(request, "", kelurahan=kode)).first()
    if row is None:
        raise not_found()
    return payloads.office_payload(row)


@router.get(
    "/keadaan",
    response=schemas.Page[schemas.Standing],
    url_name="api-standings",
    operation_id="discipline_api_routes_standings",
    summary=_("Keadaan setiap loket sekarang"),
)
def standings(request: HttpRequest, wanted: Query[v1_queries.OfStandings]) -> PagePayload[StandingPayload]:
    rows = StandingRow.objects.filter(counter__active=True)
    rows = rows.filter(parameters.offices_filter(request, "counter__kelurahan", wanted.kecamatan, wanted.kelurahan))
    if wanted.keadaan:
        rows = rows.filter(state=wanted.keadaan)
    rows = rows.select_related("counter__kelurahan__kecamatan")
    page, next_cursor = STANDINGS.page(rows, wanted.cursor, wanted.batas)
    return parameters.page_payload([payloads.standing_payload(row) for row in page], next_cursor)


@router.get(
    "/indikasi",
    response=schemas.Page[schemas.Indication],
    url_name="api-indications",
    operation_id="discipline_api_routes_indications",
    summary=_("Indikasi, yang terbaru lebih dulu"),
    description=_(
        "Yang digantikan oleh indikasi lain atau ditarik kembali tidak ada dalam daftar. Indikasi baru menjadi "
        "pelanggaran bila camat mengonfirmasinya."
    ),
)
def indications(request: HttpRequest, wanted: Query[v1_queries.OfIndications]) -> PagePayload[IndicationPayload]:
    """Return a page of indications in scope, newest first, without superseded and withdrawn ones."""
    parameters.check_day_order(wanted)
    rows = _indications(request, wanted.kecamatan, wanted.kelurahan).filter(superseded_by=None, withdrawn_by=None)
    if wanted.jenis:
        rows = rows.filter(kind=wanted.jenis)
    if wanted.keputusan:
        rows = rows.filter(outcome="" if wanted.keputusan == "none" else wanted.keputusan)
    if wanted.berlangsung:
        rows = rows.filter(ended_at__isnull=wanted.berlangsung == "ya")
    rows = rows.filter(parameters.days_filter("raised_at", wanted))
    page, next_cursor = INDICATIONS.page(rows, wanted.cursor, wanted.batas)
    return parameters.page_payload([payloads.indication_payload(row) for row in page], next_cursor)


@router.get(
    "/indikasi/{id}",
    response=schemas.OneIndication,
    url_name="api-indication",
    operation_id="discipline_api_routes_indication",
    summary=_("Satu indikasi"),
    description=_("Juga yang digantikan atau ditarik kembali."),
)
def indication(request: HttpRequest, id: value_types.Number) -> IndicationPayload:
    """Return one indication. Raises ApiProblem 404 out of scope."""
    row = _indications(request).filter(pk=id).first()
    if row is None:
        raise not_found()
    return payloads.indication_payload(row)


def _indications(request: HttpRequest, kecamatan: str | None = None, kelurahan: str | None = None) -> QuerySet[Alert]:
    places = parameters.offices_filter(request, "counter__kelurahan", kecamatan, kelurahan)
    rows = Alert.objects.filter(places, kind__in=ACCUSATIONS)
    return rows.with_explained().select_related("counter__kelurahan__kecamatan")
