"""Rows as the JSON values of schemas.py, for API responses and webhook calls. `demo` is added by the callers."""

from datetime import date, datetime
from typing import TypedDict

from django.conf import settings
from django.urls import reverse

from discipline.alerts.models import Alert
from discipline.reports.numbers.background import BandCount
from discipline.reports.numbers.figures import OF_A_DAY, Sums, percent, ranked
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.tables import ReportData, ReportLine
from discipline.staffing.models import Standing
from offices.places.models import Counter, Kecamatan, Kelurahan

Figures = dict[str, object]  # its names include figures.NUMBERS, which depend on the registered kinds of alerts


class PlacePayload(TypedDict):
    """A schemas.AreaSchema."""

    code: str
    name: str


class CounterNamePayload(TypedDict):
    """A schemas.CounterName."""

    id: int
    name: str


class CounterPayload(TypedDict):
    """The fields that every schema about one counter has."""

    counter: CounterNamePayload
    kelurahan: PlacePayload
    kecamatan: PlacePayload


class WatchedCounterPayload(CounterNamePayload):
    """A schemas.CounterOf."""

    watched: bool


class OfficePayload(PlacePayload):
    """A schemas.Office."""

    official_name: str
    kecamatan: PlacePayload
    latitude: float
    longitude: float
    counters: list[WatchedCounterPayload]


class StandingPayload(CounterPayload):
    """A schemas.Standing."""

    state: str
    reason: str
    since: datetime
    last_look_at: datetime | None


class IndicationPayload(CounterPayload):
    """A schemas.Indication."""

    id: int
    kind: str
    since: datetime
    raised_at: datetime
    ended_at: datetime | None
    unknown_s: int
    outcome: str | None
    explained: bool
    explain_by: datetime | None
    superseded_by: int | None
    withdrawn: bool
    url: str


class ClientPayload(TypedDict):
    """A schemas.Client."""

    name: str
    city: bool
    kecamatan: list[PlacePayload]
    kelurahan: list[PlacePayload]
    agencies: list[PlacePayload]
    rights: list[str]
    per_minute: int
    expires_at: datetime


class ReportPlacePayload(TypedDict):
    """A schemas.ReportPlace."""

    key: str
    level: str
    name: str


class ReportPeriodPayload(TypedDict):
    """A schemas.ReportPeriod."""

    key: str
    kind: str
    first: date
    last: date


class BandPayload(TypedDict):
    """A schemas.Band."""

    kind: str
    name: str
    from_minute: int
    to_minute: int | None
    reference: str
    counter_days: int


class ReportPayload(TypedDict):
    """A schemas.Report. `parts` and `days` are totals with the fields of schemas.Part and schemas.DayOfReport."""

    place: ReportPlacePayload
    period: ReportPeriodPayload
    coverage_floor: int
    total: Figures
    before: Figures
    parts: list[Figures]
    days: list[Figures]
    bands: list[BandPayload]
    until: datetime | None
    recounting: bool


def place_payload(row: Kecamatan | Kelurahan) -> PlacePayload:
    """Return the code and name of a kecamatan or kelurahan."""
    return {"code": row.code, "name": row.name}


def counter_payload(counter: Counter) -> CounterPayload:
    """Return a counter and its places. Needs kelurahan and kecamatan loaded."""
    office = counter.kelurahan
    assert office  # so far the API speaks of kelurahan offices alone
    return {
        "counter": {"id": counter.pk, "name": counter.name},
        "kelurahan": place_payload(office),
        "kecamatan": place_payload(office.kecamatan),
    }


def office_payload(row: Kelurahan) -> OfficePayload:
    """Return an office and its counters. Needs kecamatan and counters loaded."""
    return {
        **place_payload(row),
        "official_name": row.official_name,
        "kecamatan": place_payload(row.kecamatan),
        "latitude": row.latitude,
        "longitude": row.longitude,
        "counters": [
            {"id": counter.pk, "name": counter.name, "watched": counter.active} for counter in row.counters.all()
        ],
    }


def standing_payload(row: Standing) -> StandingPayload:
    """Return the present state of a counter. Needs the counter's places loaded."""
    return {
        **counter_payload(row.counter),
        "state": row.state,
        "reason": row.reason,
        "since": row.since,
        "last_look_at": row.last_look_at,
    }


def indication_payload(alert: Alert) -> IndicationPayload:
    """Return an indication, for the API and webhooks. Needs with_explained() and the counter's places loaded."""
    return {
        "id": alert.pk,
        "kind": alert.kind,
        **counter_payload(alert.counter),
        "since": alert.since,
        "raised_at": alert.raised_at,
        "ended_at": alert.ended_at,
        "unknown_s": alert.unknown_s,
        "outcome": alert.outcome or None,
        "explained": alert.explained,  # type: ignore[attr-defined]  # annotated by with_explained()
        "explain_by": alert.explain_by,
        "superseded_by": alert.superseded_by_id,
        "withdrawn": alert.withdrawn_by_id is not None,
        "url": str(settings.SITE_URL).rstrip("/") + reverse("indication", args=[alert.pk]),
    }


def tally_payload(row: DayTally) -> Figures:
    """Return the figures of a counter's day, as a schemas.Tally. Needs the counter's places loaded."""
    numbers = {name: getattr(row, name) for name in OF_A_DAY}
    return {
        **numbers,
        **_percentages(Sums.of(numbers)),
        **counter_payload(row.counter),
        "day": row.day,
        "until": row.until,
    }


def report_payload(data: ReportData, bands: list[BandCount]) -> ReportPayload:
    """Return a report with the same figures as its page, spreadsheet and PDF."""
    place, period = data.place, data.period
    ranks = {rank.line.key: rank.place for rank in ranked(data.lines, data.floor)}
    return {
        "place": {"key": place.key, "level": place.level, "name": place.name},
        "period": {"key": period.key, "kind": period.kind, "first": period.first, "last": period.last},
        "coverage_floor": data.floor,
        "total": _total(data.total, data.floor),
        "before": _total(data.before, data.floor),
        "parts": [_part(line, ranks[line.key], data.floor) for line in data.lines],
        "days": [{**_total(line.sums, data.floor), "day": line.key} for line in data.days],
        "bands": [band_payload(counted) for counted in bands],
        "until": data.until,
        "recounting": data.recounting,
    }


def band_payload(counted: BandCount) -> BandPayload:
    """Return a band of lateness or early leave with its number of counter-days."""
    band = counted.band
    return {
        "kind": band.kind,
        "name": band.name,
        "from_minute": band.from_minute,
        "to_minute": band.to_minute,
        "reference": band.reference,
        "counter_days": counted.counter_days,
    }


def _total(sums: Sums, floor_percent: int) -> Figures:
    """Return a schemas.Total."""
    return {
        **sums.numbers(),
        **_percentages(sums),
        "indications": sums.indications,
        "enough": sums.enough(floor_percent),
    }


def _part(line: ReportLine, rank: int | None, floor_percent: int) -> Figures:
    """Return a schemas.Part."""
    return {
        **_total(line.sums, floor_percent),
        "key": line.key,
        "code": line.code,
        "name": line.name,
        "parent": line.parent,
        "rank": rank,
    }


def _percentages(sums: Sums) -> Figures:
    return {"availability": percent(sums.availability), "coverage": percent(sums.coverage)}
