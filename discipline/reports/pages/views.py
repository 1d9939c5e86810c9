"""Reports as pages: of a place and a period, and the indications behind each of their numbers."""

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
from discipline.reports.numbers import background, drill_down, summary, tables
from discipline.reports.numbers.period import BadPeriod, Period, PeriodKind, parse_period, period_of
from discipline.reports.numbers.places import Level, OrgUnit, default_place, place_for
from discipline.reports.numbers.words import KINDS, bad_period_word, period_title
from discipline.reports.pages import page as page_page
from offices.access.gate import scope_of
from offices.hours.schedule import local_day

A_PAGE = 30


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """To the user's own place and the last full week; or what the picker asks for: ?tempat=, ?jenis= (Kind), ?tanggal=
    and ?sampai= (ISO dates). What it can't have is said in words."""
    own = default_place(request.user)
    if own is None:
        raise PermissionDenied
    asked, today = request.GET, local_day(timezone.now())
    place = place_for(request.user, asked.get("tempat", "")) if asked.get("tempat") else own
    if "tanggal" not in asked:
        return redirect("report", place.key, period_of(PeriodKind.WEEK, today).before.key)
    try:
        period = _picked(asked, today)
    except BadPeriod as error:
        return _refused(request, place, error, asked)
    return redirect("report", place.key, period.key)


def _picked(asked: QueryDict, today: date) -> Period:
    kind, first, last = asked.get("jenis", ""), asked.get("tanggal", ""), asked.get("sampai", "")
    if kind not in list(PeriodKind):
        raise BadPeriod(BadPeriod.UNREADABLE)
    if kind == PeriodKind.RANGE:
        return parse_period(f"{first}..{last or first}", today)
    day = parse_period(first, date.max).first
    return parse_period(period_of(PeriodKind(kind), day).key, today)


def _refused(request: HttpRequest, place: OrgUnit, error: BadPeriod, asked: QueryDict | None = None) -> HttpResponse:
    """The form again with what was typed."""
    today = local_day(timezone.now())
    typed = asked.dict() if asked else {"jenis": PeriodKind.RANGE.value, "tanggal": "", "sampai": ""}
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
    """?tingkat= (Level of the parts) and ?urut= (page.ORDERS). To htmx, which asks while days are being counted again:
    nothing, or to load the page anew."""
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
    told = tables.build_report(found, chosen)
    context = page_page.page_context(told, scope_of(request.user), level, request.GET.get("urut", ""), now)
    template = "report" if told.until else "empty"
    context["sentences"] = summary.sentences(told)
    return render(request, f"reports/{template}.html", context)


@never_cache
@require_safe
def indications(request: HttpRequest, place: str, period: str) -> HttpResponse:
    """What a number of the report counts: drill_down.parse_filter tells the filters, ?hal= pages."""
    found = place_for(request.user, place)
    now = timezone.now()
    try:
        chosen = parse_period(period, local_day(now))
    except BadPeriod as error:
        return _refused(request, found, error)
    wanted = drill_down.parse_filter(request.GET)
    listed: Any = background.with_cause(drill_down.filter_indications(found, chosen, wanted))
    listed = listed.with_explained().select_related("counter__kelurahan__kecamatan")
    shown = Paginator(listed, A_PAGE).get_page(request.GET.get("hal"))
    kept = request.GET.copy()
    kept.pop("hal", None)
    context: dict[str, Any] = {
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
