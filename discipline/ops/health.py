"""Check Sidak's health for monitoring: each part within a time limit, so that none can block the others."""

import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from time import monotonic
from typing import NotRequired, TypedDict, TypeVar

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Count, Sum

from discipline.alerts.incomplete_evidence import count_incomplete
from discipline.alerts.models import Alert
from discipline.board import rows as board_rows
from discipline.board.standing_still import parts_standing_still
from discipline.core import heartbeats
from discipline.core.heartbeats import Part
from discipline.core.secret_file import read_or_create
from discipline.evidence import retention
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import StandingState
from offices.places.models import Counter
from streams.cameras.models import Camera, Watcher
from streams.evidence.disk import DiskState
from streams.servers import valkey
from streams.servers.lost_connections import free_frames
from streams.setup.camera_health import ALIVE_S, is_online
from streams.source import newest_picture

log = logging.getLogger(__name__)

LIMIT_S = 3.0
SHARED_S = 2.0  # one answer serves everybody who asks within so long
LOG_EVERY_S = 60.0
T = TypeVar("T")
REASONS = {
    "database": "the database does not answer",
    "valkey": "Valkey does not answer",
    "watch": f"no watch process was seen in the last {ALIVE_S} s",
    "stalled": "a watch process runs without looking at cameras, or has just stalled",
    Part.WORKER: "the Celery worker stands still",
    Part.BEAT: "Celery beat stands still",
    Part.SWEEP: "deadlines are not swept",
    Part.NOTICES: "the sender of notices stands still",
    Part.WEBHOOKS: "the sender of webhooks stands still",
    Part.REPORT_MAIL: "the sender of report mails stands still",
    Part.RECORDER: "a watch process does not record what it sees",
    Part.EVIDENCE: "a watch process does not record evidence",
    Part.DISK: "the disk takes no evidence",
}
# A query to a vanished server can hang for minutes. So many may, before a further check has to wait for a thread.
_threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")


class CameraCounts(TypedDict):
    """Cameras in use, and how many of them are online."""

    total: int | None
    online: int | None


class HealthFigures(TypedDict):
    """The part of /healthz that comes from the database; every value is None when it can't be read in time.

    counters: active counters by StandingState; dropped: pictures and samples; evidence_lost: pieces of evidence;
    incident: the open system incident of the whole city, None without one; evidence: retention.storage_status();
    evidence_problem: the last disk error of a live watch, "" without one; incomplete_evidence: recent indications that
    lack a still; beats: seconds since each part last worked, by Heartbeat.Part.
    """

    counters: Mapping[str, int | None]
    looks_per_minute: float | None
    dropped: int | None
    evidence_lost: int | None
    open_alerts: int | None
    incident: Mapping[str, object] | None
    evidence: Mapping[str, object] | None
    evidence_problem: str | None
    incomplete_evidence: int | None
    beats: Mapping[str, float] | None


class HealthReport(HealthFigures):
    """The JSON of /healthz. status: ok or failing, with the reason."""

    status: str
    version: str
    cameras: CameraCounts
    reason: NotRequired[str]


UNKNOWN = HealthFigures(
    counters=dict.fromkeys(StandingState.values),
    looks_per_minute=None,
    dropped=None,
    evidence_lost=None,
    open_alerts=None,
    incident=None,
    evidence=None,
    evidence_problem=None,
    incomplete_evidence=None,
    beats=None,
)


@dataclass(frozen=True, slots=True)
class _DatabaseAnswer:
    """`cameras`: pks of the enabled ones; `watchers`: how many processes are alive.

    `stalled`: whether one of them has stalled; `still`: what else stands still.
    """

    cameras: list[int]
    watchers: int
    stalled: bool
    still: list[Part]
    figures: HealthFigures


def check_health(now: datetime, limit_s: float = LIMIT_S) -> tuple[list[str], HealthReport]:
    """Return what fails, by its key in REASONS, and the JSON of /healthz, within limit_s.

    Figures out of reach are None.
    """
    until = monotonic() + limit_s
    database_call = _threads.submit(_with_own_connection(_query_database), now)
    valkey_call = _threads.submit(_camera_reports)
    database, reports = _result_in_time(database_call, until), _result_in_time(valkey_call, until)
    figures = database.figures if database else UNKNOWN
    failing: list[str] = [
        name
        for name, fails in (
            ("database", database is None),
            ("valkey", reports is None),
            ("watch", database is not None and not database.watchers),
            ("stalled", database is not None and database.stalled),
        )
        if fails
    ]
    failing += database.still if database else []
    if (figures["evidence"] or {}).get("disk") == DiskState.FULL and Part.DISK not in failing:
        failing.append(Part.DISK)
    online = None
    if database is not None and reports is not None:
        online = sum(is_online(reports.get(camera, {}), now) for camera in database.cameras)
    report: HealthReport = {
        "status": "failing" if failing else "ok",
        "version": settings.VERSION,
        "cameras": {"total": len(database.cameras) if database else None, "online": online},
        "counters": figures["counters"],
        "looks_per_minute": figures["looks_per_minute"],
        "dropped": figures["dropped"],
        "evidence_lost": figures["evidence_lost"],
        "open_alerts": figures["open_alerts"],
        "incident": figures["incident"],
        "evidence": figures["evidence"],
        "evidence_problem": figures["evidence_problem"],
        "incomplete_evidence": figures["incomplete_evidence"],
        "beats": figures["beats"],
    }
    if failing:
        report["reason"] = "; ".join(REASONS[name] for name in failing)
    return failing, report


@cache
def health_token() -> str:
    """Return the token with which /healthz tells all it knows."""
    return settings.HEALTH_TOKEN or read_or_create(settings.VAR_DIR / "health_token", secrets.token_urlsafe)


class SharedHealth:
    """The newest answer, computed once for all who ask within SHARED_S. Logs failing once in LOG_EVERY_S."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answer: tuple[float, list[str], HealthReport] | None = None
        self._logged_at = -LOG_EVERY_S
        self._was_healthy = True

    def newest(self, now: datetime) -> tuple[list[str], HealthReport]:
        """Return check_health(now), or what it returned less than SHARED_S ago. Who comes meanwhile waits."""
        with self._lock:
            if self._answer is None or monotonic() - self._answer[0] >= SHARED_S:
                self._answer = (monotonic(), *check_health(now))
                self._log(*self._answer)
            return self._answer[1:]

    def forget(self) -> None:
        """Compute the next answer anew."""
        self._answer = None

    def _log(self, at: float, failing: list[str], report: HealthReport) -> None:
        healthy = not failing
        if healthy and not self._was_healthy:
            log.info("healthy again")
        elif not healthy and (self._was_healthy or at - self._logged_at >= LOG_EVERY_S):
            log.error("failing: %s", report.get("reason"))
            self._logged_at = at
        self._was_healthy = healthy


shared = SharedHealth()


def _result_in_time(call: Future[T], until: float) -> T | None:
    """Return the call's result, or None when it failed or did not end before `until` (monotonic)."""
    try:
        return call.result(timeout=max(0.0, until - monotonic()))
    except (TimeoutError, DatabaseError, InterfaceError, redis.RedisError) as error:
        call.cancel()
        free_frames(error)
        return None


def _with_own_connection(query: Callable[[datetime], T]) -> Callable[[datetime], T]:
    """Close the thread's database connection after the query."""

    def wrapped(now: datetime) -> T:
        try:
            return query(now)
        finally:
            connection.close()

    return wrapped


def _camera_reports() -> dict[int, newest_picture.CameraReport]:
    """Return the cameras' health by pk. Raises RedisError."""
    valkey.client().ping()  # read_health() returns {} when Valkey is away
    return newest_picture.read_health()


def _query_database(now: datetime) -> _DatabaseAnswer:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = %s", [int(LIMIT_S * 1000)])
    watchers = Watcher.objects.filter(seen_at__gte=now - timedelta(seconds=ALIVE_S))
    alive = watchers.aggregate(
        count=Count("pk"), looks=Sum("looks_per_minute"), dropped=Sum("dropped"), evidence_lost=Sum("evidence_lost")
    )
    # A counter without a standing was never looked at and counts as CLOSED, as in rule.initial_standing().
    standing = Counter.objects.filter(active=True).values_list("standing__state").annotate(count=Count("pk"))
    counters = dict.fromkeys(StandingState.values, 0)
    for state, count in standing:
        counters[state or StandingState.CLOSED.value] += count
    return _DatabaseAnswer(
        cameras=list(Camera.objects.filter(enabled=True).values_list("pk", flat=True)),
        watchers=alive["count"],
        stalled=SystemIncident.objects.filter(ended_at=None, kind=SystemIncident.Kind.WATCH_STALLED).exists(),
        still=parts_standing_still(never=True),
        figures={
            "counters": counters,
            "looks_per_minute": round(alive["looks"] or 0, 1),
            "dropped": alive["dropped"] or 0,
            "evidence_lost": alive["evidence_lost"] or 0,
            "open_alerts": Alert.objects.filter(ended_at=None).count(),
            "incident": board_rows.open_incident(),
            "evidence": retention.storage_status(),
            "evidence_problem": watchers.exclude(evidence_problem="").values_list("evidence_problem", flat=True).first()
            or "",
            "incomplete_evidence": count_incomplete(Alert.objects.all(), now),
            "beats": {part.value: round(ago_s, 1) for part, ago_s in heartbeats.beats_ago().items()},
        },
    )
