"""The board and the office page. Both are complete without JavaScript; sockets then keep them up to date."""

from collections import defaultdict
from typing import TypedDict

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.board import office_today
from discipline.board import rows as board_rows
from discipline.board.city_map.map_data import neighbours
from discipline.board.day.office_day import gather_day
from discipline.board.fleet_notice import current_notice
from discipline.board.headline_rule import Headline, headline
from discipline.board.kecamatan_offices import rows as kecamatan_rows
from discipline.board.payloads import OfficeRow
from discipline.board.standing_still import parts_standing_still
from discipline.board.street_points.section import board_section
from discipline.board.words import words_for_browser
from discipline.core.asset_graph import KEEP
from discipline.staffing.models import StandingState
from offices.access.gate import office_for, scope_of
from offices.hours.schedule import DAY, local_day
from offices.places.phone_rule import dialled
from offices.places.search import matches, normalise, search_text
from streams.live import picture_gate
from streams.source import newest_picture

TROUBLED_SHOWN = 24  # the rest are one click away: a city-wide fault must not push the offices off the screen


class BoardPageRow(OfficeRow):
    """A row of the page. search: what `matches` searches.

    shown: it passes the filters of the address; named: it passes those by name and kecamatan.
    """

    search: str
    named: bool
    shown: bool


class KecamatanSection(TypedDict):
    """The offices of a kecamatan. shown: at least one row is."""

    id: int
    name: str
    code: str
    rows: list[BoardPageRow]
    shown: bool
    headline: Headline


@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show the board. ?q= searches, ?kecamatan= (code) and ?keadaan= (rows.GROUPS, repeatable) filter, ?lihat=
    chooses offices or points (street_points.section.LOOKS).

    Whoever sees points and no office, an officer of an agency, is led to the tasks.
    """
    scope = scope_of(request.user)
    if scope.only_points:
        return redirect("tasks")
    if scope.empty:
        raise PermissionDenied
    query, kecamatan = request.GET.get("q", ""), request.GET.get("kecamatan", "")
    wanted = normalise(query)
    groups = [group for group in request.GET.getlist("keadaan") if group in board_rows.GROUPS]
    rows = _filtered(kecamatan_rows.all_rows(request.user), wanted, kecamatan, groups)
    below, above = kecamatan_rows.split(rows)
    troubled = [row for row in board_rows.troubled_rows(rows) if row["shown"]]
    counts = board_rows.count_by_group(below)  # kecamatan offices have counts of their own
    top = headline(below)
    incident = board_rows.open_incident()
    feed = board_rows.recent_indications(request.user)
    named = {row["id"] for row in rows if row["named"]}
    now = timezone.now()
    context = {
        "sections": _sections(below),
        "above": {"rows": above, "shown": any(row["shown"] for row in above), "headline": headline(above)},
        "troubled": troubled if groups else troubled[:TROUBLED_SHOWN],
        "unseen": sum(row["state"] == StandingState.UNKNOWN for row in troubled),
        "unseen_open": StandingState.UNKNOWN in groups,
        "more_troubled": 0 if groups else max(0, len(troubled) - TROUBLED_SHOWN),
        "troubled_shown": TROUBLED_SHOWN,
        "any_troubled": any(row["trouble"] for row in rows),
        "searched": bool(wanted),
        "found": sum(row["shown"] for row in rows) if wanted else 0,
        "nothing_found": not any(row["shown"] for row in rows),
        "any_camera": any(row["has_camera"] for row in rows),
        "counts": counts,
        "headline": top,
        "counted": {
            key: format_html('<b data-count="{}">{}</b>', key, number) for key, number in {**counts, **top}.items()
        },
        "filters": [(group, counts[group], group in groups) for group in board_rows.GROUPS],
        "incident": incident,
        "fleet": current_notice(incident),
        "still": parts_standing_still(),
        "feed": feed,
        "named": named,
        "feed_shown": any(one["kelurahan_id"] in named for one in feed),
        "feed_limit": board_rows.FEED_SIZE,
        "query": query,
        "kecamatan": kecamatan,
        "blank": {"from": None, "since": None, "ended_at": None},  # for the templates that the browser fills
        "points": board_section(
            scope, request.GET.get("lihat", ""), wanted, narrowed=bool(kecamatan or groups), now=now
        ),
        "now": now,
        "words": words_for_browser(),
    }
    response = render(request, "board/board.html", context)
    response.headers[KEEP] = now.isoformat()
    return response


def _filtered(rows: list[OfficeRow], wanted: str, kecamatan: str, groups: list[str]) -> list[BoardPageRow]:
    """Return all rows, each with `named` and `shown`. `wanted` is normalised; "" and [] filter nothing."""
    filtered: list[BoardPageRow] = []
    for row in rows:
        search = search_text(row["name"], row["official"], row["kecamatan"]["name"])
        named = kecamatan in ("", row["kecamatan"]["code"]) and matches(wanted, search)
        shown = named and (not groups or row["group"] in groups)
        filtered.append({**row, "search": search, "named": named, "shown": shown})
    return filtered


def _sections(rows: list[BoardPageRow]) -> list[KecamatanSection]:
    """Return the rows by kecamatan, in the order of their codes."""
    by_kecamatan: dict[int, list[BoardPageRow]] = defaultdict(list)
    for row in rows:
        by_kecamatan[row["kecamatan"]["id"]].append(row)
    return [
        {
            **own[0]["kecamatan"],
            "rows": own,
            "shown": any(row["shown"] for row in own),
            "headline": headline(own),
        }
        for own in by_kecamatan.values()
    ]


@never_cache
@require_safe
def office(request: HttpRequest, code: str) -> HttpResponse:
    """Show one office. 404 if it does not exist or is out of the user's scope."""
    found = office_for(request.user, code)
    now = timezone.now()
    row = kecamatan_rows.office_row(found)
    incident = board_rows.open_incident()
    counters = office_today.counters_today(row["counters"], now)
    reports = newest_picture.read_health()
    office_cameras = office_today.office_cameras(found)
    cameras = [
        {"camera": camera, "report": reports.get(camera.pk, {}), "picture": newest_picture.newest_picture_at(camera.pk)}
        for camera in office_cameras
    ]
    scope = scope_of(request.user)
    context = {
        "office": found,
        "asks": scope.asks(found),
        "row": row,
        "counters": counters,
        "hours": counters[0].day if counters else None,
        "gathered": gather_day(counters, request.user, local_day(now), now),
        "yesterday": local_day(now) - DAY,
        "cameras": cameras,
        # The interior of a closed office is not shown before the user has given a reason.
        "closed_room": bool(office_cameras) and not picture_gate.is_admitted(request.user, office_cameras[0], now),
        "legend": (
            StandingState.STAFFED.value,
            StandingState.GRACE.value,
            StandingState.ABSENT.value,
            StandingState.UNKNOWN.value,
        ),
        "incident": incident,
        "fleet": current_notice(incident),
        "still": parts_standing_still(),
        "feed": office_today.office_indications(found, office_today.local_midnight(now)),
        "counted": office_today.count_office_indications(found, office_today.local_midnight(now)),
        "now": now,
        "words": words_for_browser(),
        "neighbours": neighbours(found, scope),
        "dialled": {"phone": dialled(found.phone), "whatsapp": dialled(found.whatsapp)},
        "counter_names": office_today.counter_names(found),
    }
    return render(request, "board/office.html", context)
