"""Is Sidak alive: one answer for monitoring, each part asked with a time limit, none able to hang the others."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

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
REASONS = {
    "database": "the database does not answer",
    "valkey": "Valkey does not answer",
    "watch": f"no watch process was seen in the last {ALIVE_S} s",
    "stalled": "a watch process lives and looks at nothing, or stood still just now",
}
# A vanished server can hold a query for minutes. So many may hang, and no further check waits behind them for long.
_threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")


def check_health(now: datetime, limit_s: float = LIMIT_S) -> tuple[bool, dict[str, Any]]:
    """Alive or not, and the JSON of /healthz; figures that can't be had are null. At most limit_s."""
    until = monotonic() + limit_s
    asked_database = _threads.submit(_own_connection(_figures), now)
    asked_valkey = _threads.submit(_camera_reports)
    figures, reports = _result_in_time(asked_database, until), _result_in_time(asked_valkey, until)
    known = figures or {}
    failing = [
        name
        for name, fails in (
            ("database", figures is None),
            ("valkey", reports is None),
            ("watch", figures is not None and not figures["watchers"]),
            ("stalled", (known.get("incident") or {}).get("kind") == SystemIncident.Kind.WATCH_STALLED),
        )
        if fails
    ]
    enabled = known.get("cameras")
    at_work = None
    if enabled is not None and reports is not None:
        at_work = sum(is_online(reports.get(camera, {}), now) for camera in enabled)
    answer: dict[str, Any] = {
        "status": "failing" if failing else "ok",
        "version": settings.VERSION,
        "cameras": {"total": None if enabled is None else len(enabled), "online": at_work},
        "counters": known.get("counters", dict.fromkeys(StandingState.values)),
        "looks_per_minute": known.get("looks_per_minute"),
        "dropped": known.get("dropped"),
        "evidence_lost": known.get("evidence_lost"),
        "open_alerts": known.get("open_alerts"),
        "incident": known.get("incident"),
        "evidence": known.get("evidence"),
    }
    if failing:
        answer["reason"] = "; ".join(REASONS[name] for name in failing)
    return not failing, answer


def _result_in_time(asked: Future[Any], until: float) -> Any:
    try:
        return asked.result(timeout=max(0.0, until - monotonic()))
    except (TimeoutError, DatabaseError, InterfaceError, redis.RedisError):
        asked.cancel()
        return None


def _own_connection(ask: Callable[[datetime], Any]) -> Callable[[datetime], Any]:
    def asking(now: datetime) -> Any:
        try:
            return ask(now)
        finally:
            connection.close()

    return asking


def _camera_reports() -> dict[int, newest_picture.CameraReport]:
    valkey.client().ping()  # health() itself answers {} when Valkey is away
    return newest_picture.read_health()


def _figures(now: datetime) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = %s", [int(LIMIT_S * 1000)])
    alive = Watcher.objects.filter(seen_at__gte=now - timedelta(seconds=ALIVE_S)).aggregate(
        count=Count("pk"), looks=Sum("looks_per_minute"), dropped=Sum("dropped"), evidence_lost=Sum("evidence_lost")
    )
    # A counter that was never looked at stands where rule.initial_standing puts it: closed.
    standing = Counter.objects.filter(active=True).values_list("standing__state").annotate(count=Count("pk"))
    counters = dict.fromkeys(StandingState.values, 0)
    for state, count in standing:
        counters[state or StandingState.CLOSED.value] += count
    return {
        "cameras": list(Camera.objects.filter(enabled=True).values_list("pk", flat=True)),
        "watchers": alive["count"],
        "looks_per_minute": round(alive["looks"] or 0, 1),
        "dropped": alive["dropped"] or 0,
        "evidence_lost": alive["evidence_lost"] or 0,
        "counters": counters,
        "open_alerts": Alert.objects.filter(ended_at=None).count(),
        "incident": board_rows.open_incident(),
        "evidence": retention.storage_status(),
    }
