"""The page with an earlier day of an office."""

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.board import office_today
from discipline.board.day.office_day import gather_day
from discipline.board.kecamatan_offices import rows as kecamatan_rows
from discipline.board.words import words_for_browser
from offices.access.gate import office_for
from offices.hours.schedule import local_day

ONE_DAY = timedelta(days=1)


@never_cache
@require_safe
def office_day(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """Show an office's local day, written 2026-11-27; today's is on the office page. 404 for days to come.

    ?pukul= (09.42) is where the scrubber begins. 404 also if the office is out of the user's scope.
    """
    office = office_for(request.user, code)
    now = timezone.now()
    chosen, today = _date(day), local_day(now)
    if chosen is None or chosen > today:
        raise Http404
    if chosen == today:
        query = request.GET.urlencode()
        return redirect(reverse("office", args=[office.code]) + (f"?{query}" if query else ""))
    row = kecamatan_rows.office_row(office)
    counters = office_today.counters_on(row["counters"], chosen, now)
    context = {
        "office": office,
        "day": chosen,
        "earlier": chosen - ONE_DAY,
        "later": chosen + ONE_DAY if chosen + ONE_DAY < today else None,
        "today": today,
        "counters": counters,
        "hours": counters[0].day if counters else None,
        "gathered": gather_day(counters, request.user, chosen, now),
        "words": words_for_browser(),
    }
    return render(request, "board/day.html", context)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
