"""Turn flips into alerts: their kind, when they began and ended, and which later alert superseded them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Min, Q, QuerySet, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone

from discipline.alerts.deadlines import explain_by
from discipline.alerts.models import Alert
from discipline.alerts.on_duty import Period, on_duty_throughout
from discipline.staffing.alert_kinds import ABOUT_CAMERAS, ACCUSATIONS, AlertKind
from discipline.staffing.continuity import find_interruption, lasted_until_closing
from discipline.staffing.effective_rules import EffectiveRules
from discipline.staffing.incident_models import IncidentRule, SystemIncident
from discipline.staffing.models import Flip, Standing, StandingState
from offices.hours.schedule import local_day
from streams.cameras.models import Watcher
from streams.pixels.occupancy import Blind
from streams.servers.locks import Lock, lock_until_commit
from streams.watch.leases import LEASE_S

BATCH_SIZE = 1000


def raise_alerts() -> set[int]:
    """Turn up to BATCH_SIZE flips of the outbox into alerts, once each and in order; return ids of changed alerts."""
    touched: set[int] = set()
    with transaction.atomic():
        lock_outbox()
        flips = list(Flip.objects.filter(alerted_at=None).order_by("pk")[:BATCH_SIZE])
        for flip in flips:
            touched |= _apply_flip(flip)
        Flip.objects.filter(pk__in=[flip.pk for flip in flips]).update(alerted_at=timezone.now())
    return touched


def lock_outbox() -> None:
    """Lock out, until the transaction ends, whoever else raises or withdraws alerts or opens an incident."""
    lock_until_commit(Lock.RAISE_ALERTS)


def withdraw_for_incident(incident: SystemIncident, doubtful: Q, now: datetime) -> set[int]:
    """Withdraw undecided alerts of the incident's counters; return the ids of changed alerts.

    `doubtful` filters them, also by `dated_at`: when one fell due by what was seen until then, such as an accusation or
    a covered lens, or when the camera of a fault went dark. Open alerts end at `now`. Alerts that they superseded count
    again. What a person has decided stands.
    """
    dated = Case(When(kind=AlertKind.CAMERA_FAULT, then="since"), default="raised_at")
    affected = Q() if incident.counters is None else Q(counter__in=incident.counters)
    undecided = Alert.objects.filter(affected, withdrawn_by=None, outcome="").alias(dated_at=dated)
    withdrawn = set(undecided.filter(doubtful).order_by("pk").select_for_update().values_list("pk", flat=True))
    alerts = Alert.objects.filter(pk__in=withdrawn)
    _close_alerts(alerts.filter(ended_at=None), now, StandingState.UNKNOWN)
    alerts.update(withdrawn_by=incident)
    restored = Alert.objects.filter(superseded_by__in=withdrawn)
    changed = withdrawn | set(restored.values_list("pk", flat=True))
    restored.update(superseded_by=None)
    return changed


def _apply_flip(flip: Flip) -> set[int]:
    ended = _end_alerts(flip) if flip.old in (StandingState.ABSENT, StandingState.UNKNOWN) else set()
    if not flip.as_rule_flip().accuses:
        return ended
    over = flip.new == StandingState.CLOSED
    earlier, unknown_s = _same_emptiness(flip, ended)
    if earlier and (not over or not AlertKind(earlier.kind).row.was_staffed):
        earlier.unknown_s += unknown_s
        earlier.ended_at, earlier.ended_by = (flip.at, flip.new) if over else (None, "")
        earlier.save(update_fields=["unknown_s", "ended_at", "ended_by"])
        return ended | {earlier.pk}
    alert, created = Alert.objects.get_or_create(
        counter_id=flip.counter_id,
        kind=AlertKind(flip.reason),
        ended_at=flip.at if over else None,
        defaults={
            "since": earlier.since if earlier else flip.since,
            "raised_at": flip.at,
            "ended_by": flip.new if over else "",
            "unknown_s": earlier.unknown_s + unknown_s if earlier else 0,
            "explain_by": explain_by(flip.counter_id, flip.at),
        },
    )
    if created:
        # The same absence was raised before as another kind: the later kind counts.
        same = ended | ({earlier.pk} if earlier else set()) | _not_opened_before_a_break(alert)
        Alert.objects.filter(pk__in=same, kind__in=ACCUSATIONS).exclude(pk=alert.pk).update(superseded_by=alert)
        return same | {alert.pk}
    return ended | {alert.pk}


def _not_opened_before_a_break(alert: Alert) -> set[int]:
    """Return the ids of the "not opened" of the morning, which one until closing includes."""
    if alert.kind != AlertKind.NOT_OPENED:
        return set()
    same = Alert.objects.filter(
        counter_id=alert.counter_id, kind=alert.kind, since__gte=alert.since, superseded_by=None, withdrawn_by=None
    )
    return set(same.exclude(pk=alert.pk).values_list("pk", flat=True))


def _same_emptiness(flip: Flip, ended: set[int]) -> tuple[Alert | None, int]:
    """Return the accusation of the emptiness that `flip` accuses of, and the unknown seconds since it ended.

    It was ended by a short unknown time, or by `flip` itself (`ended`) when an absence becomes an early leave.
    """
    accused = Alert.objects.filter(
        counter_id=flip.counter_id, kind__in=ACCUSATIONS, superseded_by=None, withdrawn_by=None
    )
    until = Flip.objects.filter(counter_id=flip.counter_id, pk__lte=flip.pk).order_by("-pk")
    if flip.old == StandingState.ABSENT:
        alert = accused.filter(pk__in=ended).first()
        if alert and lasted_until_closing(row.as_rule_flip() for row in until.filter(at__gte=alert.since)):
            return alert, 0
        return None, 0
    alert = accused.exclude(ended_at=None).order_by("-ended_at", "-pk").first()
    if alert and alert.ended_by == StandingState.UNKNOWN:
        limit = EffectiveRules(local_day(flip.at), [flip.counter_id]).tolerance(flip.counter_id, AlertKind.ABSENCE)
        flips = (row.as_rule_flip() for row in until.filter(at__gte=alert.ended_at))
        gap = find_interruption(flips, round(limit.total_seconds()))
        if gap and gap.at == alert.ended_at:
            return alert, gap.unknown_s
    return None, 0


def _end_alerts(flip: Flip) -> set[int]:
    """Close the alerts that the old state opened: accusations when ABSENT ends, camera alerts when UNKNOWN ends."""
    if flip.old == StandingState.UNKNOWN and flip.new == StandingState.UNKNOWN:
        return set()  # only the reason changed: still blind
    kinds = ACCUSATIONS if flip.old == StandingState.ABSENT else ABOUT_CAMERAS
    open_alerts: QuerySet[Alert] = Alert.objects.filter(counter_id=flip.counter_id, kind__in=kinds, ended_at=None)
    ids = set(open_alerts.values_list("pk", flat=True))
    _close_alerts(open_alerts, flip.at, flip.new)
    return ids


def _close_alerts(alerts: QuerySet[Alert], at: datetime, by: str) -> None:
    # A clock that ran ahead may have dated the beginning after the end.
    alerts.update(ended_at=Greatest("since", Value(at)), ended_by=by)


def raise_camera_faults(now: datetime) -> set[int]:
    """Raise CAMERA_FAULT for each counter on duty that was blind for the tolerance; return the new ids.

    It is a technical ticket, never an accusation. None are raised for counters in a system incident, or whose camera is
    steered. The tolerance counts from the end of the counter's latest incident or steering and from the start of
    watching at the earliest, and none are raised before it is certain that the camera did not go dark together with
    many others.
    """
    blind = Standing.objects.filter(state=StandingState.UNKNOWN).exclude(
        counter__alerts__in=Alert.objects.filter(kind=AlertKind.CAMERA_FAULT, ended_at=None)
    )
    standings = list(blind.exclude(reason=Blind.STEERED.value))
    if not standings:
        return set()
    incidents = SystemIncident.objects.filter(Q(ended_at=None) | Q(ended_at__gt=min(row.since for row in standings)))
    incidents_of = {row.pk: [one for one in incidents if one.affects(row.pk)] for row in standings}
    rules, incident_rule = EffectiveRules(local_day(now), [row.pk for row in standings]), IncidentRule.current()
    watching = Watcher.objects.filter(seen_at__gte=now - timedelta(seconds=LEASE_S)).aggregate(since=Min("started_at"))
    watched_since = [watching["since"]] if watching["since"] else []
    calm_s = settings.CALM_LOOK_S - settings.LOOK_S  # see CameraLiveness.rarer_s
    alone_after = timedelta(seconds=incident_rule.dark_s + incident_rule.window_s + calm_s)
    steered_until = _steered_until(standings)
    overdue: dict[Standing, Period] = {}
    for row in standings:
        ends = [one.ended_at for one in incidents_of[row.pk]]
        known_ends = [at for at in ends if at]
        if len(known_ends) < len(ends):
            continue  # in an open incident
        since = steered_until.get(row.pk, row.since)
        due = max([since, *known_ends, *watched_since]) + rules.tolerance(row.pk, AlertKind.CAMERA_FAULT)
        if row.saw_at:
            due = max(due, row.saw_at + alone_after)
        if due <= now:
            overdue[row] = since, due
    return raise_overdue(AlertKind.CAMERA_FAULT, overdue)


def _steered_until(standings: Sequence[Standing]) -> dict[int, datetime]:
    """Return when the steering ended of those counters (ids) whose camera was steered since they became unknown."""
    since = {row.pk: row.since for row in standings}
    flips = Flip.objects.filter(counter__in=since, at__gte=min(since.values())).order_by("at", "pk")
    steered: set[int] = set()
    ends: dict[int, datetime] = {}
    for counter, at, reason in flips.values_list("counter", "at", "reason"):
        if at >= since[counter] and reason == Blind.STEERED.value:
            steered.add(counter)
        elif counter in steered:
            steered.remove(counter)
            ends[counter] = at
    return ends


def raise_overdue(kind: AlertKind, blind: Mapping[Standing, Period]) -> set[int]:
    """Raise an alert about the camera for each standing, dated by its period's ends; return the new ids.

    None are raised where the counter is not on duty all that time.
    """
    on_duty = on_duty_throughout({row.pk: period for row, period in blind.items()})
    raised: set[int] = set()
    for row, (since, due) in blind.items():
        if row.pk not in on_duty:
            continue
        alert, created = Alert.objects.get_or_create(
            counter_id=row.pk,
            kind=kind,
            ended_at=None,
            defaults={"since": since, "raised_at": due, "detail": row.reason},
        )
        if created:
            raised.add(alert.pk)
    return raised
