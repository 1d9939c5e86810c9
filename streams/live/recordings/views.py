"""The list of recorded cameras, the player of one to four of them, and the reason for those of offices."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from offices.access.gate import Scope, scope_of
from offices.hours.schedule import local_day
from streams.cameras.models import Camera
from streams.evidence.recording import rights
from streams.evidence.recording.day_strip_rule import RECORDED, UNKNOWN, RecordedStretch
from streams.live import access_log, picture_gate
from streams.live.recordings import calendar_rule, finding
from streams.live.recordings.finding import MOST_TOGETHER, LocalDay
from streams.live.recordings.words import gap_words, player_words

ON_A_PAGE = 50
SPEEDS = ("0.5", "1", "2", "4", "8")


@dataclass(frozen=True, slots=True)
class DrawnStretch:
    """A stretch of the day as the strip draws it. x and width: in minutes; words: what it is."""

    starts_at: datetime
    ends_at: datetime
    what: str
    words: str
    x: str
    width: str

    @property
    def is_gap(self) -> bool:
        """Whether nothing was recorded."""
        return self.what != RECORDED

    @property
    def top(self) -> int:
        """Where it is drawn in a strip that is ten high: gaps are low, so that they differ without colours, too."""
        return 6 if self.is_gap else 0

    @property
    def height(self) -> int:
        """How high it is drawn."""
        return 10 - self.top


@dataclass(frozen=True, slots=True)
class PlayedCamera:
    """A camera in the player, and its day."""

    camera: Camera
    stretches: list[DrawnStretch]

    @property
    def gaps(self) -> list[DrawnStretch]:
        """The parts of the day without a recording."""
        return [one for one in self.stretches if one.is_gap]


@never_cache
@require_safe
def recordings(request: HttpRequest) -> HttpResponse:
    """List the recorded cameras that the user may see, by ?q=; ?kamera= (up to four times) opens the player."""
    scope = scope_of(request.user)
    if not (scope.sees_points or scope.inspects):
        raise PermissionDenied
    words = request.GET.get("q", "")[:100]
    chosen = _ids(request.GET.getlist("kamera"))
    if chosen and "buka" in request.GET:
        first, others = chosen[0], ",".join(map(str, chosen[1:]))
        return redirect(reverse("recording", args=[first]) + (f"?dengan={others}" if others else ""))
    cameras = finding.with_recordings(rights.recorded_cameras(scope))
    for word in words.split():
        cameras = cameras.filter(_named(word))
    page = Paginator(cameras.order_by("place__kind", "place__point_code", "pk"), ON_A_PAGE).get_page(
        request.GET.get("hal")
    )
    query = request.GET.copy()
    query.pop("hal", None)
    context = {"page": page, "chosen": chosen, "words": words, "query": query.urlencode(), "most": MOST_TOGETHER}
    return render(request, "recordings/list.html", context)


@never_cache
@require_safe
def recording(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the player of a camera's day: ?hari= (ISO, WIB) or that of ?saat= (seconds since 1970), else the newest.

    ?dengan=2,3 shows up to three more cameras in step, ?sebab= is a View.Why. 403 with a form when a reason is needed.
    """
    scope, now = scope_of(request.user), timezone.now()
    cameras = _chosen(scope, pk, request.GET.get("dengan", ""))
    moment = _asked_moment(request)
    try:
        for camera in cameras:
            picture_gate.admit_recording(request.user, camera, moment or now, now)
    except picture_gate.ReasonNeeded:
        return _reason_page(request, camera, 403)
    day = _asked_day(request, moment) or local_day(finding.newest_moment(cameras[0]) or now)
    played = [PlayedCamera(camera, _drawn(camera, LocalDay(day), now)) for camera in cameras]
    month = calendar_rule.span_of_month(day)
    context: dict[str, Any] = {
        "camera": cameras[0],
        "played": played,
        "day": day,
        "begins": round(LocalDay(day).begins.timestamp()),
        "moment": round(moment.timestamp()) if moment else "",
        "month": calendar_rule.month_of(day, finding.days_with_recordings(cameras, *month), local_day(now)),
        "others": ",".join(str(one.pk) for one in cameras[1:]),
        "why": access_log.asked_why(request.GET.get("sebab", "")),
        "speeds": SPEEDS,
        "today": day == local_day(now),
        "words": player_words(),
        "exports": rights.may_keep(scope),
    }
    return render(request, "recordings/player.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reason(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why the user views an office's recordings; on POST remember it and open the player."""
    camera = rights.recorded_camera(scope_of(request.user), pk)
    if request.method != "POST":
        return _reason_page(request, camera)
    try:
        picture_gate.give_reason(request.user, [camera.place_id], request.POST.get("reason", ""), timezone.now())
    except picture_gate.ReasonNeeded:
        return _reason_page(request, camera, 422, str(picture_gate.RECORDED))
    query = request.GET.urlencode()
    return redirect(reverse("recording", args=[camera.pk]) + (f"?{query}" if query else ""))


def _reason_page(request: HttpRequest, camera: Camera, status: int = 200, problem: str = "") -> HttpResponse:
    context = {
        "camera": camera,
        "problem": problem,
        "query": request.GET.urlencode(),
        "typed": request.POST.get("reason", ""),
    }
    return render(request, "recordings/reason.html", context, status=status)


def _chosen(scope: Scope, pk: int, others: str) -> list[Camera]:
    """Return the camera and the others that are named, at most MOST_TOGETHER. Raises Http404 for the first one."""
    first = rights.recorded_camera(scope, pk)
    wanted = [one for one in _ids(others.split(",")) if one != pk][: MOST_TOGETHER - 1]
    found = rights.recorded_cameras(scope).in_bulk(wanted)
    return [first, *(found[one] for one in wanted if one in found)]


def _ids(texts: list[str]) -> list[int]:
    kept = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 18]
    return list(dict.fromkeys(kept))[:MOST_TOGETHER]


def _named(word: str) -> Q:
    return (
        Q(name__icontains=word)
        | Q(place__point_name__icontains=word)
        | Q(place__point_code__icontains=word)
        | Q(place__kelurahan__name__icontains=word)
        | Q(place__kecamatan__name__icontains=word)
    )


def _asked_moment(request: HttpRequest) -> datetime | None:
    text = request.GET.get("saat", "")
    return datetime.fromtimestamp(int(text), UTC) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _asked_day(request: HttpRequest, moment: datetime | None) -> date | None:
    asked = finding.day_of(request.GET.get("hari", "")) or (finding.day_of(str(local_day(moment))) if moment else None)
    return asked.day if asked else None


def _drawn(camera: Camera, day: LocalDay, now: datetime) -> list[DrawnStretch]:
    words = gap_words()
    return [_draw(one, day, words) for one in finding.strip_of(camera, day, now)]


def _draw(one: RecordedStretch, day: LocalDay, words: dict[str, str]) -> DrawnStretch:
    x = (one.starts_at - day.begins).total_seconds() / 60
    width = max(0.2, (one.ends_at - one.starts_at).total_seconds() / 60)
    said = words.get(one.what, words[UNKNOWN])
    return DrawnStretch(one.starts_at, one.ends_at, one.what, said, f"{x:.2f}", f"{width:.2f}")
