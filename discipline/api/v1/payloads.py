"""What is said of each row, to who asks and to webhooks alike: the shapes of schemas.py."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from discipline.reports.numbers.figures import OF_A_DAY, Sums, percent, ranked
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.tables import BandCount, ReportData, ReportLine
from discipline.staffing.models import Standing
from offices.places.models import Counter, Kelurahan


def place_payload(row: Any) -> dict[str, Any]:
    return {"code": row.code, "name": row.name}


def counter_payload(counter: Counter) -> dict[str, Any]:
    """A counter and its places; needs kelurahan and kecamatan loaded."""
    office: Kelurahan = counter.kelurahan
    return {
        "counter": {"id": counter.pk, "name": counter.name},
        "kelurahan": place_payload(office),
        "kecamatan": place_payload(office.kecamatan),
    }


def office_payload(row: Kelurahan) -> dict[str, Any]:
    return {
        **place_payload(row),
        "official_name": row.official_name,
        "kecamatan": place_payload(row.kecamatan),
        "latitude": row.latitude,
        "longitude": row.longitude,
        "counters": [{"id": one.pk, "name": one.name, "watched": one.active} for one in row.counters.all()],
    }


def standing_payload(row: Standing) -> dict[str, Any]:
    return {
        **counter_payload(row.counter),
        "state": row.state,
        "reason": row.reason,
        "since": row.since,
        "last_look_at": row.last_look_at,
    }


def indication_payload(alert: Any) -> dict[str, Any]:
    """Needs with_explained() and the counter's places. Also what webhooks say."""
    return {
        "id": alert.pk,
        "kind": alert.kind,
        **counter_payload(alert.counter),
        "since": alert.since,
        "raised_at": alert.raised_at,
        "ended_at": alert.ended_at,
        "outcome": alert.outcome or None,
        "explained": alert.explained,
        "explain_by": alert.explain_by,
        "superseded_by": alert.superseded_by_id,
        "withdrawn": alert.withdrawn_by_id is not None,
        "url": str(settings.SITE_URL).rstrip("/") + reverse("indication", args=[alert.pk]),
    }


def tally_payload(row: DayTally) -> dict[str, Any]:
    """A counter's day; needs the counter's places."""
    own = {name: getattr(row, name) for name in OF_A_DAY}
    sums = Sums.of(own)
    return own | _share_numbers(sums) | counter_payload(row.counter) | {"day": row.day, "until": row.until}


def report_payload(found: ReportData, bands: list[BandCount]) -> dict[str, Any]:
    """The numbers of the page, the sheets and the paper."""
    place, period = found.place, found.period

    def total(sums: Sums) -> dict[str, Any]:
        return (
            sums.numbers()
            | _share_numbers(sums)
            | {"indications": sums.indications, "enough": sums.enough(found.floor)}
        )

    ranks = {one.line.key: one.place for one in ranked(found.lines, found.floor)}

    def part(line: ReportLine) -> dict[str, Any]:
        own = {name: getattr(line, name) for name in ("key", "code", "name", "parent")}
        return total(line.sums) | own | {"rank": ranks[line.key]}

    return {
        "place": {"key": place.key, "level": place.level, "name": place.name},
        "period": {"key": period.key, "kind": period.kind, "first": period.first, "last": period.last},
        "coverage_floor": found.floor,
        "total": total(found.total),
        "before": total(found.before),
        "parts": [part(line) for line in found.lines],
        "days": [total(line.sums) | {"day": line.key} for line in found.days],
        "bands": [band_payload(one) for one in bands],
        "until": found.until,
        "recounting": found.recounting,
    }


def band_payload(counted: BandCount) -> dict[str, Any]:
    named = ("kind", "name", "from_minute", "to_minute", "reference")
    return {name: getattr(counted.band, name) for name in named} | {"counter_days": counted.counter_days}


def _share_numbers(sums: Sums) -> dict[str, Any]:
    return {"availability": percent(sums.availability), "coverage": percent(sums.coverage)}
