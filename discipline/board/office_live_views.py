"""The page with an office's live cameras and the standing of its counters."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.board import office_today
from discipline.board import rows as board_rows
from discipline.board.fleet_notice import current_notice
from discipline.board.kecamatan_offices import rows as kecamatan_rows
from discipline.board.standing_still import parts_standing_still
from discipline.board.words import words_for_browser
from offices.access.gate import office_for
from streams.live import picture_gate
from streams.live.models import View

EVERY = "semua"  # ?kamera= for all cameras of the office, by their small streams
WHY = {"sidak": View.Why.SPOT_CHECK, "indikasi": View.Why.INDICATION}


@never_cache
@require_safe
def office_live(request: HttpRequest, code: str) -> HttpResponse:
    """Show an office's cameras live. 404 if it is out of the user's scope or the camera is not its own.

    ?kamera= chooses a camera (id) or EVERY, ?dari=sidak|indikasi is why the user views it.
    """
    office = office_for(request.user, code)
    now = timezone.now()
    cameras = office_today.office_cameras(office)
    wanted = request.GET.get("kamera", "")
    shown = next((camera for camera in cameras if str(camera.pk) == wanted), None)
    if wanted not in ("", EVERY) and shown is None:
        raise Http404
    came_from = request.GET.get("dari", "")
    row = kecamatan_rows.office_row(office)
    incident = board_rows.open_incident()
    context = {
        "office": office,
        "row": row,
        "cameras": cameras,
        "shown": cameras if wanted == EVERY else [shown] if shown else cameras[:1],
        "stream": "sub" if wanted == EVERY and len(cameras) > 1 else "main",
        "why": WHY.get(came_from, View.Why.ROUTINE),
        "came_from": came_from if came_from in WHY else "",
        # The interior of a closed office is not shown before the user has given a reason.
        "no_poster": bool(cameras) and not picture_gate.is_admitted(request.user, cameras[0], now),
        "incident": incident,
        "fleet": current_notice(incident),
        "still": parts_standing_still(),
        "now": now,
        "words": words_for_browser(),
    }
    return render(request, "board/office_live.html", context)
