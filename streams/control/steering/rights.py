"""Whether a user may steer a camera now, with which priority, and whether a reason is needed."""

from datetime import datetime

from offices.access.gate import Scope, User
from streams.cameras.models import Camera
from streams.control.steering.priority_rule import Steerer, priority_at_office, priority_at_point
from streams.live import picture_gate


def priority_of(scope: Scope, camera: Camera, now: datetime) -> int:
    """Return the user's priority at this camera, which must be in scope; 0: may not steer it. Needs place loaded."""
    who = Steerer(scope.mayor, scope.operates, scope.inspects, camera.place.agency_id in scope.agencies)
    if camera.at_point:
        return priority_at_point(who)
    return priority_at_office(who, on_duty=not picture_gate.needs_reason(camera, now))


def admit(user: User, camera: Camera, now: datetime, reason: str) -> str:
    """Return the reason to be logged, "" at a point.

    Raises picture_gate.ReasonNeeded at an office without a reason of its own, whether it is open or closed.
    """
    if camera.at_point:
        return ""
    given = picture_gate.tidy_reason(reason)
    picture_gate.admit(user, camera, now, given)
    return given
