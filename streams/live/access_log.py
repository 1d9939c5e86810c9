"""The log of views: who viewed a camera's pictures, why and for how long. The only writer of View.

Code that shows live pictures calls open_view (or open_wall_view) before the first one, continue_view every PULSE, and
close_view at the end; code that sends single pictures calls log_picture before each, pages that set a camera up
log_setup_picture. They ask picture_gate; the user's scope (offices.access.gate) must be checked before.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest

from offices.access.gate import User
from streams.cameras.models import Camera
from streams.live import picture_gate
from streams.live.models import View

PULSE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)


def open_view(user: User, camera: Camera, why: View.Why, now: datetime, reason: str = "") -> View:
    """Log that the user begins to view the camera.

    Raises ReasonNeeded when the office is closed and the reason is missing or too short; nothing may be shown then.
    """
    admission = picture_gate.admit(user, camera, now, reason)
    return View.objects.create(**_columns(user, camera, admission, now), why=why, how=View.How.LIVE)


def continue_view(view: View, user: User, camera: Camera, now: datetime) -> View:
    """Record that a live view is still open, and return it, or its successor when the office has closed or opened.

    Raises ReasonNeeded when a closed office may no longer be shown without a reason; the caller must end the view.
    """
    admission = picture_gate.admit(user, camera, now)
    if (admission.closed, admission.reason) == (view.closed, view.reason):
        touch_view(view.pk, now)
        return view
    close_view(view.pk, now)
    return View.objects.create(**_columns(user, camera, admission, now), why=view.why, how=view.how)


def log_picture(user: User, camera: Camera, now: datetime, why: View.Why = View.Why.ROUTINE) -> None:
    """Log that the user is shown a single picture of the camera: one View for all in a QUARTER of an hour.

    Raises ReasonNeeded as open_view does.
    """
    _log_picture(user, camera, now, why, picture_gate.admit(user, camera, now))


def log_recording(
    user: User, camera: Camera, recorded_at: datetime, now: datetime, why: View.Why = View.Why.ROUTINE
) -> None:
    """Log that the user is shown what the camera recorded at that moment.

    One View for all of a recorded hour in a QUARTER. Raises ReasonNeeded as picture_gate.admit_recording does.
    """
    admission = picture_gate.admit_recording(user, camera, recorded_at, now)
    hour = recorded_at.replace(minute=0, second=0, microsecond=0)
    _log_picture(user, camera, now, why, admission, how=View.How.RECORDED, recorded_at=hour)


def log_setup_picture(user: User, camera: Camera, now: datetime, reason: str = "") -> None:
    """Log a single picture on a page that sets the camera up. One that is not saved yet is logged by its address.

    Raises ReasonNeeded as picture_gate.admit_setup does.
    """
    _log_picture(user, camera, now, View.Why.SETUP, picture_gate.admit_setup(user, camera, now, reason))


def asked_why(text: str) -> View.Why:
    """Return the Why that a request names; ROUTINE for other texts and for SETUP, which no request may name."""
    return View.Why(text) if text in View.Why and text != View.Why.SETUP else View.Why.ROUTINE


def open_wall_view(
    user: User, offices: Iterable[int], now: datetime, reason: str | None = None, points: Iterable[int] = ()
) -> View:
    """Log that the user views these offices, and street points by the ids of their places, on a wall, as one row.

    A `reason` of None means that no closed office is shown. Raises ReasonNeeded when a reason is too short.
    """
    columns = {"why": View.Why.ROUTINE, "how": View.How.WALL, "offices": sorted(offices), "points": sorted(points)}
    why = "" if reason is None else picture_gate.tidy_reason(reason)
    return View.objects.create(
        user_id=user.pk or 0, closed=reason is not None, reason=why, opened_at=now, seen_at=now, **columns
    )


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


def _log_picture(
    user: User,
    camera: Camera,
    now: datetime,
    why: View.Why,
    admission: picture_gate.Admission,
    how: View.How = View.How.PICTURE,
    recorded_at: datetime | None = None,
) -> None:
    columns = _columns(user, camera, admission, now) | {
        "how": how,
        "recorded_at": recorded_at,
        "why": why,
        "quarter": datetime.fromtimestamp(now.timestamp() // QUARTER.total_seconds() * QUARTER.total_seconds(), UTC),
    }
    names = ("user_id", "camera_id", "how", "recorded_at", "why", "closed", "reason", "quarter")
    key = {name: columns[name] for name in names}
    same = View.objects.filter(**key, camera_name=columns["camera_name"])
    if same.filter(seen_at__gt=now - PULSE).exists():
        return
    if not same.filter(seen_at__lt=now).update(seen_at=now):
        View.objects.bulk_create([View(**columns)], ignore_conflicts=True)


def _columns(user: User, camera: Camera, admission: picture_gate.Admission, now: datetime) -> dict[str, Any]:
    """Return the columns of a view of one camera that begins now."""
    return {
        "user_id": user.pk or 0,
        "camera_id": camera.pk,
        "camera_name": (camera.name or camera.url)[:60],
        "offices": [camera.kelurahan_id] if camera.kelurahan_id else [],
        "closed": admission.closed,
        "reason": admission.reason,
        "opened_at": now,
        "seen_at": now,
    }
