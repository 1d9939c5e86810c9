"""Flips → alerts: kind, when it began, when it ended, and which later one took its place."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from discipline import staffing
from discipline.deadlines import explain_by
from discipline.models import Alert, Flip, Standing, State
from discipline.rules import Rules
from offices.schedule import local_day

OUTBOX_LOCK = 7_310_001  # one settler at a time: the flips of a counter have an order
AT_ONCE = 1000
ACCUSATIONS = (Alert.Kind.LATE_OPENING, Alert.Kind.NOT_OPENED, Alert.Kind.ABSENCE, Alert.Kind.EARLY_LEAVE)
KIND_OF_ABSENT = {
    staffing.ABSENCE: Alert.Kind.ABSENCE,
    staffing.LATE_OPENING: Alert.Kind.LATE_OPENING,
    staffing.NOT_OPENED: Alert.Kind.NOT_OPENED,
}
KIND_OF_CLOSING = {
    staffing.EARLY_LEAVE: Alert.Kind.EARLY_LEAVE,
    staffing.NOT_OPENED: Alert.Kind.NOT_OPENED,
}


def settle() -> set[int]:
    """Turn the flips in the outbox into alerts, once each and in order. Returns the alerts touched."""
    touched: set[int] = set()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OUTBOX_LOCK])
        flips = list(Flip.objects.filter(alerted_at=None).order_by("pk")[:AT_ONCE])
        for flip in flips:
            touched |= _settle_one(flip)
        Flip.objects.filter(pk__in=[flip.pk for flip in flips]).update(alerted_at=timezone.now())
    return touched


def _settle_one(flip: Flip) -> set[int]:
    ended = _end(flip) if flip.old in (State.ABSENT, State.UNKNOWN) else set()
    kind = None
    if flip.new == State.ABSENT:
        kind = KIND_OF_ABSENT[flip.reason]
    elif flip.new == State.CLOSED:
        kind = KIND_OF_CLOSING.get(flip.reason)
    if kind is None:
        return ended
    over = flip.new == State.CLOSED
    alert, made = Alert.objects.get_or_create(
        counter_id=flip.counter_id,
        kind=kind,
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


def _end(flip: Flip) -> set[int]:
    """Close what the old state had opened: an accusation when ABSENT ends, a fault when sight returns."""
    if flip.old == State.UNKNOWN and flip.new == State.UNKNOWN:
        return set()  # only the reason changed: still blind
    kinds = ACCUSATIONS if flip.old == State.ABSENT else (Alert.Kind.CAMERA_FAULT,)
    open_ones: QuerySet[Alert] = Alert.objects.filter(counter_id=flip.counter_id, kind__in=kinds, ended_at=None)
    ids = set(open_ones.values_list("pk", flat=True))
    open_ones.update(ended_at=flip.at, ended_by=flip.new)
    return ids


def raise_camera_faults(now: datetime) -> set[int]:
    """A technical ticket for each counter that has been blind for too long. Never an accusation."""
    blind = Standing.objects.filter(state=State.UNKNOWN).exclude(
        counter__alerts__in=Alert.objects.filter(kind=Alert.Kind.CAMERA_FAULT, ended_at=None)
    )
    standings = list(blind)
    if not standings:
        return set()
    rules = Rules(local_day(now), [row.pk for row in standings])
    made: set[int] = set()
    for row in standings:
        due = row.since + rules.camera_fault_after(row.pk)
        if due <= now:
            alert, new = Alert.objects.get_or_create(
                counter_id=row.pk,
                kind=Alert.Kind.CAMERA_FAULT,
                ended_at=None,
                defaults={"since": row.since, "raised_at": due, "detail": row.reason},
            )
            if new:
                made.add(alert.pk)
    return made
