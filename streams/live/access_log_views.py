"""The page of the access log, for the inspectorate: who viewed which camera, when, for how long and why."""

from collections.abc import Iterable
from typing import Any, TypedDict

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices.access.gate import inspector_required
from offices.places.models import Kelurahan
from streams.live import access_log
from streams.live.access_log_forms import ViewsForm
from streams.live.models import View

ON_A_PAGE = 50
NAMED = 5  # offices of a wall view that are named; further ones are counted


@inspector_required
@never_cache
@require_safe
def views(request: HttpRequest) -> HttpResponse:
    """List live views, filtered by ?q= ?kantor= ?dari= ?sampai= ?sebab= ?tutup=."""
    form = ViewsForm(request.GET)
    form.is_valid()  # an invalid filter is ignored and its field shows the error
    asked = form.cleaned_data
    filters: dict[str, Any] = {
        "words": asked.get("q", ""),
        "since": asked.get("dari"),
        "until": asked.get("sampai"),
        "why": asked.get("sebab"),
        "closed": asked.get("tutup"),
    }
    if office := asked.get("kantor"):
        filters["office"] = office.pk
    page = Paginator(access_log.filter_views(filters), ON_A_PAGE).get_page(request.GET.get("hal"))
    query = request.GET.copy()
    query.pop("hal", None)
    context = {
        "page": page,
        "lines": _lines(page.object_list),
        "form": form,
        "offices": Kelurahan.objects.select_related("kecamatan"),
        "query": query.urlencode(),
    }
    return render(request, "live/access_log.html", context)


class LogLine(TypedDict):
    """One view as the page shows it. `more`: offices that are not named; `lost`: its end is unknown."""

    view: View
    offices: list[Kelurahan]
    more: int
    lost: bool


def _lines(page: Iterable[View]) -> list[LogLine]:
    now, page = timezone.now(), list(page)
    shown = {pk for view in page for pk in view.offices}
    known = Kelurahan.objects.select_related("kecamatan").in_bulk(shown)
    lines: list[LogLine] = []
    for view in page:
        offices = sorted((known[pk] for pk in view.offices if pk in known), key=lambda office: office.code)
        lost = view.lost(now)
        named = offices[:NAMED]
        lines.append({"view": view, "offices": named, "more": len(view.offices) - len(named), "lost": lost})
    return lines
