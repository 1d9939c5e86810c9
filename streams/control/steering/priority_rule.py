"""Who may steer a camera, and who may take it from whom. Pure.

The table below is the only place that says so. A larger number may take over from a smaller one.
"""

from dataclasses import dataclass

MAYOR, OPERATOR, INSPECTOR, AGENCY = 40, 30, 30, 20


@dataclass(frozen=True, slots=True)
class Steerer:
    """A user's rights at one camera, as offices.access.gate.Scope gives them; runs: member of the point's agency."""

    mayor: bool = False
    operates: bool = False
    inspects: bool = False
    runs: bool = False


def priority_at_point(who: Steerer) -> int:
    """Return the priority at a street point, 0 for those who may not steer."""
    table = ((who.mayor, MAYOR), (who.operates, OPERATOR), (who.runs, AGENCY))
    return max((priority for holds, priority in table if holds), default=0)


def priority_at_office(who: Steerer, on_duty: bool) -> int:
    """Return the priority at an office, 0 for those who may not steer.

    While it is open only the inspectorate may: a camera that is turned away judges nothing.
    """
    if who.inspects:
        return INSPECTOR
    return OPERATOR if who.operates and not on_duty else 0


def may_take_over(priority: int, held: int) -> bool:
    """Return whether a camera that is held with the priority `held` may be taken over."""
    return priority > held > 0


def may_set_home(priority: int) -> bool:
    """Return whether somebody of this priority may say where the camera looks when nobody steers it."""
    return priority >= OPERATOR
