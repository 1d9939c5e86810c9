"""Flips → alerts: kind, when it began, when it ended, and which later one took its place."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from discipline.alerts.deadlines import explain_by
from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import ABOUT_CAMERAS, ACCUSATIONS, AlertKind
from discipline.staffing.effective_rules import EffectiveRules
from discipline.staffing.incident_models import IncidentRule, SystemIncident
from discipline.staffing.models import Flip, Standing, StandingState
from offices.hours.schedule import local_day
from streams.cameras.models import Watcher
from streams.servers.locks import Lock, lock_until_commit
from streams.watch.leases import LEASE_S

BATCH_SIZE = 1000


def raise_alerts() -> set[int]:
    """Turn the flips in the outbox into alerts, once each and in order. Returns the alerts touched."""
    touched: set[int] = set()
    with transaction.atomic():
        lock_outbox()
        flips = list(Flip.objects.filter(alerted_at=None).order_by("pk")[:BATCH_SIZE])
        for flip in flips:
            touched |= _apply_flip(flip)
        Flip.objects.filter(pk__in=[flip.pk for flip in flips]).update(alerted_at=timezone.now())
    return touched


def lock_outbox() -> None:
    """Until the end of the transaction nobody else settles, withdraws, or opens an incident."""
    lock_until_commit(Lock.RAISE_ALERTS)


def withdraw_for_incident(incident: SystemIncident, now: datetime) -> set[int]:
    """Take back what was told of the incident's own time before anybody knew of it: accusations that fell due in it,
    faults of cameras that went dark in it."""
    accusing = Q(kind__in=ACCUSATIONS)
    of_its_time = accusing & Q(raised_at__gte=incident.since) | ~accusing & Q(since__gte=incident.since)
    which = Alert.objects.filter(of_its_time, withdrawn_by=None)
    ids = set(which.values_list("pk", flat=True))
    _close_alerts(Alert.objects.filter(pk__in=ids, ended_at=None), now, StandingState.UNKNOWN)
    which.update(withdrawn_by=incident)
    freed = Alert.objects.filter(superseded_by__in=ids)  # told before the incident, so it stands
    told = ids | set(freed.values_list("pk", flat=True))
    freed.update(superseded_by=None)
    return told


def _apply_flip(flip: Flip) -> set[int]:
    ended = _end_alerts(flip) if flip.old in (StandingState.ABSENT, StandingState.UNKNOWN) else set()
    if not flip.as_rule_flip().accuses:
        return ended
    over = flip.new == StandingState.CLOSED
    alert, made = Alert.objects.get_or_create(
        counter_id=flip.counter_id,
        kind=AlertKind(flip.reason),
        ended_at=flip.at if over else None,
        defaults={
            "since": flip.since,
            "raised_at": flip.at,
            "ended_by": flip.new if over else "",
            "explain_by": explain_by(flip.counter_id, flip.at),
        },
    )
    if made:
        # The same emptiness told before under another name: the later name counts.
        Alert.objects.filter(pk__in=ended, kind__in=ACCUSATIONS).exclude(pk=alert.pk).update(superseded_by=alert)
    return ended | {alert.pk}


def _end_alerts(flip: Flip) -> set[int]:
    """Close what the old state had opened: an accusation when ABSENT ends, what is about cameras when sight returns."""
    if flip.old == StandingState.UNKNOWN and flip.new == StandingState.UNKNOWN:
        return set()  # only the reason changed: still blind
    kinds = ACCUSATIONS if flip.old == StandingState.ABSENT else ABOUT_CAMERAS
    open_ones: QuerySet[Alert] = Alert.objects.filter(counter_id=flip.counter_id, kind__in=kinds, ended_at=None)
    ids = set(open_ones.values_list("pk", flat=True))
    _close_alerts(open_ones, flip.at, flip.new)
    return ids


def _close_alerts(alerts: QuerySet[Alert], at: datetime, by: str) -> None:
    # A clock that was ahead may have dated its beginning after its end.
    alerts.update(ended_at=Greatest("since", Value(at)), ended_by=by)


def raise_camera_faults(now: datetime) -> set[int]:
    """A technical ticket for each counter that has been blind for too long. Never an accusation.

    None during a system incident, and time counts anew after one and from the start of watching; and none before it
    is known that the camera did not go dark together with many others.
    """
    latest = SystemIncident.objects.first()
    if latest and latest.ended_at is None:
        return set()
    blind = Standing.objects.filter(state=StandingState.UNKNOWN).exclude(
        counter__alerts__in=Alert.objects.filter(kind=AlertKind.CAMERA_FAULT, ended_at=None)
    )
    standings = list(blind)
    if not standings:
        return set()
    rules, together = EffectiveRules(local_day(now), [row.pk for row in standings]), IncidentRule.current()
    watching = Watcher.objects.filter(seen_at__gte=now - timedelta(seconds=LEASE_S)).aggregate(since=Min("started_at"))
    starts = [at for at in (latest and latest.ended_at, watching["since"]) if at]
    alone_after = timedelta(seconds=together.dark_s + together.window_s)
    made: set[int] = set()
    for row in standings:
        due = max([row.since, *starts]) + rules.tolerance(row.pk, AlertKind.CAMERA_FAULT)
        if row.saw_at:
            due = max(due, row.saw_at + alone_after)
        if due <= now:
            alert, new = Alert.objects.get_or_create(
                counter_id=row.pk,
                kind=AlertKind.CAMERA_FAULT,
                ended_at=None,
                defaults={"since": row.since, "raised_at": due, "detail": row.reason},
            )
            if new:
                made.add(alert.pk)
    return made
