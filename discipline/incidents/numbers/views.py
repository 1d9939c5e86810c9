"""Pages of a month's numbers: inside, and for the public."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.incidents.numbers import paper
from discipline.incidents.numbers.counting import TimesLine, month_numbers
from discipline.incidents.numbers.files import MONTH
from discipline.incidents.numbers.public import PublicNumbers, for_public
from discipline.incidents.numbers.statistics_rule import FEWEST
from discipline.reports.numbers.columns import availability
from discipline.reports.numbers.figures import percent
from discipline.reports.numbers.numerals import share
from discipline.reports.numbers.period import BadPeriod, Period, PeriodKind, parse_period, period_of
from discipline.reports.numbers.words import period_title
from offices.access.gate import city_required
from offices.hours.schedule import local_day

SHOWN = 13  # months to choose from
PUBLIC_S = 600  # how long the public's numbers are kept


@city_required
@never_cache
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Show a month's numbers. ?bulan=2026-11, else the present month."""
    now = timezone.now()
    month = _month(request.GET.get("bulan", ""), local_day(now))
    found = month_numbers(month, now)
    places = [
        (line, share(availability(line.sums, found.floor)), share(percent(line.sums.coverage))) for line in found.places
    ]
    tables = (
        (_("Kejadian per jenis"), _("Jenis"), _("Ditutup"), _with_words(found.kinds)),
        (_("Kejadian per kecamatan"), _("Kecamatan"), _("Ditutup"), _with_words(found.kecamatan)),
        (_("Tugas per instansi"), _("Instansi"), _("Selesai"), _with_words(found.agencies)),
    )
    context = {
        "numbers": found,
        "total": _with_words([found.total])[0],
        "tables": tables,
        "places": places,
        "reading": paper.reading(),
        "report": MONTH,
        **_choice(month, local_day(now)),
    }
    return render(request, "incidents/numbers/numbers.html", context)


@login_not_required
@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """Show the public a month's numbers, none of fewer than FEWEST. ?bulan= as above; they may be PUBLIC_S old."""
    today = local_day(timezone.now())
    month = _month(request.GET.get("bulan", ""), today)
    if month not in _months(today):
        raise Http404
    found = _public_numbers(month, timezone.now())
    tables = (
        (_("Per jenis"), _("Jenis"), [(one, _words(one.line)) for one in found.kinds]),
        (_("Per kecamatan"), _("Kecamatan"), [(one, _words(one.line)) for one in found.kecamatan]),
    )
    context: dict[str, Any] = {"total": found.total, "total_words": _words(found.total) if found.total else None}
    context |= {"tables": tables, "fewest": FEWEST, **_choice(month, today)}
    return render(request, "incidents/numbers/public.html", context)


def _public_numbers(month: Period, now: datetime) -> PublicNumbers:
    key = f"incident-numbers:{month.key}"
    found: PublicNumbers | None = cache.get(key)
    if found is None:
        found = for_public(month_numbers(month, now))
        cache.set(key, found, PUBLIC_S)
    return found


def _month(key: str, today: date) -> Period:
    """Return the month with that key, the present one for "". Raises Http404."""
    if not key:
        return period_of(PeriodKind.MONTH, today)
    try:
        month = parse_period(key, today)
    except BadPeriod as error:
        raise Http404 from error
    if month.kind is not PeriodKind.MONTH:
        raise Http404
    return month


def _months(today: date) -> list[Period]:
    months = [period_of(PeriodKind.MONTH, today)]
    while len(months) < SHOWN:
        months.append(months[-1].before)
    return months


def _choice(month: Period, today: date) -> dict[str, Any]:
    months = _months(today)
    if month not in months:
        months.append(month)
    return {"month": month, "title": period_title(month), "months": [(one.key, period_title(one)) for one in months]}


def _with_words(lines: Sequence[TimesLine]) -> list[tuple[TimesLine, tuple[str, str, str]]]:
    return [(line, _words(line)) for line in lines]


def _words(line: TimesLine) -> tuple[str, str, str]:
    return paper.times_words(line.acknowledge), paper.times_words(line.arrive), paper.times_words(line.close)
