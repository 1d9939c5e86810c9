"""Notes about cameras that are blind for reasons that people are told of at once, such as a lens that is covered.

Of the kinds of alert_kinds.NOTED. Who looks after an office is told of them: some of it can be done on purpose.
"""

from collections.abc import Collection
from datetime import datetime

from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import NOTED, AlertKind
from discipline.staffing.effective_rules import EffectiveRules
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Flip, Standing, StandingState
from offices.hours.schedule import local_day


def raise_blinded_alerts(now: datetime) -> set[int]:
    """Raise an alert for each counter on duty that has been blind for such a reason for long enough, one at a time of
    each kind. Returns the ids. Never an accusation, and none during a system incident: then it may be us."""
    if SystemIncident.objects.filter(ended_at=None).exists():
        return set()
    return {pk for kind in NOTED for pk in _raise(kind, now)}


def _raise(kind: AlertKind, now: datetime) -> set[int]:
    noted = Alert.objects.filter(kind=kind, ended_at=None)
    blinded = Standing.objects.filter(state=StandingState.UNKNOWN, reason__in=kind.row.blind)
    standings = list(blinded.exclude(counter__alerts__in=noted))
    if not standings:
        return set()
    rules = EffectiveRules(local_day(now), [row.pk for row in standings])
    made: set[int] = set()
    for row in standings:
        since = _blind_since(row, kind.row.blind)
        due = since + rules.tolerance(row.pk, kind)
        if due <= now:
            note, new = Alert.objects.get_or_create(
                counter_id=row.pk,
                kind=kind,
                ended_at=None,
                defaults={"since": since, "raised_at": due, "detail": row.reason},
            )
            if new:
                made.add(note.pk)
    return made


def _blind_since(row: Standing, reasons: Collection[str]) -> datetime:
    """When the present run of these reasons began: a camera may have been blind before, for another reason."""
    began = row.since
    for flip in Flip.objects.filter(counter=row.pk, at__gte=row.since).order_by("-at", "-pk"):
        if flip.new != StandingState.UNKNOWN or flip.reason not in reasons:
            break
        began = flip.at
    return began
