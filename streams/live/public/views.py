"""The public's pages and data: no login, and nothing of a camera but its point, its pictures and its state."""

import hashlib
import json
import time
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from offices.hours.schedule import local_day
from offices.points.finding import names_point
from offices.points.models import Purpose
from streams.cameras.troubles.rule import percent
from streams.live.public import seats, seen
from streams.live.public.closures import limits
from streams.live.public.files_consumer import FILES
from streams.live.public.models import PublicPoint
from streams.live.public.seen import PublicView
from streams.source.hls.playlist_rule import PLAYLIST, STILL

PAUSE_S = 300  # after which a player asks whether somebody still watches
HLS_BEHIND_S = 15  # what a player is behind by itself


class PublicListing:
    """A point as templates show it. picture: the address of its newest still, with its time; "" when there is none."""

    def __init__(self, view: PublicView) -> None:
        self.view, self.shown = view, view.shown
        at = view.shown.picture_at
        self.picture = f"{FILES}{view.code}/{STILL}?{int(at.timestamp())}" if at else ""
        form = "%H.%M.%S" if get_language() == "id" else "%H:%M:%S"
        self.picture_clock = f"{timezone.localtime(at).strftime(form)} WIB" if at else ""
        self.purposes = [Purpose(one).label for one in view.purposes]
        self.behind_s = view.delay_s + HLS_BEHIND_S


@login_not_required
@never_cache
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """List the public points, filtered by ?keperluan=, ?instansi= and ?cari=; ?bagian=daftar is the list alone."""
    every = seen.public_points(timezone.now())
    purpose, agency = request.GET.get("keperluan", ""), request.GET.get("instansi", "")
    words = request.GET.get("cari", "").strip()[:60]
    wanted = [
        one
        for one in every
        if (not purpose or purpose in one.purposes)
        and (not agency or agency == one.agency_code)
        and names_point(words, one.code, one.name, one.agency)
    ]
    context = {
        "points": [PublicListing(one) for one in wanted],
        "total": len(every),
        "purposes": [(one.value, one.label) for one in Purpose if any(one in point.purposes for point in every)],
        "agencies": sorted({(one.agency_code, one.agency) for one in every}, key=lambda pair: pair[1]),
        "purpose": purpose,
        "agency": agency,
        "words": words,
        "filtered": bool(purpose or agency or words),
    }
    part = request.GET.get("bagian") == "daftar"
    return render(request, "public/cards.html" if part else "public/points.html", context)


@login_not_required
@never_cache
@require_safe
def point(request: HttpRequest, code: str) -> HttpResponse:
    """Show a public point; ?bagian=keadaan is its state alone. A private one is not there."""
    return render(request, _part(request) or "public/point.html", _context(code))


@login_not_required
@xframe_options_exempt
@never_cache
@require_safe
def embedded(request: HttpRequest, code: str) -> HttpResponse:
    """Show a public point alone, for pages of other sites."""
    response = render(request, "public/embedded.html", _context(code))
    response.embeddable = True  # type: ignore[attr-defined]  # for discipline.ops.web.headers
    return response


def _part(request: HttpRequest) -> str:
    return "public/state.html" if request.GET.get("bagian") == "keadaan" else ""


def _context(code: str) -> dict[str, Any]:
    now = timezone.now()
    listed = PublicListing(_find(code, now))
    uptime = seen.uptime_of(code, local_day(now))
    share = percent(uptime.share) if uptime.share is not None else None
    return {"point": listed, "uptime": uptime, "percent": share, "pause_s": PAUSE_S}


def _find(code: str, now: datetime) -> PublicView:
    for one in seen.public_points(now):
        if one.code == code:
            return one
    raise Http404


@login_not_required
@require_safe
def points_json(request: HttpRequest) -> HttpResponseBase:
    """Return all public points as GeoJSON, for anybody's programs."""
    found = [_feature(request, one) for one in seen.public_points(timezone.now())]
    body = json.dumps({"type": "FeatureCollection", "features": found}, ensure_ascii=False).encode()
    response = HttpResponse(body, content_type="application/geo+json")
    response.headers["Cache-Control"] = "public, max-age=10"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["ETag"] = etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=etag, response=response) or response


def _feature(request: HttpRequest, one: PublicView) -> dict[str, Any]:
    files = request.build_absolute_uri(f"{FILES}{one.code}/")
    at = one.shown.picture_at
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [one.longitude, one.latitude]},
        "properties": {
            "code": one.code,
            "name": one.name,
            "agency": one.agency,
            "purposes": list(one.purposes),
            "state": one.shown.state.value,
            "picture_at": at.isoformat(timespec="seconds") if at else None,
            "picture": f"{files}{STILL}" if at else None,
            "live": f"{files}{PLAYLIST}" if one.shown.plays else None,
        },
    }


@csrf_exempt  # a player on another site's page has no cookie, and changes nothing of anybody
@login_not_required
@never_cache
@require_POST
def seat(request: HttpRequest, code: str) -> HttpResponse:
    """Give a player (?kursi=, a token that it made up) its seat and the playlist's address; ?selesai= takes it back.

    Answers 422 for a wrong token, and {"live": null, "state"} when the point doesn't play or all seats are taken.
    """
    token, now = request.GET.get("kursi", ""), timezone.now()
    one = _find(code, now)
    if "selesai" in request.GET:
        seats.leave_seat(code, token)
        return HttpResponse(status=204)
    most = PublicPoint.objects.filter(place__point_code=code).values_list("most_viewers", flat=True).first() or 0
    try:
        room = seats.take_seat(code, token, time.time(), most, limits().most_viewers)
    except ValueError:
        return JsonResponse({"live": None, "state": one.shown.state.value}, status=422)
    # When all seats are taken, who has one keeps it.
    plays = room and one.shown.state in ("live", "full")
    state = "full" if one.shown.plays and not room else one.shown.state.value
    return JsonResponse({"live": f"{FILES}{code}/{PLAYLIST}" if plays else None, "state": state})
