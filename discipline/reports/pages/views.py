"""The pages of reports, and of the indications behind each of their numbers."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.alerts.models import Decision
from discipline.alerts.words import KINDS as INDICATIONS
from discipline.reports.numbers import background, drill_down, tables
from discipline.reports.numbers.period import BadPeriod, Period, PeriodKind, parse_period, period_of
from discipline.reports.numbers.places import Level, OrgUnit, default_place, place_for
from discipline.reports.numbers.words import KINDS, bad_period_word, period_title
from discipline.reports.pages import page as page_page
from discipline.reports.pages.parts import PartsWanted
from offices.access.gate import scope_of
from offices.hours.schedule import local_day

A_PAGE = 30  # indications


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Redirect to the report that the picker asks for, by default the user's place in the last full week.

    ?tempat= (OrgUnit.key), ?jenis= (PeriodKind), ?tanggal= and ?sampai= (ISO dates). Answers an invalid period with
    the form again, status 400. Raises PermissionDenied for users without any office.
    """
    own = default_place(request.user)
    if own is None:
        raise PermissionDenied
    query, today = request.GET, local_day(timezone.now())
    place = place_for(request.user, query.get("tempat", "")) if query.get("tempat") else own
    if "tanggal" not in query:
        return redirect("report", place.key, period_of(PeriodKind.WEEK, today).before.key)
    try:
        period = _picked(query, today)
    except BadPeriod as error:
        return _refused(request, place, error, query)
    return redirect("report", place.key, period.key)


def _picked(query: QueryDict, today: date) -> Period:
    kind, first, last = query.get("jenis", ""), query.get("tanggal", ""), query.get("sampai", "")
    if kind not in list(PeriodKind):
        raise BadPeriod(BadPeriod.UNREADABLE)
    if kind == PeriodKind.RANGE:
        return parse_period(f"{first}..{last or first}", today)
    day = parse_period(first, date.max).first
    return parse_period(period_of(PeriodKind(kind), day).key, today)


def _refused(request: HttpRequest, place: OrgUnit, error: BadPeriod, query: QueryDict | None = None) -> HttpResponse:
    """Return the form again, with the values that were entered, status 400."""
    today = local_day(timezone.now())
    typed = query.dict() if query else {"jenis": PeriodKind.RANGE.value, "tanggal": "", "sampai": ""}
    context = {
        "place": place,
        "why": bad_period_word(error),
        "typed": typed,
        "kinds": list(KINDS.items()),
        "today": today,
        "last_week": period_of(PeriodKind.WEEK, today).before,
    }
    return render(request, "reports/choose.html", context, status=400)


@never_cache
@require_safe
def report(request: HttpRequest, place: str, period: str) -> HttpResponse:
    """Show a report. ?tingkat= (Level of the parts), ?urut= (parts.ORDERS) and ?arah= (parts.UP, DOWN).

    htmx polls it while days wait for a recount: it gets 204 until they are done, then HX-Refresh.
    """
    found = place_for(request.user, place)
    now = timezone.now()
    try:
        chosen = parse_period(period, local_day(now))
    except BadPeriod as error:
        return _refused(request, found, error)
    if request.headers.get("HX-Request"):
        if tables.is_recounting(found, chosen):
            return HttpResponse(status=204)
        return HttpResponse(headers={"HX-Refresh": "true"})
    level = request.GET.get("tingkat", "")
    level = Level(level) if level in found.levels else found.parts
    data = tables.build_report(found, chosen)
    wanted = PartsWanted(level, request.GET.get("urut", ""), request.GET.get("arah", ""))
    context = page_page.page_context(data, scope_of(request.user), wanted, now)
    template = "report" if data.until else "empty"
    return render(request, f"reports/{template}.html", context)


@never_cache
@require_safe
def indications(request: HttpRequest, place: str, period: str) -> HttpResponse:
    """List the indications that a number of the report counts. Filters: drill_down.parse_filter; page: ?hal=."""
    found = place_for(request.user, place)
    now = timezone.now()
    try:
        chosen = parse_period(period, local_day(now))
    except BadPeriod as error:
        return _refused(request, found, error)
    wanted = drill_down.parse_filter(request.GET)
    # Any: an AlertQuerySet, which with_cause returns as a QuerySet to allow filters by its annotation.
    listed: Any = background.with_cause(drill_down.filter_indications(found, chosen, wanted))
    listed = listed.with_explained().select_related("counter__kelurahan__kecamatan", "counter__place__kecamatan")
    shown = Paginator(listed, A_PAGE).get_page(request.GET.get("hal"))
    kept = request.GET.copy()
    kept.pop("hal", None)
    context = {
        "place": found,
        "period": chosen,
        "title": period_title(chosen),
        "path": page_page.places_above(found, scope_of(request.user)),
        "wanted": wanted,
        "page": shown,
        "kept": kept.urlencode(),
        "kinds": INDICATIONS,
        "results": drill_down.RESULTS,
        "reasons": dict(Decision.Reason.choices),
        "now": now,
    }
    return render(request, "reports/indications.html", context)
