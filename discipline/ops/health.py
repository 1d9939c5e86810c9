"""Check Sidak's health for monitoring: each part within a time limit, so that none can block the others."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import NotRequired, TypedDict, TypeVar

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Count, Sum

from discipline.alerts.models import Alert
from discipline.board import rows as board_rows
from discipline.evidence import retention
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import StandingState
from offices.places.models import Counter
from streams.cameras.models import Camera, Watcher
from streams.servers import valkey
from streams.setup.camera_health import ALIVE_S, is_online
from streams.source import newest_picture

LIMIT_S = 3.0
T = TypeVar("T")
REASONS = {
    "database": "the database does not answer",
    "valkey": "Valkey does not answer",
    "watch": f"no watch process was seen in the last {ALIVE_S} s",
    "stalled": "a watch process runs without looking at cameras, or has just stalled",
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
    incident: the open system incident, None without one; evidence: retention.storage_status().
    """

    counters: Mapping[str, int | None]
    looks_per_minute: float | None
    dropped: int | None
    evidence_lost: int | None
    open_alerts: int | None
    incident: Mapping[str, object] | None
    evidence: Mapping[str, object] | None


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
)


@dataclass(frozen=True, slots=True)
class _DatabaseAnswer:
    """`cameras`: pks of the enabled ones; `watchers`: how many watch processes are alive."""

    cameras: list[int]
    watchers: int
    figures: HealthFigures


def check_health(now: datetime, limit_s: float = LIMIT_S) -> tuple[bool, HealthReport]:
    """Return whether Sidak is healthy and the JSON of /healthz, within limit_s; figures out of reach are None."""
    until = monotonic() + limit_s
    database_call = _threads.submit(_with_own_connection(_query_database), now)
    valkey_call = _threads.submit(_camera_reports)
    database, reports = _result_in_time(database_call, until), _result_in_time(valkey_call, until)
    figures = database.figures if database else UNKNOWN
    failing = [
        name
        for name, fails in (
            ("database", database is None),
            ("valkey", reports is None),
            ("watch", database is not None and not database.watchers),
            ("stalled", (figures["incident"] or {}).get("kind") == SystemIncident.Kind.WATCH_STALLED),
        )
        if fails
    ]
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
    }
    if failing:
        report["reason"] = "; ".join(REASONS[name] for name in failing)
    return not failing, report


def _result_in_time(call: Future[T], until: float) -> T | None:
    """Return the call's result, or None when it failed or did not end before `until` (monotonic)."""
    try:
        return call.result(timeout=max(0.0, until - monotonic()))
    except (TimeoutError, DatabaseError, InterfaceError, redis.RedisError):
        call.cancel()
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
    alive = Watcher.objects.filter(seen_at__gte=now - timedelta(seconds=ALIVE_S)).aggregate(
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
        figures={
            "counters": counters,
            "looks_per_minute": round(alive["looks"] or 0, 1),
            "dropped": alive["dropped"] or 0,
            "evidence_lost": alive["evidence_lost"] or 0,
            "open_alerts": Alert.objects.filter(ended_at=None).count(),
            "incident": board_rows.open_incident(),
            "evidence": retention.storage_status(),
        },
    )
