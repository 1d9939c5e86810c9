"""Which hours apply at a place and why; and the trace of what was changed."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
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
from offices.access.gate import scope_of
from offices.hours.schedule import local_day

A_PAGE = 30


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the widest place that this user looks after."""
    found = default_place(request.user)
    if found is None:
        raise PermissionDenied
    return redirect("hours-place", found.key)


def place_or_404(request: HttpRequest, key: str) -> OrgUnit:
    """The place of that key; 404 out of scope. The city's own rules are no secret to anybody inside."""
    if key == CITY_KEY and not scope_of(request.user).empty:
        return OrgUnit(Level.CITY)
    return place_for(request.user, key)


@never_cache
@require_safe
def place(request: HttpRequest, key: str) -> HttpResponse:
    """?tanggal= (which rule applied then), ?bulan= (2026-11)."""
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
        "asks": at.level in (Level.KELURAHAN, Level.COUNTER) and scope.asks(at.offices().get()),
        "governs": scope.governs(applying.kecamatan_of(at)),
    }
    return render(request, "plans/place.html", context)


@never_cache
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request.user)
    if scope.empty:
        raise PermissionDenied
    page = Paginator(_with_facts(PlanChange.objects.filter(applying.rows_visible_to(scope))), A_PAGE).get_page(
        request.GET.get("hal")
    )
    return render(request, "plans/history.html", {"page": page})


def _with_facts(changes: Any) -> Any:
    return changes.select_related("by", *applying.NAMED)


def _above(request: HttpRequest, at: OrgUnit) -> list[tuple[OrgUnit, bool]]:
    """The places that it is a part of, widest first, and whether this user may open them."""
    scope, found = scope_of(request.user), []
    while above := at.above:
        open_to = above.level is Level.CITY or scope.city or above.level is Level.KELURAHAN
        found.append((above, open_to or above.row.pk in scope.kecamatan))
        at = above
    return found[::-1]


def _day(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if 2000 < found.year < 2100 else today


def _month(text: str, day: date) -> date:
    """Its first day; near enough to be asked for."""
    try:
        found = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        return day.replace(day=1)
    return found if 2000 < found.year < 2100 else day.replace(day=1)
