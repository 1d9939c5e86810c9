"""Whether a user may steer a camera now, with which priority, and whether a reason is needed."""

from datetime import datetime

from offices.access.gate import Scope, User
from offices.places.models import Place
from streams.cameras.models import Camera
from streams.control.steering.priority_rule import (
    Steerer,
    may_set_home,
    priority_at_office,
    priority_at_point,
)
from streams.live import picture_gate


def priority_of(scope: Scope, camera: Camera, now: datetime) -> int:
    """Return the user's priority at this camera, which must be in scope; 0: may not steer it. Needs place loaded."""
    if camera.at_point:
        return priority_at_point(_steerer(scope, camera.place))
    return priority_at_office(_steerer(scope, camera.place), on_duty=not picture_gate.needs_reason(camera, now))


def admit(user: User, camera: Camera, now: datetime, reason: str) -> str:
    """Return the reason to be logged, "" at a point.

    Raises picture_gate.ReasonNeeded at an office without a reason of its own, whether it is open or closed.
    """
    if camera.at_point:
        return ""
    given = picture_gate.tidy_reason(reason)
    picture_gate.admit(user, camera, now, given)
    return given


def steers_at(scope: Scope, point: Place) -> bool:
    """Return whether the user may steer the cameras of a street point."""
    return priority_at_point(_steerer(scope, point)) > 0


def sets_home_at(scope: Scope, camera: Camera, now: datetime) -> bool:
    """Return whether the user may say where the camera looks when nobody steers it. Needs place loaded."""
    return may_set_home(priority_of(scope, camera, now))


def _steerer(scope: Scope, place: Place) -> Steerer:
    return Steerer(scope.mayor, scope.operates, scope.inspects, place.agency_id in scope.agencies)
