"""Open a system incident, one at a time, on a suspected failure of the system itself, and end it.

While one is open, the ledger and the alerts judge accordingly. Called by the sweep, which sees the whole fleet, and by
each watch process about itself (selfcheck.py). `now` is PostgreSQL's time.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Least

from discipline.alerts import from_flips
from discipline.board import rows as board_rows
from discipline.notices import outbox
from discipline.staffing import ledger
from discipline.staffing.incident_models import IncidentRule, SystemIncident
from discipline.staffing.incident_rule import (
    CameraLiveness,
    ClockJump,
    ClockReading,
    IncidentThresholds,
    compare_readings,
    fleet_darkness,
    may_end,
    still_dark,
)
from discipline.staffing.models import Standing
from offices.hours.duty import interval_at
from streams.cameras.models import Watcher
from streams.setup.camera_health import is_online
from streams.source import newest_picture
from streams.watch.leases import LEASE_S

Kind = SystemIncident.Kind
KINDS_BY_PRECISION = [str(kind) for kind in Kind]
LOOKS_OF_S = 60.0  # the time that looks_per_minute covers
IDLE_S = settings.IDLE_LOOK_S * 1.5

_last_beat: ClockReading | None = None


def run_sweep(beat: ClockReading) -> None:
    """Check the fleet for a system incident, then sweep the deadlines up to beat.wall."""
    check_fleet(beat)
    ledger.sweep_deadlines(beat.wall)


def check_fleet(beat: ClockReading) -> None:
    """Open an incident or end the open one, by what the fleet sees and by the clock since the last sweep."""
    global _last_beat
    before, _last_beat = _last_beat, beat
    rule, now = IncidentRule.current(), beat.wall
    for trouble in compare_readings(before, beat, rule) if before else []:
        if isinstance(trouble, ClockJump):
            open_incident(IncidentReport(Kind.CLOCK_JUMPED, trouble.since, off_s=trouble.by_s), now)
    watched = _live_watchers(now).exists()
    fleet = _watched_cameras(now, watched)
    stalled = _stalled_watchers(fleet, now)
    for watcher, since in stalled:
        open_incident(IncidentReport(Kind.WATCH_STALLED, since, watcher=watcher), now)
    latest = SystemIncident.objects.first()
    if latest and latest.ended_at is None:
        _update_or_end(latest, fleet, rule, now, stalled=bool(stalled))
        return
    dark = fleet_darkness([camera.liveness for camera in fleet], rule, now, latest.ended_at if latest else None)
    if dark:
        kind = Kind.FLEET_BLIND if watched else Kind.NO_WATCH
        open_incident(IncidentReport(kind, dark.since, dark.blind, dark.total), now)


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """A suspected system failure.

    blind and total: cameras; off_s: seconds for which a watch stalled, or by which a clock is wrong.
    """

    kind: str
    since: datetime
    blind: int = 0
    total: int = 0
    watcher: str = ""
    off_s: float = 0.0


def open_incident(report: IncidentReport, now: datetime) -> SystemIncident:
    """Open an incident, or extend the open one, and return it.

    What was seen since it began no longer counts, alerts of its time are withdrawn, and open boards are updated.
    """
    with transaction.atomic():
        from_flips.lock_outbox()
        if report.kind == Kind.CLOCK_JUMPED:
            # Dated by a clock that was ahead, such an incident would cover the future.
            SystemIncident.objects.filter(ended_at__gt=now).update(
                since=Least(F("since"), now), raised_at=Least(F("raised_at"), now), ended_at=now
            )
        known = SystemIncident.objects.filter(ended_at=None).first()
        incident = _merged(known, report, now)
        if known and not _differs(known, incident):
            return known
        incident.save()
        flips = ledger.doubt_since(incident.since, now)
        alerts = from_flips.raise_alerts() | from_flips.withdraw_for_incident(incident, now)
    board_rows.announce_changes({flip.counter_id for flip in flips}, alerts)
    board_rows.announce_incident()
    outbox.request_delivery()
    return incident


def _merged(known: SystemIncident | None, report: IncidentReport, now: datetime) -> SystemIncident:
    """Return the open incident with the report added, unsaved: the earliest start, the more precise kind."""
    since = min(report.since, now)
    if known is None:
        return SystemIncident(
            kind=report.kind,
            since=since,
            raised_at=now,
            blind=report.blind,
            total=report.total,
            watcher=report.watcher,
            off_s=report.off_s,
        )
    more_precise = max(known.kind, report.kind, key=KINDS_BY_PRECISION.index) == report.kind
    return SystemIncident(
        pk=known.pk,
        kind=report.kind if more_precise else known.kind,
        since=min(known.since, since),
        raised_at=now,
        blind=max(known.blind, report.blind),
        total=max(known.total, report.total),
        watcher=(more_precise and report.watcher) or known.watcher,
        off_s=(more_precise and report.off_s) or known.off_s,
    )


def _differs(one: SystemIncident, other: SystemIncident) -> bool:
    names = ("kind", "since", "blind", "total", "watcher", "off_s")
    return any(getattr(one, name) != getattr(other, name) for name in names)


def _update_or_end(
    incident: SystemIncident, fleet: "list[_WatchedCamera]", rule: IncidentThresholds, now: datetime, stalled: bool
) -> None:
    """Keep the highest count of blind cameras; end the incident when enough have seen again for rule.settle_s.

    `stalled`: a watch process runs without looking at cameras, so that the incident can't end.
    """
    dark = still_dark([camera.liveness for camera in fleet], rule, now, incident.since, incident.raised_at, IDLE_S)
    calm = may_end(dark, rule, now, incident.raised_at) and not stalled
    calm_since = min(incident.calm_since or now, now) if calm else None
    over = calm_since is not None and now - calm_since >= timedelta(seconds=rule.settle_s)
    worse = dark.blind > incident.blind
    if calm_since == incident.calm_since and not over and not worse:
        return
    SystemIncident.objects.filter(pk=incident.pk, ended_at=None).update(
        calm_since=calm_since,
        ended_at=now if over else None,
        **({"blind": dark.blind, "total": max(incident.total, dark.total)} if worse else {}),
    )
    if over or worse:
        board_rows.announce_incident()


@dataclass(frozen=True, slots=True)
class _WatchedCamera:
    """A camera; `holder` is the watch process that has its lease, "" when there is none."""

    pk: int
    holder: str
    liveness: CameraLiveness


def _watched_cameras(now: datetime, watched: bool) -> list[_WatchedCamera]:
    """Return every enabled camera with an active counter, so none at a street point.

    When no process watches, a camera that never saw counts as having last seen when its standing began.
    """
    rows = Standing.objects.filter(counter__active=True, counter__subject__zone__camera__enabled=True).values_list(
        "counter", "saw_at", "since", "counter__subject__zone__camera", "counter__subject__zone__camera__lease_holder"
    )
    schedule = ledger.schedule.get(now)
    by_camera: dict[tuple[int, str], list[CameraLiveness]] = defaultdict(list)
    for counter, saw_at, since, camera, holder in rows:
        on_duty = interval_at(schedule.duty(counter, now), now) is not None
        by_camera[camera, holder].append(CameraLiveness(saw_at or (None if watched else since), on_duty))
    return [_WatchedCamera(pk, holder, _combine(counters)) for (pk, holder), counters in by_camera.items()]


def _combine(counters: Sequence[CameraLiveness]) -> CameraLiveness:
    """Combine a camera's counters: it sees when any of them is seen."""
    saw_at = max((counter.saw_at for counter in counters if counter.saw_at), default=None)
    return CameraLiveness(saw_at, any(counter.on_duty for counter in counters))


def _live_watchers(now: datetime) -> QuerySet[Watcher]:
    return Watcher.objects.filter(seen_at__gte=now - timedelta(seconds=LEASE_S))


def _stalled_watchers(fleet: "list[_WatchedCamera]", now: datetime) -> list[tuple[str, datetime]]:
    """Return (name, since) of watches that beat but look at nothing, though cameras on duty send them pictures."""
    began = now - timedelta(seconds=LOOKS_OF_S + LEASE_S)
    names = set(_live_watchers(now).filter(looks_per_minute=0, started_at__lt=began).values_list("name", flat=True))
    held = [camera for camera in fleet if camera.holder in names and camera.liveness.on_duty]
    if not held:
        return []
    reports = newest_picture.read_health()
    stalled: dict[str, datetime] = {}
    for camera in held:
        report, saw_at = reports.get(camera.pk, {}), camera.liveness.saw_at or now
        if is_online(report, now) and report.get("holder") == camera.holder:
            stalled[camera.holder] = max(stalled.get(camera.holder, saw_at), saw_at)
    return list(stalled.items())
