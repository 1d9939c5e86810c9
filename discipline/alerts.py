"""Flips → alerts: kind, when it began, when it ended, and which later one took its place."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from discipline import staffing
from discipline.models import Alert, Flip, Standing, State
from discipline.rules import Rules
from offices.schedule import local_day
from streams.occupancy import Blind

OUTBOX_LOCK = 7_310_001  # one settler at a time: the flips of a counter have an order
AT_ONCE = 1000
ACCUSATIONS = (Alert.Kind.LATE_OPENING, Alert.Kind.NOT_OPENED, Alert.Kind.ABSENCE, Alert.Kind.EARLY_LEAVE)
ABOUT_CAMERAS = tuple(kind for kind in Alert.Kind if kind.about_camera)
BLINDING = (Blind.COVERED, Blind.MOVED, Blind.SCENE)  # what a hand can do to a camera
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
        defaults={"since": flip.since, "raised_at": flip.at, "ended_by": flip.new if over else ""},
    )
    if made:
        # The same emptiness told before under another name: the later name counts.
        Alert.objects.filter(pk__in=ended, kind__in=ACCUSATIONS).exclude(pk=alert.pk).update(superseded_by=alert)
    return ended | {alert.pk}


def _end(flip: Flip) -> set[int]:
    """Close what the old state had opened: an accusation when ABSENT ends, what is about cameras when sight returns."""
    if flip.old == State.UNKNOWN and flip.new == State.UNKNOWN:
        return set()  # only the reason changed: still blind
    kinds = ACCUSATIONS if flip.old == State.ABSENT else ABOUT_CAMERAS
    open_ones: QuerySet[Alert] = Alert.objects.filter(counter_id=flip.counter_id, kind__in=kinds, ended_at=None)
    ids = set(open_ones.values_list("pk", flat=True))
    open_ones.update(ended_at=flip.at, ended_by=flip.new)
    return ids


def raise_camera_faults(now: datetime) -> set[int]:
    """A technical ticket for each counter that has been blind for too long. Never an accusation."""
    blind = _without(Alert.Kind.CAMERA_FAULT, Standing.objects.filter(state=State.UNKNOWN))
    since = {row.pk: row.since for row in blind}
    return _raise(Alert.Kind.CAMERA_FAULT, blind, since, Rules.camera_fault_after, now)


def raise_blinded(now: datetime) -> set[int]:
    """A note to those above the office that a camera was covered or turned away on duty. Never an accusation."""
    blind = _without(Alert.Kind.BLINDED, Standing.objects.filter(state=State.UNKNOWN, reason__in=BLINDING))
    since = {row.pk: _blinded_since(row) for row in blind}
    return _raise(Alert.Kind.BLINDED, blind, since, Rules.blinded_after, now)


def _blinded_since(row: Standing) -> datetime:
    """When the present run of BLINDING reasons began: a camera may have been blind before, for another reason."""
    began = row.since
    for flip in Flip.objects.filter(counter=row.pk, at__gte=row.since).order_by("-at", "-pk"):
        if flip.new != State.UNKNOWN or flip.reason not in BLINDING:
            break
        began = flip.at
    return began


def _without(kind: Alert.Kind, standings: QuerySet[Standing]) -> list[Standing]:
    return list(standings.exclude(counter__alerts__in=Alert.objects.filter(kind=kind, ended_at=None)))


def _raise(
    kind: Alert.Kind,
    standings: list[Standing],
    since: dict[int, datetime],
    after: Callable[[Rules, int], timedelta],
    now: datetime,
) -> set[int]:
    """An alert of this kind for each of these standings that has lasted."""
    if not standings:
        return set()
    rules = Rules(local_day(now), [row.pk for row in standings])
    made: set[int] = set()
    for row in standings:
        due = since[row.pk] + after(rules, row.pk)
        if due <= now:
            alert, new = Alert.objects.get_or_create(
                counter_id=row.pk,
                kind=kind,
                ended_at=None,
                defaults={"since": since[row.pk], "raised_at": due, "detail": row.reason},
            )
            if new:
                made.add(alert.pk)
    return made
