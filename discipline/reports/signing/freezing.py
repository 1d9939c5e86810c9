"""The contents of the document that is signed, read from the tables of a kecamatan's month."""

from datetime import UTC, datetime, time

from django.db.models import F, QuerySet

from discipline.alerts.models import Alert, Decision
from discipline.core import provenance
from discipline.reports.numbers import background, tables
from discipline.reports.numbers.figures import OF_A_DAY, Sums
from discipline.reports.numbers.models import DayTally, ReportRule
from discipline.reports.numbers.period import DAY, Period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.signing.snapshot import IndicationFacts, MonthContents
from discipline.staffing.alert_kinds import ACCUSATIONS, COLUMNS
from offices.hours.schedule import ZONE
from streams.evidence import store

# Every document has these counts. Counts of kinds that were added later are included only where they are not 0, so
# that months signed before still compare as equal.
ALWAYS = ("late_openings", "not_opened", "absences", "early_leaves")


def snapshot_contents(place: OrgUnit, month: Period) -> MonthContents:
    """Return the present contents of a kecamatan's month for snapshot.build_document."""
    counters = tables.part_lines(place, month, Level.COUNTER)
    offices = tables.part_lines(place, month, Level.KELURAHAN)
    bands = background.count_bands(place, month)
    days = _days(place, month)
    return {
        "month": month.key,
        "kecamatan": {"code": place.row.code, "name": place.row.name},
        "made_up": provenance.is_made_up(datetime.combine(month.first, time(), tzinfo=ZONE)),
        "evidence_head": store.city_head(month.last),
        "names": {
            "offices": {line.key: line.name for line in offices},
            "counters": {line.key: {"name": line.name, "office": line.code} for line in counters},
            "bands": {_band(row): {"name": row.band.name, "reference": row.band.reference} for row in bands},
        },
        "facts": {
            "coverage_floor": ReportRule.floor(),
            "total": _numbers(tables.add_sums(line.sums for line in offices).numbers()),
            "offices": {line.key: _numbers(line.sums.numbers()) for line in offices if line.sums != Sums()},
            "counters": {line.key: _numbers(line.sums.numbers()) for line in counters if line.sums != Sums()},
            "bands": {_band(row): row.counter_days for row in bands},
            "days": days,
            "indications": _indications(place, month),
        },
    }


def accusations(place: OrgUnit, month: Period) -> QuerySet[Alert]:
    """Return the indications that began in the month, whatever was decided; superseded and withdrawn ones are omitted.

    False alarms are included, though no number counts them.
    """
    start = datetime.combine(month.first, time(), tzinfo=ZONE)
    end = datetime.combine(month.last + DAY, time(), tzinfo=ZONE)
    began = Alert.objects.filter(place.within("counter"), kind__in=ACCUSATIONS, since__gte=start, since__lt=end)
    return began.filter(superseded_by=None, withdrawn_by=None)


def is_watched(place: OrgUnit, month: Period) -> bool:
    """Return whether the month has any counter-day."""
    return _rows(place, month).exists()


def _rows(place: OrgUnit, month: Period) -> QuerySet[DayTally]:
    return DayTally.objects.filter(place.within("counter"), day__gte=month.first, day__lte=month.last)


def _band(count: background.BandCount) -> str:
    """Return a key like "late 31-60", with the band's dates if it has any: a month may have the same minutes twice."""
    band = count.band
    dates = f" {band.valid_from or ''}..{band.valid_to or ''}" if band.valid_from or band.valid_to else ""
    return f"{band.kind} {band.from_minute}-{band.to_minute or ''}{dates}"


def _numbers(numbers: dict[str, int]) -> dict[str, int]:
    return {name: n for name, n in numbers.items() if n or name not in COLUMNS or name in ALWAYS}


def _days(place: OrgUnit, month: Period) -> dict[str, dict[str, dict[str, int]]]:
    by_counter: dict[str, dict[str, dict[str, int]]] = {}
    for counter, day, *numbers in _rows(place, month).values_list("counter", "day", *OF_A_DAY):
        of_day = dict(zip(OF_A_DAY, numbers, strict=True))
        by_counter.setdefault(f"loket-{counter}", {})[f"{day:%Y-%m-%d}"] = _numbers(of_day)
    return by_counter


def _indications(place: OrgUnit, month: Period) -> dict[str, IndicationFacts]:
    alerts = accusations(place, month)
    decided = Decision.objects.filter(alert__in=alerts, what=F("alert__outcome"), undone_by=None).order_by("pk")
    reasons = dict(decided.values_list("alert", "reason"))
    return {
        str(pk): {
            "counter": f"loket-{counter}",
            "kind": kind,
            "since": _moment(since),
            "ended": _moment(ended),
            "outcome": outcome,
            "reason": reasons.get(pk, ""),
        }
        for pk, counter, kind, since, ended, outcome in alerts.order_by("pk").values_list(
            "pk", "counter", "kind", "since", "ended_at", "outcome"
        )
    }


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""
