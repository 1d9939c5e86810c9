"""The operations on offices, standings and indications. Each reads within the client's scope."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from discipline.alerts.models import Alert
from discipline.api.v1 import parameters, payloads, schemas
from discipline.api.v1 import queries as v1_queries
from discipline.api.v1.cursors import ListingOrder
from discipline.api.v1.problems import not_found
from discipline.staffing.alert_kinds import ACCUSATIONS
from discipline.staffing.models import Standing as StandingRow
from offices.places.models import Kecamatan, Kelurahan

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
def client(request: HttpRequest) -> dict[str, Any]:
    asks = parameters.caller_of(request)
    one = asks.client
    return {
        "name": one.name,
        "city": one.city,
        "kecamatan": [payloads.place_payload(row) for row in Kecamatan.objects.filter(pk__in=asks.scope.kecamatan)],
        "kelurahan": [payloads.place_payload(row) for row in Kelurahan.objects.filter(pk__in=asks.scope.kelurahan)],
        "per_minute": one.per_minute,
        "expires_at": one.expires_at,
    }


@router.get(
    "/kantor",
    response=schemas.Page[schemas.Office],
    url_name="api-offices",
    operation_id="discipline_api_routes_offices",
    summary=_("Daftar kantor"),
)
def offices(request: HttpRequest, wanted: Query[v1_queries.OfOffices]) -> dict[str, Any]:
    rows = Kelurahan.objects.filter(parameters.offices_filter(request, "", wanted.kecamatan))
    rows = rows.select_related("kecamatan").prefetch_related("counters")
    found, following = OFFICES.page(rows, wanted.cursor, wanted.batas)
    return parameters.page_payload(([payloads.office_payload(row) for row in found], following))


@router.get(
    "/kantor/{kode}",
    response=schemas.OneOffice,
    url_name="api-office",
    operation_id="discipline_api_routes_office",
    summary=_("Satu kantor"),
)
def office(request: HttpRequest, kode: schemas.OfficeCode) -> dict[str, Any]:
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
def standings(request: HttpRequest, wanted: Query[v1_queries.OfStandings]) -> dict[str, Any]:
    rows = StandingRow.objects.filter(counter__active=True)
    rows = rows.filter(parameters.offices_filter(request, "counter__kelurahan", wanted.kecamatan, wanted.kelurahan))
    if wanted.keadaan:
        rows = rows.filter(state=wanted.keadaan)
    rows = rows.select_related("counter__kelurahan__kecamatan")
    found, following = STANDINGS.page(rows, wanted.cursor, wanted.batas)
    return parameters.page_payload(([payloads.standing_payload(row) for row in found], following))


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
def indications(request: HttpRequest, wanted: Query[v1_queries.OfIndications]) -> dict[str, Any]:
    parameters.check_day_order(wanted)
    rows = _indications(request, wanted.kecamatan, wanted.kelurahan).filter(superseded_by=None, withdrawn_by=None)
    if wanted.jenis:
        rows = rows.filter(kind=wanted.jenis)
    if wanted.keputusan:
        rows = rows.filter(outcome="" if wanted.keputusan == "none" else wanted.keputusan)
    if wanted.berlangsung:
        rows = rows.filter(ended_at__isnull=wanted.berlangsung == "ya")
    if wanted.dari:
        rows = rows.filter(raised_at__gte=parameters.day_start(wanted.dari))
    if wanted.sampai:
        rows = rows.filter(raised_at__lt=parameters.day_end(wanted.sampai))
    found, following = INDICATIONS.page(rows, wanted.cursor, wanted.batas)
    return parameters.page_payload(([payloads.indication_payload(row) for row in found], following))


@router.get(
    "/indikasi/{id}",
    response=schemas.OneIndication,
    url_name="api-indication",
    operation_id="discipline_api_routes_indication",
    summary=_("Satu indikasi"),
    description=_("Juga yang digantikan atau ditarik kembali."),
)
def indication(request: HttpRequest, id: schemas.Number) -> dict[str, Any]:
    row = _indications(request).filter(pk=id).first()
    if row is None:
        raise not_found()
    return payloads.indication_payload(row)


def _indications(request: HttpRequest, kecamatan: str | None = None, kelurahan: str | None = None) -> Any:
    places = parameters.offices_filter(request, "counter__kelurahan", kecamatan, kelurahan)
    rows = Alert.objects.filter(places, kind__in=ACCUSATIONS)
    return rows.with_explained().select_related("counter__kelurahan__kecamatan")
