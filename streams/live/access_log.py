"""The log of live views: who looked, why and how long. The only writer of View.

Whoever shows live pictures says `opened` before the first one, `still_open` every PULSE, and `closed` at the end.
Scope is asked of offices.access.gate before.
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
from offices.places.models import Counter, Place
from streams.cameras.models import Camera
from streams.evidence.models import gives_reason
from streams.live.models import View

PULSE = timedelta(minutes=1)


class ReasonNeeded(ValidationError):
    """The office is closed: its interior is shown only to those who say why."""

    def __init__(self) -> None:
        super().__init__(_("Kantor ini di luar jam layanan. Tulis alasan melihat ruangannya, sedikitnya 10 huruf."))


def on_duty(now: datetime, offices: Iterable[int] | None = None) -> set[int]:
    """Those kelurahan offices (by default of the whole city) of which a counter is on duty. Five queries."""
    counters = Counter.objects.of_kelurahan().filter(active=True)
    if offices is not None:
        counters = counters.filter(kelurahan__in=offices)
    return _on_duty(counters.values_list("pk", "kelurahan"), now)


def needs_reason(camera: Camera, now: datetime) -> bool:
    """No counter of its office is on duty. A street point is no interior. Needs its place loaded."""
    if camera.place.kind == Place.Kind.POINT:
        return False
    counters = Counter.objects.filter(active=True, place=camera.place_id)
    return not _on_duty(counters.values_list("pk", "place"), now)


def open_view(user: User, camera: Camera, why: View.Why, now: datetime, reason: str = "") -> View:
    """Write down that this user begins to look.

    ReasonNeeded when the office is closed and none, or a poor one, is given: nothing may be shown then.
    """
    what = {
        "camera": camera,
        "camera_name": camera.name,
        "offices": [camera.kelurahan_id] if camera.kelurahan_id else [],
    }
    return _create_view(user, needs_reason(camera, now), reason, now, why=why, how=View.How.LIVE, **what)


def open_wall_view(user: User, offices: Iterable[int], now: datetime, reason: str | None = None) -> View:
    """One line for all that one wall shows. None: it shows no closed office; ReasonNeeded for a poor reason."""
    what = {"why": View.Why.ROUTINE, "how": View.How.WALL, "offices": sorted(offices)}
    return _create_view(user, reason is not None, reason or "", now, **what)


def touch_view(view: int, now: datetime) -> None:
    View.objects.filter(pk=view, ended_at=None, seen_at__lt=now).update(seen_at=now)


def close_view(view: int, now: datetime) -> None:
    """Its end, once; later ends change nothing. A clock that went back ends it when it was last seen."""
    end = Greatest("seen_at", now)
    View.objects.filter(pk=view, ended_at=None).update(seen_at=end, ended_at=end)


def filter_views(filters: dict[str, Any]) -> QuerySet[View]:
    """Newest first. filters: office (pk), since and until (dates in WIB), why, closed (bool), words."""
    found = View.objects.select_related("user")
    if filters.get("office"):
        found = found.filter(offices__contains=[filters["office"]])
    if filters.get("since"):
        found = found.filter(opened_at__date__gte=filters["since"])
    if filters.get("until"):
        found = found.filter(opened_at__date__lte=filters["until"])
    if filters.get("why"):
        found = found.filter(why=filters["why"])
    if filters.get("closed"):
        found = found.filter(closed=True)
    for word in filters.get("words", "").split():
        found = found.filter(
            Q(user__username__icontains=word)
            | Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(reason__icontains=word)
            | Q(camera_name__icontains=word)
        )
    return found


def _on_duty(counters: Iterable[tuple[int, int]], now: datetime) -> set[int]:
    """Of counters with their offices, the offices of which one is on duty."""
    office_of = dict(counters)
    schedule = Schedule(office_of)
    return {
        office
        for counter, office in office_of.items()
        if any(duty.start <= now < duty.end for duty in schedule.duty(counter, now))
    }


def _create_view(user: User, closed: bool, reason: str, now: datetime, **what: Any) -> View:
    reason = reason.strip()[:500]
    if closed:
        try:
            gives_reason(reason)
        except ValidationError:
            raise ReasonNeeded from None
    return View.objects.create(user_id=user.pk or 0, closed=closed, reason=reason, opened_at=now, seen_at=now, **what)
