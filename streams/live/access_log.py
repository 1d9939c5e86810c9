"""The log of live views: who viewed, why and for how long. The only writer of View.

Code that shows live pictures calls open_view (or open_wall_view) before the first one, touch_view every PULSE, and
close_view at the end. It must check the user's scope (offices.access.gate) before.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from offices.access.gate import User
from offices.hours.schedule import Schedule
from offices.places.models import Counter
from streams.cameras.models import Camera
from streams.evidence.models import gives_reason
from streams.live.models import View

PULSE = timedelta(minutes=1)


class ReasonNeeded(ValidationError):
    """The office is closed: its interior may only be viewed with a reason."""

    def __init__(self) -> None:
        super().__init__(_("Kantor ini di luar jam layanan. Tulis alasan melihat ruangannya, sedikitnya 10 huruf."))


def on_duty(now: datetime, offices: Iterable[int] | None = None) -> set[int]:
    """Return the ids of those offices, by default of all, with a counter on duty. Five queries."""
    counters = Counter.objects.filter(active=True)
    if offices is not None:
        counters = counters.filter(kelurahan__in=offices)
    office_of = dict(counters.values_list("pk", "kelurahan"))
    schedule = Schedule(office_of)
    return {
        office
        for counter, office in office_of.items()
        if any(duty.start <= now < duty.end for duty in schedule.duty(counter, now))
    }


def needs_reason(camera: Camera, now: datetime) -> bool:
    """Return whether no counter of the camera's office is on duty."""
    return not on_duty(now, [camera.kelurahan_id])


def open_view(user: User, camera: Camera, why: View.Why, now: datetime, reason: str = "") -> View:
    """Log that the user begins to view the camera.

    Raises ReasonNeeded when the office is closed and the reason is missing or too short; nothing may be shown then.
    """
    columns = {"camera": camera, "camera_name": camera.name, "offices": [camera.kelurahan_id]}
    return _create_view(user, needs_reason(camera, now), reason, now, why=why, how=View.How.LIVE, **columns)


def open_wall_view(user: User, offices: Iterable[int], now: datetime, reason: str | None = None) -> View:
    """Log that the user views these offices on a wall, as one row.

    A `reason` of None means that no closed office is shown. Raises ReasonNeeded when a reason is too short.
    """
    columns = {"why": View.Why.ROUTINE, "how": View.How.WALL, "offices": sorted(offices)}
    return _create_view(user, reason is not None, reason or "", now, **columns)


def touch_view(view: int, now: datetime) -> None:
    """Record that the view with this id is still open."""
    View.objects.filter(pk=view, ended_at=None, seen_at__lt=now).update(seen_at=now)


def close_view(view: int, now: datetime) -> None:
    """Record the end of a view; later calls change nothing. If the clock was set back, it ends when last seen."""
    end = Greatest("seen_at", now)
    View.objects.filter(pk=view, ended_at=None).update(seen_at=end, ended_at=end)


def filter_views(filters: dict[str, Any]) -> QuerySet[View]:
    """Return views, newest first. filters: office (pk), since and until (dates in WIB), why, closed (bool), words."""
    views = View.objects.select_related("user")
    if filters.get("office"):
        views = views.filter(offices__contains=[filters["office"]])
    if filters.get("since"):
        views = views.filter(opened_at__date__gte=filters["since"])
    if filters.get("until"):
        views = views.filter(opened_at__date__lte=filters["until"])
    if filters.get("why"):
        views = views.filter(why=filters["why"])
    if filters.get("closed"):
        views = views.filter(closed=True)
    for word in filters.get("words", "").split():
        views = views.filter(
            Q(user__username__icontains=word)
            | Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(reason__icontains=word)
            | Q(camera_name__icontains=word)
        )
    return views


def _create_view(user: User, closed: bool, reason: str, now: datetime, **columns: Any) -> View:
    reason = reason.strip()[:500]
    if closed:
        try:
            gives_reason(reason)
        except ValidationError:
            raise ReasonNeeded from None
    return View.objects.create(
        user_id=user.pk or 0, closed=closed, reason=reason, opened_at=now, seen_at=now, **columns
    )
