"""The pages of the access logs, for the inspectorate: who viewed which camera and why, and who opened which file."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices.access import log_csv
from offices.access.file_log import filter_files
from offices.access.gate import inspector_required
from offices.access.log_csv import LogColumn
from offices.access.models import FileAccess
from offices.places.models import Kelurahan, Place
from streams.live import access_log
from streams.live.access_log_forms import FilesForm, ViewsForm
from streams.live.models import View

ON_A_PAGE = 50
VIEW_COLUMNS = (
    LogColumn("opened_at", lambda row: row.opened_at),
    LogColumn("seen_until", lambda row: row.seen_at),
    LogColumn("ended", lambda row: row.ended_at is not None),
    LogColumn("username", lambda row: row.user.get_username()),
    LogColumn("name", lambda row: row.user.get_full_name()),
    LogColumn("how", lambda row: row.how),
    LogColumn("recorded_hour", lambda row: row.recorded_at),
    LogColumn("camera", lambda row: row.camera_name),
    LogColumn("office_ids", lambda row: " ".join(map(str, row.offices))),
    LogColumn("point_ids", lambda row: " ".join(map(str, row.points))),
    LogColumn("why", lambda row: row.why),
    LogColumn("outside_hours", lambda row: row.closed),
    LogColumn("reason", lambda row: row.reason),
)
FILE_COLUMNS = (
    LogColumn("first_at", lambda row: row.at),
    LogColumn("username", lambda row: row.user.get_username()),
    LogColumn("name", lambda row: row.user.get_full_name()),
    LogColumn("kind", lambda row: row.kind),
    LogColumn("key", lambda row: row.key),
    LogColumn("title", lambda row: row.title),
    LogColumn("office_ids", lambda row: " ".join(map(str, row.offices))),
)
NAMED = 5  # offices of a wall view that are named; further ones are counted


@inspector_required
@never_cache
@require_safe
def views(request: HttpRequest) -> HttpResponse:
    """List live views, filtered by ?q= ?kantor= ?dari= ?sampai= ?sebab= ?tutup=; with ?bentuk=csv send all of them."""
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
    found = access_log.filter_views(filters)
    if log_csv.is_asked(request):
        return log_csv.answer(request, request.user, "akses-kamera", str(_("Log akses kamera")), found, VIEW_COLUMNS)
    now = timezone.now()
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("hal"))
    query = request.GET.copy()
    query.pop("hal", None)
    context = {
        "page": page,
        "lines": _lines(page.object_list, now),
        "form": form,
        "offices": Kelurahan.objects.select_related("kecamatan"),
        "query": query.urlencode(),
    }
    return render(request, "live/access_log.html", context)


@inspector_required
@never_cache
@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """List opened files, filtered by ?q= ?kantor= ?dari= ?sampai= ?jenis=; with ?bentuk=csv send all of them."""
    form = FilesForm(request.GET)
    form.is_valid()  # an invalid filter is ignored and its field shows the error
    asked = form.cleaned_data
    office = asked.get("kantor")
    found = filter_files(
        asked.get("q", ""),
        office.pk if office else None,
        asked.get("dari"),
        asked.get("sampai"),
        asked.get("jenis", ""),
    )
    if log_csv.is_asked(request):
        return log_csv.answer(request, request.user, "akses-berkas", str(_("Log akses berkas")), found, FILE_COLUMNS)
    query = request.GET.copy()
    query.pop("hal", None)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("hal"))
    context = {
        "page": page,
        "lines": [NamedFile(row, *named) for row, named in _with_offices(page.object_list)],
        "form": form,
        "offices": Kelurahan.objects.select_related("kecamatan"),
        "query": query.urlencode(),
    }
    return render(request, "live/file_log.html", context)


class LogLine(NamedTuple):
    """One view as the page shows it. `more`: offices that are not named; `lost`: its end is unknown.

    points: the first of a wall's street points; more_points: how many others.
    """

    view: View
    offices: list[Kelurahan]
    more: int
    lost: bool
    points: list[Place]
    more_points: int


def _lines(page: Iterable[View], now: datetime) -> list[LogLine]:
    """Return the views as the page shows them. Two queries."""
    rows = list(page)
    known = Place.objects.in_bulk({pk for row in rows for pk in row.points})
    lines = []
    for view, named in _with_offices(rows):
        points = sorted((known[pk] for pk in view.points if pk in known), key=lambda place: place.point_code or "")
        shown = points[:NAMED]
        lines.append(LogLine(view, *named, view.lost(now), shown, len(view.points) - len(shown)))
    return lines


class NamedFile(NamedTuple):
    """One opened file as the page shows it. `more`: offices that are not named."""

    row: FileAccess
    offices: list[Kelurahan]
    more: int


AboutOffices = TypeVar("AboutOffices", View, FileAccess)


def _with_offices(page: Iterable[AboutOffices]) -> Iterator[tuple[AboutOffices, tuple[list[Kelurahan], int]]]:
    """Yield each row with the first NAMED of its offices, and how many others it is about. One query."""
    rows = list(page)
    known = Kelurahan.objects.select_related("kecamatan").in_bulk({pk for row in rows for pk in row.offices})
    for row in rows:
        named = sorted((known[pk] for pk in row.offices if pk in known), key=lambda office: office.code)[:NAMED]
        yield row, (named, len(row.offices) - len(named))
