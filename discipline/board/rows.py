"""What the supervisors see: rows, indications and counts for a user; and the news that keeps open boards so."""

import logging
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

import redis
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from discipline.alerts.models import Alert
from discipline.alerts.words import alert_word
from discipline.board.models import BoardVersion
from discipline.staffing import alert_kinds, incident_rule
from discipline.staffing import rule as staffing_rule
from discipline.staffing.alert_kinds import ACCUSATIONS, AlertKind
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Standing, StandingState
from discipline.staffing.words import NO_COUNTERS
from offices.access.gate import Scope, User, scope_of, within
from offices.places.models import Counter, Kelurahan
from streams.cameras.models import Camera

log = logging.getLogger(__name__)

Row = dict[str, Any]
CITY = "board.city"
EVERYBODY = "board.everybody"  # whatever their scope: what is wrong with the system itself
FEED_SIZE = 50
LATE = "late"
# The order of trouble. A row's group is its worst counter's state, with late openings apart, and apart also what
# is unknown because of a system incident: that is one trouble, told once, and no office's.
GROUPS = (
    StandingState.ABSENT.value,
    LATE,
    StandingState.UNKNOWN.value,
    incident_rule.SYSTEM,
    StandingState.GRACE.value,
    StandingState.STAFFED.value,
    StandingState.CLOSED.value,
    NO_COUNTERS,
)
TROUBLED = GROUPS[:3]
SERVING = (StandingState.STAFFED.value, StandingState.GRACE.value)
TIMED = (StandingState.ABSENT.value, StandingState.UNKNOWN.value, StandingState.GRACE.value)  # tiles say how long

_valkey_away = False


def kecamatan_group(pk: int) -> str:
    return f"board.kecamatan.{pk}"


def office_group(pk: int) -> str:
    return f"office.{pk}"


def rows(user: User) -> list[Row]:
    """rows_within what the user sees. One more query."""
    return rows_within(scope_of(user))


def rows_within(scope: Scope) -> list[Row]:
    """One JSON-ready dict per kelurahan of the scope, by code. Three queries.

    "version" is the office's BoardVersion: the row holds all that was announced up to it.
    """
    return _rows(within(scope), within(scope, "kelurahan"))


def office_row(kelurahan: Kelurahan) -> Row:
    """The row of one office; the caller has asked offices.access.gate."""
    return _rows(Q(pk=kelurahan.pk), Q(kelurahan=kelurahan.pk))[0]


def recent_indications(user: User) -> list[Row]:
    """feed_within what the user sees. One more query."""
    return feed_within(scope_of(user))


def feed_within(scope: Scope) -> list[Row]:
    """The newest indications of the scope, open or ended, newest first. One query."""
    return _indication_rows(within(scope, "counter__kelurahan"), FEED_SIZE)


def office_indications(kelurahan: Kelurahan, since: datetime) -> list[Row]:
    """An office's indications that are open or ended after `since`, newest first."""
    return _indication_rows(_of_office(kelurahan, since), 200)


def count_office_indications(kelurahan: Kelurahan, since: datetime) -> int:
    """How many of those reports count: no camera faults, no false alarms."""
    return Alert.objects.counted().filter(_of_office(kelurahan, since), kind__in=ACCUSATIONS).count()


def _of_office(kelurahan: Kelurahan, since: datetime) -> Q:
    return Q(counter__kelurahan=kelurahan.pk) & (Q(ended_at=None) | Q(ended_at__gte=since))


def open_incident() -> Row | None:
    """What everybody is told while a system incident is open: no office is named."""
    found = SystemIncident.objects.filter(ended_at=None).first()
    if found is None:
        return None
    return {"kind": found.kind, "since": _iso(found.since), "blind": found.blind, "total": found.total}


def count_by_group(rows: Iterable[Row]) -> dict[str, int]:
    """Offices by group, each counted once, and `offices`, `serving` (staffed or within grace)."""
    groups = Tally(row["group"] for row in rows)
    counts = {group: groups[group] for group in GROUPS}
    return counts | {
        "offices": sum(groups.values()),
        "serving": sum(counts[group] for group in SERVING),
    }


def troubled_rows(rows: Iterable[Row]) -> list[Row]:
    """The offices in trouble: empty and late ones before the merely unknown, the longest first."""
    return sorted((row for row in rows if row["trouble"]), key=lambda row: row["trouble"])


def _trouble_key(group: str, begun: str | None) -> str:
    """Sort key among offices in trouble, empty for the others: texts, so that browsers sort by them too."""
    return f"{int(group == StandingState.UNKNOWN)}{begun or '9'}" if group in TROUBLED else ""


def _wall_key(group: str, begun: str | None, code: str) -> str:
    """Sort key of the wall's tiles: the worst group first, in it the longest, then by code."""
    return f"{GROUPS.index(group)}{begun or '9'}{code}"


def announce_changes(counters: Collection[int], alerts: Collection[int]) -> None:
    """Tell open boards that these counters and alerts changed. Call after the commit, from any plain thread.

    Valkey away is logged once and raises nothing: boards see by BoardVersion what they missed.
    """
    of_alerts = Alert.objects.filter(pk__in=alerts).order_by().values_list("counter__kelurahan", flat=True)
    of_counters = Counter.objects.filter(pk__in=counters).order_by().values_list("kelurahan", flat=True)
    touched = {*of_counters, *of_alerts}
    if touched:
        versions = BoardVersion.objects.increment(touched)
        alert_rows = _indication_rows(Q(pk__in=alerts), None) if alerts else []
        _publish(_by_group(_rows(Q(pk__in=touched), Q(kelurahan__in=touched)), alert_rows, versions))


def announce_incident() -> None:
    """Tell every open page that a system incident began, changed or ended. Call after the commit."""
    _publish({EVERYBODY: {"type": "board.incident", "incident": open_incident()}})


def _by_group(rows: list[Row], alerts: list[Row], versions: dict[int, int]) -> dict[str, Row]:
    """One message per group: "announced" holds [office, number of this announcement of it] for each of its rows."""
    news: dict[str, Row] = defaultdict(lambda: {"type": "board.changed", "rows": [], "feed": [], "announced": []})
    for row in rows:
        for group in (CITY, kecamatan_group(row["kecamatan"]["id"]), office_group(row["id"])):
            news[group]["rows"].append(row)
            news[group]["announced"].append([row["id"], versions[row["id"]]])
    for alert in alerts:
        for group in (CITY, kecamatan_group(alert["kecamatan_id"]), office_group(alert["kelurahan_id"])):
            news[group]["feed"].append(alert)
    return news


def _publish(news: dict[str, Row]) -> None:
    global _valkey_away

    async def send() -> None:
        layer = get_channel_layer()
        for group, message in news.items():
            await layer.group_send(group, message)

    try:
        async_to_sync(send)()
    except (redis.RedisError, OSError) as error:
        if not _valkey_away:
            log.warning("boards are not told, Valkey is away: %s", error)
        _valkey_away = True
    else:
        _valkey_away = False


def _rows(offices: Q, of_counters: Q) -> list[Row]:
    has_camera = Exists(Camera.objects.filter(kelurahan=OuterRef("pk"), enabled=True))
    query = (
        Kelurahan.objects.filter(offices)
        .select_related("kecamatan")
        .annotate(has_camera=has_camera, announced=Coalesce("board_version__version", 0))
    )
    found = list(query)  # before everything else: see BoardVersion
    counters: dict[int, list[Counter]] = defaultdict(list)
    watched = Counter.objects.filter(of_counters, active=True).select_related("standing")
    for counter in watched.order_by("kelurahan", "name"):
        counters[counter.kelurahan_id].append(counter)
    kinds: dict[int, str] = {}
    ongoing = Alert.objects.counted().filter(counter__in=watched, ended_at=None)
    for pk, kind in ongoing.order_by("raised_at").values_list("counter", "kind"):
        if not AlertKind(kind).about_camera or pk not in kinds:
            kinds[pk] = kind
    return [_row(office, counters[office.pk], kinds) for office in found]


def _row(office: Kelurahan, counters: list[Counter], kinds: dict[int, str]) -> Row:
    said = [_counter(counter, kinds.get(counter.pk)) for counter in counters]
    worst = min(said, key=lambda one: (GROUPS.index(one["group"]), one["from"] or "9"), default=None)
    state, group = (worst["state"], worst["group"]) if worst else (NO_COUNTERS, NO_COUNTERS)
    begun = worst["from"] if worst else None
    return {
        "id": office.pk,
        "code": office.code,
        "name": office.name,
        "official": office.official_name,
        "kecamatan": {"id": office.kecamatan_id, "name": office.kecamatan.name, "code": office.kecamatan.code},
        "url": reverse("office", args=[office.code]),
        "state": state,
        "group": group,
        "reason": worst["reason"] if worst else "",
        "from": begun,
        "timed_from": begun if state in TIMED else None,
        "serving": group in SERVING,
        "trouble": _trouble_key(group, begun),
        "wall_order": _wall_key(group, begun, office.code),
        "has_camera": office.has_camera,  # type: ignore[attr-defined]
        "camera_trouble": any(c["state"] == StandingState.UNKNOWN or _about_camera(c["alert"]) for c in said),
        "counters": said,
        "version": office.announced,  # type: ignore[attr-defined]
    }


def _counter(counter: Counter, alert: str | None) -> Row:
    standing: Standing | None = getattr(counter, "standing", None)
    state = standing.state if standing else StandingState.UNKNOWN.value
    reason = standing.reason if standing else staffing_rule.NO_LOOK
    since = standing.since if standing else None
    empty_since = standing.empty_since if standing else None
    group = state
    if state == StandingState.ABSENT and reason in alert_kinds.LATE:
        group = LATE
    elif state == StandingState.UNKNOWN and reason == incident_rule.SYSTEM:
        group = incident_rule.SYSTEM
    return {
        "id": counter.pk,
        "name": counter.name,
        "state": state,
        "group": group,
        "reason": reason,
        "since": _iso(since),
        "empty_since": _iso(empty_since),
        # Emptiness is counted from the first empty look, not from the end of the grace.
        "from": _iso(empty_since if state in (StandingState.GRACE, StandingState.ABSENT) and empty_since else since),
        "people": standing.last_people if standing else 0,
        "alert": alert,
    }


def _indication_rows(which: Q, limit: int | None) -> list[Row]:
    alerts = Alert.objects.filter(which).select_related("counter__kelurahan__kecamatan")
    if limit is not None:  # news also tells which indications are no longer shown
        alerts = alerts.filter(superseded_by=None, withdrawn_by=None)[:limit]
    return [
        {
            "id": alert.pk,
            "kind": alert.kind,
            "kind_label": str(alert_word(alert.kind, alert.detail)),
            "about_camera": _about_camera(alert.kind),
            "detail": alert.detail,
            "kelurahan": alert.counter.kelurahan.name,
            "kelurahan_id": alert.counter.kelurahan_id,
            "kecamatan": alert.counter.kelurahan.kecamatan.name,
            "kecamatan_id": alert.counter.kelurahan.kecamatan_id,
            "kecamatan_code": alert.counter.kelurahan.kecamatan.code,
            "counter": alert.counter.name,
            "since": _iso(alert.since),
            "raised_at": _iso(alert.raised_at),
            "ended_at": _iso(alert.ended_at),
            "outcome": alert.outcome,
            "outcome_label": alert.get_outcome_display(),
            "superseded": bool(alert.superseded_by_id or alert.withdrawn_by_id),
            "url": reverse("indication", args=[alert.pk]),
        }
        for alert in alerts
    ]


def _about_camera(kind: str | None) -> bool:
    return kind is not None and AlertKind(kind).about_camera


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="milliseconds") if at else None
