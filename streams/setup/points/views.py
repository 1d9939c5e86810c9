"""The list of street points and the page of one. Changing them is in offices.points."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices.access.gate import scope_of
from offices.hours.schedule import local_day
from offices.places.models import Agency, Place
from offices.points.compass_rule import wind
from offices.points.finding import PointFilter, find_points, point_in, points_in
from offices.points.models import Purpose
from streams.cameras.models import Camera
from streams.control.steering import away
from streams.control.steering.rights import sets_home_at, steers_at
from streams.live.recordings.finding import with_recordings
from streams.setup.points.listing import with_cameras

A_PAGE = 50


@never_cache
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """List the points that the user may see, by ?q=, ?keperluan= (a Purpose) and ?instansi= (a code); ?hal= pages."""
    scope = scope_of(request.user)
    if not scope.sees_points:
        raise PermissionDenied
    asked = {name: request.GET.get(name, "")[:100] for name in ("q", "keperluan", "instansi")}
    wanted = PointFilter(asked["q"], asked["keperluan"], asked["instansi"])
    page = Paginator(find_points(scope, wanted), A_PAGE).get_page(request.GET.get("hal"))
    query = request.GET.copy()
    query.pop("hal", None)
    own = points_in(scope)
    context = {
        "page": page,
        "rows": with_cameras(page.object_list, timezone.now()),
        "total": own.count(),
        "wanted": wanted,
        "purposes": Purpose.choices,
        "agencies": Agency.objects.filter(points__in=own).distinct(),
        "query": query.urlencode(),
    }
    return render(request, "setup/points.html", context)


@never_cache
@require_safe
def point(request: HttpRequest, code: str) -> HttpResponse:
    """Show a point with its cameras. 404 if it does not exist or is out of the user's scope."""
    scope, now = scope_of(request.user), timezone.now()
    place = point_in(scope, code)
    recorded = with_recordings(Camera.objects.filter(place=place)).values_list("pk", flat=True)
    context: dict[str, Any] = {"place": place, "row": with_cameras([place], now)[0], "steers": steers_at(scope, place)}
    cameras = [one.camera for one in context["row"].cameras]
    context["stays_away"] = away.stays_away(one.pk for one in cameras)
    context["sets_home"] = any(sets_home_at(scope, one, now) for one in cameras if one.pk in context["stays_away"])
    context["recorded"] = set(recorded)
    if hasattr(place, "point"):
        context |= _details(place, now)
    return render(request, "setup/point.html", context)


def _details(place: Place, now: datetime) -> dict[str, Any]:
    """Return the point's details in words, and its legal basis: the row that holds and all rows, newest first."""
    details, today = place.point, local_day(now)
    prefetch_related_objects([details], "bases__controller")
    return {
        "details": details,
        "wind": wind(details.direction) if details.direction is not None else "",
        "proposer": details.proposed_by_agency or details.proposed_by_office,
        "bases": details.bases.all(),
        "today": today,
        "holding": details.basis_on(today),
    }
