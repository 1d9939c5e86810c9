"""Views of the hours that apply at a place, the reason, and the change log."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.plans import applying
from discipline.plans import words as plans_words
from discipline.plans.holidays import calendar as holiday_calendar
from discipline.plans.models import PlanChange
from discipline.plans.precedence import Fate
from discipline.reports.numbers.places import CITY_KEY, Level, OrgUnit, default_place, place_for
from offices.access.gate import Scope, scope_of
from offices.hours.schedule import local_day

A_PAGE = 30


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Redirect to the widest place in the user's scope."""
    widest = default_place(request.user)
    if widest is None:
        raise PermissionDenied
    return redirect("hours-place", widest.key)


def place_or_404(request: HttpRequest, key: str) -> OrgUnit:
    """Return the place of the key. Raises Http404 out of scope; the city's own rules are shown to every member."""
    if key == CITY_KEY and not scope_of(request.user).empty:
        return OrgUnit(Level.CITY)
    return place_for(request.user, key)


@never_cache
@require_safe
def place(request: HttpRequest, key: str) -> HttpResponse:
    """Show the hours of a place. ?tanggal=2026-11-23: the day to rank plans for; ?bulan=2026-11: the calendar month."""
    at, today, scope = place_or_404(request, key), local_day(timezone.now()), scope_of(request.user)
    day = _day(request.GET.get("tanggal", ""), today)
    month = _month(request.GET.get("bulan", ""), day)
    lines = applying.plan_chain(at, day)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    days = applying.day_outlooks(at, month, last, today)
    context: dict[str, Any] = {
        "place": at,
        "above": _above(request, at),
        "day": day,
        "that_day": applying.day_outlooks(at, day, day, today)[0],
        "today": today,
        "applies": next((line for line in lines if line.fate is Fate.APPLIES), None),
        "others": [line for line in lines if line.fate not in (Fate.APPLIES, Fate.OVER)],
        "over": [line for line in lines if line.fate is Fate.OVER],
        "closer": applying.closer_plans(at),
        "parts": applying.subplaces(at, scope),
        "ahead": applying.upcoming_changes(at, today),
        "month": month,
        "before": month - timedelta(days=1),
        "after": last + timedelta(days=1),
        "weekdays": plans_words.weekdays(),
        "blank": range(month.weekday()),
        "days": days,
        "changes": _with_facts(PlanChange.objects.filter(applying.rows_at(at)))[:5],
        "missing": holiday_calendar.year_without_leave(today) if scope.operates else None,
        "asks": _asks(at, scope),
        "governs": scope.governs(applying.kecamatan_of(at)),
    }
    return render(request, "plans/place.html", context)


@never_cache
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Show the change log in scope, newest first. ?hal=2: the page."""
    scope = scope_of(request.user)
    if scope.empty:
        raise PermissionDenied
    page = Paginator(_with_facts(PlanChange.objects.filter(applying.rows_visible_to(scope))), A_PAGE).get_page(
        request.GET.get("hal")
    )
    return render(request, "plans/history.html", {"page": page})


def _asks(at: OrgUnit, scope: Scope) -> bool:
    """Return whether the user may request a closure of exactly this place."""
    if at.level is Level.COUNTER:
        return scope.asks(at.row.office)
    return at.level is Level.KELURAHAN and scope.asks(at.row)


def _with_facts(changes: QuerySet[PlanChange]) -> QuerySet[PlanChange]:
    return changes.select_related("by", *applying.NAMED)


def _above(request: HttpRequest, at: OrgUnit) -> list[tuple[OrgUnit, bool]]:
    """Return the places that contain this one, widest first, each with whether the user may open its page."""
    scope, places = scope_of(request.user), []
    while above := at.above:
        open_to = above.level is Level.CITY or scope.city or above.level in (Level.KELURAHAN, Level.KECAMATAN_OFFICE)
        places.append((above, open_to or above.row.pk in scope.kecamatan))
        at = above
    return places[::-1]


def _day(text: str, today: date) -> date:
    """Return the parsed day, or today when it is not one or out of range."""
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        return today
    return parsed if 2000 < parsed.year < 2100 else today


def _month(text: str, day: date) -> date:
    """Return the first day of the parsed month, or of the month of `day` when it is not one or out of range."""
    try:
        parsed = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        return day.replace(day=1)
    return parsed if 2000 < parsed.year < 2100 else day.replace(day=1)
