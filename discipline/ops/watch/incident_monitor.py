"""It may be us: opens one system incident at a time, and ends it. ledger.py and alerts.py go by what stands there.

Called by the sweep, which sees the whole fleet, and by each watch of itself (selfcheck.py). `now` is PostgreSQL's.
"""

from collections import defaultdict
from collections.abc import Iterable
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
LOOKS_OF_S = 60.0  # looks_per_minute reaches back so far
IDLE_S = settings.IDLE_LOOK_S * 1.5

_last_beat: ClockReading | None = None


def run_sweep(beat: ClockReading) -> None:
    """What is due at beat.wall: first whether it is us, then everything else."""
    check_fleet(beat)
    ledger.sweep_deadlines(beat.wall)


def check_fleet(beat: ClockReading) -> None:
    """Open an incident, or end the open one, by what the fleet sees and what the clock did since the last sweep."""
    global _last_beat
    before, _last_beat = _last_beat, beat
    rule, now = IncidentRule.current(), beat.wall
    for trouble in compare_readings(before, beat, rule) if before else []:
        if isinstance(trouble, ClockJump):
            open_incident(IncidentReport(Kind.CLOCK_JUMPED, trouble.since, off_s=trouble.by_s), now)
    watched = _live_watchers(now).exists()
    fleet = _watched_cameras(now, watched)
    silent = _stalled_watchers(fleet, now)
    for watcher, since in silent:
        open_incident(IncidentReport(Kind.WATCH_STALLED, since, watcher=watcher), now)
    latest = SystemIncident.objects.first()
    if latest and latest.ended_at is None:
        _update_or_end(latest, fleet, rule, now, waiting=bool(silent))
        return
    dark = fleet_darkness([one.sight for one in fleet], rule, now, latest.ended_at if latest else None)
    if dark:
        kind = Kind.FLEET_BLIND if watched else Kind.NO_WATCH
        open_incident(IncidentReport(kind, dark.since, dark.blind, dark.total), now)


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """What somebody noticed. `off_s`: for how long a watch stood still, or by how much a clock is wrong."""

    kind: str
    since: datetime
    blind: int = 0
    total: int = 0
    watcher: str = ""
    off_s: float = 0.0


def open_incident(report: IncidentReport, now: datetime) -> SystemIncident:
    """Open one, or add to the open one; withdraw what its time has told so far. Tells open boards."""
    with transaction.atomic():
        from_flips.lock_outbox()
        if report.kind == Kind.CLOCK_JUMPED:
            # Dated by a clock that was ahead: it would cover what is yet to come.
            SystemIncident.objects.filter(ended_at__gt=now).update(
                since=Least(F("since"), now), raised_at=Least(F("raised_at"), now), ended_at=now
            )
        known = SystemIncident.objects.filter(ended_at=None).first()
        incident = _merged(known, report, now)
        if known and not _differs(known, incident):
            return known
        incident.save()
        flips = ledger.doubt_since(incident.since, now)
        told = from_flips.raise_alerts() | from_flips.withdraw_for_incident(incident, now)
    board_rows.announce_changes({flip.counter_id for flip in flips}, told)
    board_rows.announce_incident()
    outbox.request_delivery()
    return incident


def _merged(known: SystemIncident | None, report: IncidentReport, now: datetime) -> SystemIncident:
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
    telling = max(known.kind, report.kind, key=KINDS_BY_PRECISION.index) == report.kind
    return SystemIncident(
        pk=known.pk,
        kind=report.kind if telling else known.kind,
        since=min(known.since, since),
        raised_at=now,
        blind=max(known.blind, report.blind),
        total=max(known.total, report.total),
        watcher=(telling and report.watcher) or known.watcher,
        off_s=(telling and report.off_s) or known.off_s,
    )


def _differs(one: SystemIncident, other: SystemIncident) -> bool:
    names = ("kind", "since", "blind", "total", "watcher", "off_s")
    return any(getattr(one, name) != getattr(other, name) for name in names)


def _update_or_end(
    incident: SystemIncident, fleet: "list[_WatchedCamera]", rule: IncidentThresholds, now: datetime, waiting: bool
) -> None:
    """Keep the worst count; end it when enough have seen again for long enough. `waiting`: a watch looks at nothing."""
    dark = still_dark([one.sight for one in fleet], rule, now, incident.since, incident.raised_at, IDLE_S)
    calm = may_end(dark, rule, now, incident.raised_at) and not waiting
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
    pk: int
    holder: str
    sight: CameraLiveness


def _watched_cameras(now: datetime, watched: bool) -> list[_WatchedCamera]:
    """Every camera in use that has a counter: none at a point.

    While nobody watches, one never seen is dark since it should be seen.
    """
    rows = Standing.objects.filter(counter__active=True, counter__subject__zone__camera__enabled=True).values_list(
        "counter", "saw_at", "since", "counter__subject__zone__camera", "counter__subject__zone__camera__lease_holder"
    )
    known = ledger.schedule.get(now)
    by_camera: dict[tuple[int, str], list[CameraLiveness]] = defaultdict(list)
    for counter, saw_at, since, camera, holder in rows:
        on_duty = interval_at(known.duty(counter, now), now) is not None
        by_camera[camera, holder].append(CameraLiveness(saw_at or (None if watched else since), on_duty))
    return [_WatchedCamera(pk, holder, _combine(sights)) for (pk, holder), sights in by_camera.items()]


def _combine(sights: Iterable[CameraLiveness]) -> CameraLiveness:
    """A camera sees when any of its counters does."""
    sights = list(sights)
    return CameraLiveness(max((s.saw_at for s in sights if s.saw_at), default=None), any(s.on_duty for s in sights))


def _live_watchers(now: datetime) -> QuerySet[Watcher]:
    return Watcher.objects.filter(seen_at__gte=now - timedelta(seconds=LEASE_S))


def _stalled_watchers(fleet: "list[_WatchedCamera]", now: datetime) -> list[tuple[str, datetime]]:
    """Watches that beat and look at nothing, though cameras on duty send them pictures; and since when."""
    began = now - timedelta(seconds=LOOKS_OF_S + LEASE_S)
    names = set(_live_watchers(now).filter(looks_per_minute=0, started_at__lt=began).values_list("name", flat=True))
    mine = [one for one in fleet if one.holder in names and one.sight.on_duty]
    if not mine:
        return []
    reports = newest_picture.read_health()
    silent: dict[str, datetime] = {}
    for one in mine:
        report = reports.get(one.pk, {})
        if is_online(report, now) and report.get("holder") == one.holder:
            silent[one.holder] = max(silent.get(one.holder, one.sight.saw_at or now), one.sight.saw_at or now)
    return list(silent.items())
