"""The operations for figures: each counter's days, and reports, from the same tables as all other reports."""

from datetime import date

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from discipline.api.access.models import ApiRight
from discipline.api.v1 import parameters, payloads, schemas, value_types
from discipline.api.v1 import queries as v1_queries
from discipline.api.v1.cursors import ListingOrder
from discipline.api.v1.parameters import PagePayload
from discipline.api.v1.payloads import Figures, ReportPayload
from discipline.api.v1.problems import not_found, unreadable_parameter
from discipline.reports.numbers import background, period, places, tables
from discipline.reports.numbers import words as numbers_words
from discipline.reports.numbers.models import DayTally
from offices.hours.schedule import local_day

router = Router()
TALLIES = ListingOrder("harian", (("day", date), ("counter_id", int)))


@router.get(
    "/harian",
    response=schemas.Page[schemas.Tally],
    url_name="api-tallies",
    operation_id="discipline_api_numbers_tallies",
    summary=_("Rekap setiap loket per hari"),
    description=_("Keputusan yang datang kemudian mengubah hari yang sudah lewat: baca lagi rentang yang Anda simpan."),
)
def tallies(request: HttpRequest, wanted: Query[v1_queries.OfDays]) -> PagePayload[Figures]:
    """Return a page of counter-days in scope, by day and counter."""
    parameters.check_day_order(wanted)
    rows = DayTally.objects.filter(
        parameters.offices_filter(request, "counter__kelurahan", wanted.kecamatan, wanted.kelurahan)
    )
    if wanted.dari:
        rows = rows.filter(day__gte=wanted.dari)
    if wanted.sampai:
        rows = rows.filter(day__lte=wanted.sampai)
    rows = rows.select_related("counter__kelurahan__kecamatan")
    page, next_cursor = TALLIES.page(rows, wanted.cursor, wanted.batas)
    return parameters.page_payload([payloads.tally_payload(row) for row in page], next_cursor)


@router.get(
    "/laporan/{tempat}/{periode}",
    response=schemas.Report,
    url_name="api-report",
    operation_id="discipline_api_numbers_report",
    summary=_("Laporan satu wilayah dalam satu periode"),
    description=_("Angka yang sama dengan halaman laporan dan berkasnya."),
)
def report(request: HttpRequest, tempat: value_types.PlaceKey, periode: value_types.PeriodKey) -> ReportPayload:
    """Return the report of a place for a period. Raises ApiProblem 404 out of scope, 422 for no valid period."""
    try:
        place = places.place_in(parameters.scope_for(request, ApiRight.COUNTERS), tempat)
    except Http404 as error:
        raise not_found() from error
    if place.of_kecamatan_office:  # so far the API speaks of kelurahan offices alone
        raise not_found()
    try:
        when = period.parse_period(periode, local_day(timezone.now()))
    except period.BadPeriod as error:
        raise unreadable_parameter("periode", numbers_words.bad_period_word(error)) from error
    return payloads.report_payload(tables.build_report(place, when), background.count_bands(place, when))
