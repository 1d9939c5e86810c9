"""Alerts about cameras that are blind for a reason that people should know of at once, such as a covered lens.

Their kinds are alert_kinds.NOTED. They go to those responsible for the office, because a camera can be covered or
turned away on purpose.
"""

from collections.abc import Collection
from datetime import datetime

from discipline.alerts.from_flips import raise_overdue
from discipline.alerts.models import Alert
from discipline.alerts.on_duty import Period
from discipline.staffing.alert_kinds import NOTED, AlertKind
from discipline.staffing.effective_rules import EffectiveRules
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Flip, Standing, StandingState
from offices.hours.schedule import local_day


def raise_blinded_alerts(now: datetime) -> set[int]:
    """Raise an alert for each counter on duty that was blind for such a reason for the tolerance; return the new ids.

    A counter has at most one open alert of each kind. They are never accusations. None are raised for counters in a
    system incident, when the failure may be the system's own.
    """
    incidents = list(SystemIncident.objects.filter(ended_at=None))
    return {pk for kind in NOTED for pk in _raise(kind, incidents, now)}


def _raise(kind: AlertKind, incidents: Collection[SystemIncident], now: datetime) -> set[int]:
    open_alerts = Alert.objects.filter(kind=kind, ended_at=None)
    blinded = Standing.objects.filter(state=StandingState.UNKNOWN, reason__in=kind.row.blind)
    waiting = blinded.exclude(counter__alerts__in=open_alerts)
    standings = [row for row in waiting if not any(incident.affects(row.pk) for incident in incidents)]
    if not standings:
        return set()
    rules = EffectiveRules(local_day(now), [row.pk for row in standings])
    overdue: dict[Standing, Period] = {}
    for row in standings:
        since = _blind_since(row, kind.row.blind)
        due = since + rules.tolerance(row.pk, kind)
        if due <= now:
            overdue[row] = since, due
    return raise_overdue(kind, overdue)


def _blind_since(row: Standing, reasons: Collection[str]) -> datetime:
    """Return when the present run of these reasons began; before it the camera may have been blind for another one."""
    began = row.since
    for flip in Flip.objects.filter(counter=row.pk, at__gte=row.since).order_by("-at", "-pk"):
        if flip.new != StandingState.UNKNOWN or flip.reason not in reasons:
            break
        began = flip.at
    return began
