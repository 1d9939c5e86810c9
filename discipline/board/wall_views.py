"""The page of the command centre's video wall: the chosen offices as tiles, which wall.js keeps up to date."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.board import rows as board_rows
from discipline.board import wall
from discipline.board.fleet_notice import current_notice
from discipline.board.kecamatan_offices import rows as kecamatan_rows
from discipline.board.payloads import OfficeRow
from discipline.board.standing_still import parts_standing_still
from discipline.board.street_points.on_wall import on_wall, scenes_with
from discipline.board.street_points.rows import REFRESH_S, point_rows
from discipline.board.words import words_for_browser
from discipline.staffing import words as staffing_words
from discipline.staffing.models import StandingState
from offices.access.gate import scope_of
from offices.points.models import Purpose


class WallPageRow(OfficeRow):
    """A row of the page, with the address that its tile opens."""

    live_url: str


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the wall. ?kantor= ?kecamatan= choose, ?lihat= ?titik= ?keperluan= choose street points, ?adegan= a
    scene, ?urut= ?ubin= ?putar= ?peta= arrange (wall.parse_choice).

    404 if a chosen office or kecamatan is out of the user's scope.
    """
    scope, now = scope_of(request.user), timezone.now()
    if scope.empty:
        raise PermissionDenied
    choice = wall.parse_choice(request.GET)
    try:
        chosen, points = on_wall(request.user, choice, now)
    except wall.WallNotFound:
        raise Http404 from None
    rows: list[WallPageRow] = [
        {**row, "live_url": _live_url(row)} for row in kecamatan_rows.all_rows(request.user) if row["id"] in chosen
    ]
    if choice.order == wall.TROUBLE:
        rows.sort(key=lambda row: row["wall_order"])
    counts = board_rows.count_by_group(rows)
    incident = board_rows.open_incident()
    context = {
        "rows": rows,
        "points": points,
        "refresh_s": REFRESH_S,
        "choice": choice,
        "every_point": (every := point_rows(scope, now)),
        "scenes": scenes_with(every),
        "purposes": Purpose.choices,
        "looks": [("", _("Kantor saja")), (wall.POINTS, _("Titik saja")), (wall.BOTH, _("Kantor dan titik"))],
        "sections": wall.sections(request.user, choice),
        "sizes": [(size, _size_word(size)) for size in (*wall.SIZES, 0)],
        "turns": [(turn, _turn_word(turn)) for turn in (*wall.TURNS_S, 0)],
        "maps": [
            ("", _("Tanpa peta")),
            (wall.BESIDE, _("Di samping ubin")),
            (wall.OWN_PAGE, _("Satu halaman sendiri")),
        ],
        "groups": [(group, counts[group]) for group in board_rows.GROUPS],
        "any_closed": bool(counts[StandingState.CLOSED.value] or counts[staffing_words.NO_COUNTERS]),
        "build": wall.client_build(),
        "incident": incident,
        "fleet": current_notice(incident),
        "still": parts_standing_still(),
        "now": now,
        "words": words_for_browser()
        | {
            "closed_until": _("Yang tutup terlihat sampai %(at)s"),
            "spotlit": _("Disorot oleh %(name)s, sampai %(at)s"),
        },
    }
    return render(request, "board/wall.html", context)


def _live_url(row: OfficeRow) -> str:
    """Return the address of the office's live page, or of the office page if that can't be reversed."""
    try:
        return reverse("office-live", args=[row["code"]])
    except NoReverseMatch:
        return row["url"]


def _size_word(size: int) -> str:
    return ngettext("%(n)s ubin", "%(n)s ubin", size) % {"n": size} if size else _("Semua sekaligus")


def _turn_word(turn: int) -> str:
    return (
        ngettext("Ganti tiap %(n)s detik", "Ganti tiap %(n)s detik", turn) % {"n": turn} if turn else _("Jangan ganti")
    )
