"""The indications behind a number of a report, filtered by the parameters of an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import DateTimeField, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import AlertQuerySet, Decision
from discipline.reports.numbers import background, tables
from discipline.reports.numbers.models import Band, DayTally
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import OrgUnit
from discipline.staffing.alert_kinds import ACCUSATIONS, EARLY, LATE
from offices.hours.schedule import ZONE

COUNTED, EXCUSED, WAITING = "dihitung", "izin", "belum"
RESULTS: dict[str, Promise] = {
    COUNTED: _("Dihitung"),
    EXCUSED: _("Dengan izin"),
    WAITING: _("Belum dijelaskan"),
}
UNEXPLAINED_KEY = "tanpa"  # ?alasan= for those without an explanation
OF_BAND = {
    Band.Kind.LATE: LATE,
    Band.Kind.EARLY: EARLY,
}


@dataclass(frozen=True, slots=True)
class IndicationFilter:
    """A filter of a report's indications; None and "" don't filter."""

    kind: str = ""  # of ACCUSATIONS
    result: str = ""  # of RESULTS
    day: date | None = None
    counter: int | None = None
    cause: str | None = None  # Decision.Reason, or background.UNEXPLAINED
    band: Band | None = None
    hour: tuple[int, int] | None = None  # ISO weekday and WIB hour, in which they went on
    longest: bool = False  # longest first

    @property
    def empty(self) -> bool:
        """Whether nothing is filtered; the order does not matter."""
        return self == IndicationFilter(longest=self.longest)


def parse_filter(query: Mapping[str, str]) -> IndicationFilter:
    """Return the filter that query parameters ask for. Unreadable and unknown values are ignored.

    ?jenis= (ACCUSATIONS) ?hasil= (RESULTS) ?hari= (ISO date) ?loket= (id) ?alasan= (Decision.Reason, UNEXPLAINED_KEY)
    ?pita= (Band id) ?pekan=&jam= (ISO weekday and hour) ?urut=terlama
    """
    kind, result, cause = query.get("jenis", ""), query.get("hasil", ""), query.get("alasan", "")
    band = _number(query.get("pita", ""))
    known = cause in Decision.Reason.values
    return IndicationFilter(
        kind=kind if kind in ACCUSATIONS else "",
        result=result if result in RESULTS else "",
        day=_day(query.get("hari", "")),
        counter=_number(query.get("loket", "")),
        cause=background.UNEXPLAINED if cause == UNEXPLAINED_KEY else cause if known else None,
        band=Band.objects.filter(pk=band).first() if band is not None else None,
        hour=_hour(_number(query.get("pekan", "")), _number(query.get("jam", ""))),
        longest=query.get("urut") == "terlama",
    )


def filter_indications(place: OrgUnit, period: Period, wanted: IndicationFilter) -> QuerySet[Any]:
    """Return the matching indications, newest first or longest first; those that go on are the longest."""
    alerts = tables.counted_indications(place, period)
    if wanted.kind:
        alerts = alerts.filter(kind=wanted.kind)
    if wanted.counter is not None:
        alerts = alerts.filter(counter=wanted.counter)
    found = _with_result(alerts, wanted.result)
    if wanted.cause is not None:
        found = background.with_cause(found).filter(cause=wanted.cause)
    found = found.annotate(day=TruncDate("since", tzinfo=ZONE))
    if wanted.day:
        found = found.filter(day=wanted.day)
    if wanted.band:
        found = _in_band(found, wanted.band)
    if wanted.hour:
        found = _reaching_into(found, *wanted.hour)
    if wanted.longest:
        unknown = ExpressionWrapper(F("unknown_s") * Value(timedelta(seconds=1)), output_field=DurationField())
        lasted = ExpressionWrapper(F("ended_at") - F("since") - unknown, output_field=DurationField())
        return found.order_by(lasted.desc(nulls_first=True), "-since", "-pk")
    return found


def _with_result(alerts: AlertQuerySet, result: str) -> QuerySet[Any]:
    if result == WAITING:
        explained: QuerySet[Any] = alerts.with_explained()
        return explained.filter(outcome="", explained=False)
    if result == COUNTED:
        return alerts.exclude(outcome=DecisionAct.EXCUSED)
    return alerts.filter(outcome=DecisionAct.EXCUSED) if result == EXCUSED else alerts


def _in_band(found: QuerySet[Any], band: Band) -> QuerySet[Any]:
    """Keep those of the counter-days that background.count_bands counts."""
    days = background.in_band(DayTally.objects.filter(counter=OuterRef("counter"), day=OuterRef("day")), band)
    kinds = OF_BAND[Band.Kind(band.kind)]
    return found.filter(Exists(days), kind__in=kinds).exclude(outcome=DecisionAct.EXCUSED)


def _reaching_into(found: QuerySet[Any], weekday: int, hour: int) -> QuerySet[Any]:
    """Keep those that went on in that hour of that weekday, on the local day on which they began."""
    last = ExpressionWrapper(F("ended_at") - Value(timedelta(microseconds=1)), output_field=DateTimeField())
    parts: QuerySet[Any] = found.annotate(last=last).annotate(
        weekday=ExtractIsoWeekDay("since", tzinfo=ZONE),
        first_hour=ExtractHour("since", tzinfo=ZONE),
        last_hour=ExtractHour("last", tzinfo=ZONE),
        last_day=TruncDate("last", tzinfo=ZONE),
    )
    lasted = Q(ended_at=None) | Q(last_hour__gte=hour) | Q(last_day__gt=F("day"))
    return parts.filter(lasted, weekday=weekday, first_hour__lte=hour)


def _hour(weekday: int | None, hour: int | None) -> tuple[int, int] | None:
    if weekday is None or hour is None or not (1 <= weekday <= 7 and hour <= 23):
        return None
    return weekday, hour


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
