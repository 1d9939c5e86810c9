"""Search what the room and the agencies work with: incidents, residents' reports, cases, shifts, agencies."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from discipline.complaints.finding import complaints_in
from discipline.core.wording import hour, local, name_of, weekday
from discipline.incidents.case_file.finding import cases_in, keeps_cases
from discipline.incidents.daily.models import DailyReport
from discipline.incidents.finding import incidents_in, open_incidents
from discipline.incidents.models import Incident
from discipline.incidents.shifts.models import Shift
from discipline.ops.search.dates import day_in
from discipline.ops.search.hits import Hit
from offices.access.gate import Scope
from offices.hours.schedule import ZONE
from offices.places.models import Agency
from offices.places.search import matches, search_text

MOST_ENDED = 50  # ended incidents found by words, the newest


def incidents(scope: Scope, query: str, wanted: str) -> list[Hit]:
    """Return the incident of this number, or those with such words: the open ones, then those that have ended."""
    seen = incidents_in(scope)
    number = number_in(query, "k", "kejadian", "incident")
    if number:
        return [_incident(one) for one in seen.filter(pk=number)]
    found = [one for one in open_incidents(seen) if matches(wanted, search_text(one.title, one.address, one.kind.name))]
    ended = seen.exclude(pk__in=open_incidents(seen).order_by().values("pk"))
    for word in query.split():
        named = Q(title__icontains=word) | Q(address__icontains=word) | Q(kind__name__icontains=word)
        ended = ended.filter(named)
    return [_incident(one) for one in [*found, *ended.order_by("-changed_at", "-pk")[:MOST_ENDED]]]


def complaints(scope: Scope, query: str) -> list[Hit]:
    """Return the resident's report of this number, if the user may read it."""
    number = number_in(query, "ra", "laporan", "warga", "laporan warga", "report")
    return [
        Hit(
            reverse("complaint", args=[one.pk]),
            f"{one.number} {one.kind}",
            ", ".join(filter(None, (one.place.name if one.place else one.address, one.get_state_display()))),
        )
        for one in (complaints_in(scope).filter(pk=number) if number else ())
    ]


def cases(scope: Scope, query: str) -> list[Hit]:
    """Return the case of this number, if the user may open it."""
    number = number_in(query, "bp", "berkas", "case")
    if not number or not keeps_cases(scope):
        return []
    return [
        Hit(reverse("case-file", args=[one.pk]), f"{one.number} {one.incident.title}", str(one.agency))
        for one in cases_in(scope).filter(pk=number)
    ]


def duty(scope: Scope, query: str, today: date) -> list[Hit]:
    """Return the daily report of the day that begins on the date that the query names, and that date's shifts."""
    day = day_in(query, today) if scope.city else None
    return [*_daily(day), *_shifts(day)] if day else []


def agencies(scope: Scope, wanted: str) -> list[Hit]:
    """Return the agencies of such a name or code: their pages for operators, their points for others of the city."""
    if not scope.city:
        return []
    return [
        Hit(_agency_page(one, scope), one.name, one.code)
        for one in Agency.objects.all()
        if matches(wanted, search_text(one.name, one.code))
    ]


def number_in(query: str, letters: str, *words: str) -> int:
    """Return the number if the query is one, alone or after these letters or words ("K-12", "kejadian 12"); else 0."""
    named = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    found = re.fullmatch(rf"(?:(?:{named})\s*)?(?:{letters}\s*-?\s*)?#?\s*(\d{{1,9}})", query, re.IGNORECASE)
    return int(found[1]) if found else 0


def _incident(one: Incident) -> Hit:
    return Hit(
        reverse("city-incident", args=[one.pk]), f"{one.number} {one.title}", f"{one.kind}, {one.get_state_display()}"
    )


def _daily(day: date) -> Iterator[Hit]:
    since, until = _bounds(day)
    for report in DailyReport.objects.filter(since__gte=since, since__lt=until, erased_at=None).defer("pdf"):
        title = _("Laporan harian %(day)s") % {"day": weekday(local(report.since))}
        yield Hit(reverse("daily-report-file", args=[report.pk]), title, "PDF")


def _shifts(day: date) -> Iterator[Hit]:
    """Yield the shifts that lasted on that day: their handovers, and of the open one who is on duty."""
    since, until = _bounds(day)
    rows = Shift.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since), started_at__lt=until)
    for shift in rows.select_related("chief", "handover").defer("handover__snapshot").order_by("started_at", "pk"):
        handover = getattr(shift, "handover", None)
        url = reverse("handover", args=[handover.pk]) if handover else reverse("duty")
        ended = hour(shift.ended_at) if shift.ended_at else _("sekarang")
        note = f"{name_of(shift.chief)}, {hour(shift.started_at)}-{ended} WIB"
        yield Hit(url, _("Giliran jaga %(squad)s") % {"squad": shift.squad}, note)


def _bounds(day: date) -> tuple[datetime, datetime]:
    since = datetime.combine(day, time(), ZONE)
    return since, since + timedelta(days=1)


def _agency_page(agency: Agency, scope: Scope) -> str:
    if scope.operates:
        return reverse("agency", args=[agency.code])
    return f"{reverse('points')}?{urlencode({'instansi': agency.code})}"
