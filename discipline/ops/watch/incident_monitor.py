"""Open a system incident on a suspected failure of the system itself, by what the sweep sees, and end it.

While one is open, the ledger and the alerts judge its counters accordingly. Each watch process opens those about itself
(selfcheck.py). `now` is PostgreSQL's time.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet

from discipline.alerts.models import Alert
from discipline.board import rows as board_rows
from discipline.core import heartbeats
from discipline.ops.watch.incident_opening import IncidentReport, held_counters, open_incident
from discipline.staffing import ledger
from discipline.staffing.incident_models import IncidentRule, SweepMark, SystemIncident
from discipline.staffing.incident_rule import (
    CameraLiveness,
    ClockJump,
    ClockReading,
    IncidentThresholds,
    SweepTimes,
    compare_readings,
    date_database_jump,
    fleet_darkness,
    may_end,
    next_sweep,
    still_dark,
)
from discipline.staffing.models import Standing
from discipline.staffing.rule import State
from offices.hours.duty import interval_at
from streams.cameras.models import Watcher
from streams.setup.camera_health import is_online
from streams.source import newest_picture
from streams.watch.leases import LEASE_S

Kind = SystemIncident.Kind
LOOKS_OF_S = 60.0  # the time that looks_per_minute covers
IDLE_S = settings.IDLE_LOOK_S * 1.5
CALM_S = settings.CALM_LOOK_S - settings.LOOK_S
OUTAGE_AGAIN_S = 60.0  # see next_sweep()

_last_beat: ClockReading | None = None


def run_sweep(beat: ClockReading) -> None:
    """Check the clock and the fleet for a system incident, then sweep the deadlines up to beat.wall.

    After an outage of the database only the clock is checked for LEASE_S, until watches have stored what they kept.
    """
    newest_alert, waits = _note_sweep(beat.wall)
    check_clock(beat, newest_alert)
    if waits:
        ledger.publish_outbox()
    else:
        check_fleet(beat.wall)
        ledger.sweep_deadlines(beat.wall)
    heartbeats.beat(heartbeats.Part.SWEEP)


def _note_sweep(now: datetime) -> tuple[int, bool]:
    """Note that the sweep reads the database. Return the newest alert (pk) at the last sweep, and whether to wait."""
    with transaction.atomic():
        mark = SweepMark.objects.select_for_update().first()
        before = SweepTimes(mark.swept_at, mark.resumed_at) if mark else None
        times = next_sweep(before, now, LEASE_S, OUTAGE_AGAIN_S)
        newest = Alert.objects.aggregate(newest=Max("pk"))["newest"] or 0
        SweepMark.objects.update_or_create(pk=1, defaults=asdict(times) | {"newest_alert": newest})
    return mark.newest_alert if mark else newest, times.resumed_at is not None


def check_clock(beat: ClockReading, newest_alert: int) -> None:
    """Open an incident when PostgreSQL's clock has jumped since this process last swept."""
    global _last_beat
    before, _last_beat = _last_beat, beat
    for trouble in compare_readings(before, beat, IncidentRule.current()) if before else []:
        if before and isinstance(trouble, ClockJump):
            since = date_database_jump(before, beat, LEASE_S)
            report = IncidentReport(Kind.CLOCK_JUMPED, since, off_s=trouble.by_s, newest_alert=newest_alert)
            open_incident(report, beat.wall)


def check_fleet(now: datetime) -> None:
    """Open incidents by what the fleet sees, or end the open ones."""
    rule = IncidentRule.current()
    watched = _live_watchers(now).exists()
    fleet = _watched_cameras(now, watched)
    stalled = _stalled_watchers(fleet, now)
    for watcher, since in stalled.items():
        open_incident(IncidentReport(Kind.WATCH_STALLED, since, watcher=watcher, counters=held_counters(watcher)), now)
    incidents = list(SystemIncident.objects.filter(ended_at=None))
    for incident in incidents:
        cameras = [camera for camera in fleet if any(incident.affects(counter) for counter in camera.counters)]
        _update_or_end(incident, cameras, rule, now, stalled=incident.watcher in stalled)
    if any(incident.counters is None for incident in incidents):
        return
    latest = SystemIncident.objects.filter(counters=None).first()
    others = [camera for camera in fleet if not any(one.affects(pk) for one in incidents for pk in camera.counters)]
    dark = fleet_darkness([camera.liveness for camera in others], rule, now, latest.ended_at if latest else None)
    if dark:
        kind = Kind.FLEET_BLIND if watched else Kind.NO_WATCH
        open_incident(IncidentReport(kind, dark.since, dark.blind, dark.total), now)


def _update_or_end(
    incident: SystemIncident, fleet: "list[_WatchedCamera]", rule: IncidentThresholds, now: datetime, stalled: bool
) -> None:
    """Keep the highest count of blind cameras; end the incident when enough have seen again for rule.settle_s.

    `fleet`: its cameras. `stalled`: its watch process runs without looking at them, so that it can't end.
    """
    dark = still_dark([camera.liveness for camera in fleet], rule, now, incident.since, incident.raised_at)
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
    """A camera with the ids of its counters; `holder` is the watch process that has its lease, "" for none."""

    pk: int
    holder: str
    counters: tuple[int, ...]
    liveness: CameraLiveness


def _watched_cameras(now: datetime, watched: bool) -> list[_WatchedCamera]:
    """Return every enabled camera with an active counter, so none at a street point.

    When no process watches, a camera that never saw counts as having last seen when its standing began.
    """
    rows = Standing.objects.filter(counter__active=True, counter__subject__zone__camera__enabled=True).values_list(
        "counter",
        "saw_at",
        "since",
        "state",
        "counter__subject__zone__camera",
        "counter__subject__zone__camera__lease_holder",
    )
    schedule = ledger.schedule.get(now)
    by_camera: dict[tuple[int, str], dict[int, CameraLiveness]] = defaultdict(dict)
    for counter, saw_at, since, state, camera, holder in rows:
        on_duty = interval_at(schedule.duty(counter, now), now) is not None
        rarer_s = IDLE_S if not on_duty else CALM_S if state == State.STAFFED else 0.0
        liveness = CameraLiveness(saw_at or (None if watched else since), on_duty, rarer_s)
        by_camera[camera, holder][counter] = liveness
    return [
        _WatchedCamera(pk, holder, tuple(counters), _combine(counters.values()))
        for (pk, holder), counters in by_camera.items()
    ]


def _combine(counters: Collection[CameraLiveness]) -> CameraLiveness:
    """Combine a camera's counters: it sees when any of them is seen."""
    saw_at = max((counter.saw_at for counter in counters if counter.saw_at), default=None)
    return CameraLiveness(
        saw_at,
        any(counter.on_duty for counter in counters),
        min(counter.rarer_s for counter in counters),
    )


def _live_watchers(now: datetime) -> QuerySet[Watcher]:
    return Watcher.objects.filter(seen_at__gte=now - timedelta(seconds=LEASE_S))


def _stalled_watchers(fleet: "list[_WatchedCamera]", now: datetime) -> dict[str, datetime]:
    """Return since when watches (by name) look at nothing, which beat and get pictures of cameras on duty."""
    began = now - timedelta(seconds=LOOKS_OF_S + LEASE_S)
    names = set(_live_watchers(now).filter(looks_per_minute=0, started_at__lt=began).values_list("name", flat=True))
    held = [camera for camera in fleet if camera.holder in names and camera.liveness.on_duty]
    if not held:
        return {}
    reports = newest_picture.read_health()
    stalled: dict[str, datetime] = {}
    for camera in held:
        report, saw_at = reports.get(camera.pk, {}), camera.liveness.saw_at or now
        if is_online(report, now) and report.get("holder") == camera.holder:
            stalled[camera.holder] = max(stalled.get(camera.holder, saw_at), saw_at)
    return stalled
