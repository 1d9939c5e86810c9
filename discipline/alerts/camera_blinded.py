"""Who looks after an office is told when its camera is covered or turned away on duty: that can be done on purpose."""

from datetime import datetime

from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.effective_rules import EffectiveRules
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Flip, Standing, StandingState
from offices.hours.schedule import local_day
from streams.pixels.occupancy import BLINDING


def raise_blinded_alerts(now: datetime) -> set[int]:
    """A BLINDED for each counter on duty that has been so for long enough, one at a time. Never an accusation.

    None during a system incident: then it may be us.
    """
    if SystemIncident.objects.filter(ended_at=None).exists():
        return set()
    noted = Alert.objects.filter(kind=AlertKind.BLINDED, ended_at=None)
    blinded = Standing.objects.filter(state=StandingState.UNKNOWN, reason__in=BLINDING)
    standings = list(blinded.exclude(counter__alerts__in=noted))
    if not standings:
        return set()
    rules = EffectiveRules(local_day(now), [row.pk for row in standings])
    made: set[int] = set()
    for row in standings:
        since = _blinded_since(row)
        due = since + rules.blinded_after(row.pk)
        if due <= now:
            note, new = Alert.objects.get_or_create(
                counter_id=row.pk,
                kind=AlertKind.BLINDED,
                ended_at=None,
                defaults={"since": since, "raised_at": due, "detail": row.reason},
            )
            if new:
                made.add(note.pk)
    return made


def _blinded_since(row: Standing) -> datetime:
    """When the present run of BLINDING reasons began: a camera may have been blind before, for another reason."""
    began = row.since
    for flip in Flip.objects.filter(counter=row.pk, at__gte=row.since).order_by("-at", "-pk"):
        if flip.new != StandingState.UNKNOWN or flip.reason not in BLINDING:
            break
        began = flip.at
    return began
