"""Decide whether a user may see a camera's pictures now: its office is on duty, or the user has given a reason.

Every address and socket that shows pictures of a camera asks `admit` after the user's scope (offices.access.gate), by
way of the log (access_log.py): no picture without its line.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from offices.access.gate import User
from offices.hours.models import HoursPlan
from offices.hours.schedule import Schedule
from offices.places.models import Counter, Place, of_offices
from streams.cameras.models import Camera
from streams.evidence.models import gives_reason
from streams.live.models import ViewReason

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REMEMBERED = timedelta(minutes=30)  # how long one reason shows closed offices
CLOSED = _("Kantor ini di luar jam layanan. Tulis alasan melihat ruangannya, sedikitnya 10 huruf.")
RECORDED = _("Tulis alasan melihat rekaman kantor ini, sedikitnya 10 huruf.")


class ReasonNeeded(ValidationError):
    """The office is closed, or recordings are asked for: its interior may only be viewed with a reason."""

    def __init__(self, message: "StrOrPromise" = CLOSED) -> None:
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Admission:
    """Leave to see a camera's pictures. `closed`: outside the office's hours, for `reason`."""

    closed: bool = False
    reason: str = ""


def on_duty(now: datetime, offices: Iterable[int] | None = None) -> set[int]:
    """Return the ids (Place.office_id) of those offices, by default of all, with a counter on duty. Five queries."""
    counters = Counter.objects.filter(active=True)
    if offices is not None:
        counters = counters.filter(of_offices(offices))
    places = counters.values_list("pk", "kelurahan", "place__kecamatan")
    return _on_duty([(pk, -above if below is None else below) for pk, below, above in places], now)


def needs_reason(camera: Camera, now: datetime) -> bool:
    """Return whether no counter of the camera's office is on duty; False at a point and without a place."""
    if camera.place_id is None or camera.place.kind == Place.Kind.POINT:
        return False
    counters = Counter.objects.filter(active=True, place=camera.place_id)
    return not _on_duty(counters.values_list("pk", "place"), now)


def admit(user: User, camera: Camera, now: datetime, reason: str = "") -> Admission:
    """Return the leave to see the camera's pictures now. A `reason` that is given is remembered for REMEMBERED.

    Raises ReasonNeeded when the office is closed and the user has given no reason lately, or one that is too short.
    """
    if not needs_reason(camera, now):
        return Admission()
    return Admission(closed=True, reason=_reason_of(user, camera, now, reason))


def admit_recording(user: User, camera: Camera, recorded_at: datetime, now: datetime) -> Admission:
    """Return the leave to see the camera's recording of that moment. At a street point no reason is needed.

    An office's recording shows faces as an original does, so it always needs a reason, which is remembered as for a
    closed office; `closed` says whether the office was closed at the recorded moment. Raises ReasonNeeded.
    """
    if camera.at_point:
        return Admission()
    try:
        reason = _reason_of(user, camera, now, "")
    except ReasonNeeded:
        raise ReasonNeeded(RECORDED) from None
    return Admission(closed=needs_reason(camera, recorded_at), reason=reason)


def _reason_of(user: User, camera: Camera, now: datetime, reason: str) -> str:
    remembered = (
        ViewReason.objects.filter(
            user=user.pk, places__contains=[camera.place_id], given_at__gt=now - REMEMBERED, given_at__lte=now
        )
        .order_by("-given_at", "-pk")
        .first()
    )
    given = tidy_reason(reason) if reason.strip() else ""
    if remembered and given in ("", remembered.reason):  # a player repeats its reason when it reconnects
        return remembered.reason
    if not given:
        raise ReasonNeeded
    return give_reason(user, [camera.place_id], given, now)


def admit_setup(user: User, camera: Camera, now: datetime, reason: str = "") -> Admission:
    """Return the leave to see the pictures on a page that sets the camera up, as admit does.

    An office without counters or hours yet is never on duty: its cameras are set up without a reason.
    """
    return Admission() if _awaits_hours(camera) else admit(user, camera, now, reason)


def is_admitted(user: User, camera: Camera, now: datetime) -> bool:
    """Return whether the user may see the camera's pictures now without giving a reason first."""
    try:
        admit(user, camera, now)
    except ReasonNeeded:
        return False
    return True


def give_reason(user: User, places: Collection[int], reason: str, now: datetime) -> str:
    """Store why the user views these places (ids) while they are closed, and return the reason as stored.

    Raises ReasonNeeded when it is too short.
    """
    reason = tidy_reason(reason)
    ViewReason.objects.create(user_id=user.pk or 0, places=sorted(places), reason=reason, given_at=now)
    return reason


def tidy_reason(reason: str) -> str:
    """Return the reason as it is stored. Raises ReasonNeeded when it is too short."""
    reason = reason.replace("\0", "").strip()[:500]
    try:
        gives_reason(reason)
    except ValidationError:
        raise ReasonNeeded from None
    return reason


def _awaits_hours(camera: Camera) -> bool:
    """Return whether no counter of the camera's place, retired ones included, has a weekly plan."""
    counters = Counter.objects.filter(place=camera.place_id).select_related("kelurahan", "place")
    plans = list(HoursPlan.objects.all())
    return not any(plan.covers(counter) for counter in counters for plan in plans)


def _on_duty(counters: Iterable[tuple[int, int]], now: datetime) -> set[int]:
    """Return, of counters with their offices, the offices with one on duty."""
    office_of = dict(counters)
    schedule = Schedule(office_of)
    return {
        office
        for counter, office in office_of.items()
        if any(duty.start <= now < duty.end for duty in schedule.duty(counter, now))
    }
