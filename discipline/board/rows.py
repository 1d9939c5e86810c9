"""The board's rows, indications and counts for a user, and the announcements that keep open boards up to date."""

import asyncio
import logging
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal, TypeVar

import redis
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from discipline.alerts.decisions.rule import DECISIONS
from discipline.alerts.models import Alert
from discipline.alerts.words import alert_word
from discipline.board.headline_rule import is_serving, office_visibility
from discipline.board.models import BoardVersion, announced_at
from discipline.board.payloads import (
    BoardChangedEvent,
    BoardIncidentEvent,
    CounterRow,
    IncidentSummary,
    IndicationRow,
    OfficeRow,
)
from discipline.staffing import alert_kinds, incident_rule
from discipline.staffing import rule as staffing_rule
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Standing, StandingState
from discipline.staffing.words import NO_COUNTERS
from offices.access.gate import Scope, User, scope_of, within, within_offices
from offices.access.socket_groups import EVERYBODY
from offices.places.models import Counter, Kelurahan, Office
from streams.cameras.models import Camera

log = logging.getLogger(__name__)

CITY = "board.city"
FEED_SIZE = 50
LATE = "late"
PUBLISH_S = 2.0  # longer than the layer needs; a hung Valkey must not hold the recorder or the sweep
# From worst to best. A row's group is its worst counter's state, except that late openings have a group of their own,
# and so do counters that are unknown because of a system incident: that is shown once, and not as an office's fault.
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
TIMED = (StandingState.ABSENT.value, StandingState.UNKNOWN.value, StandingState.GRACE.value)  # tiles show how long

AnyOfficeRow = TypeVar("AnyOfficeRow", bound=OfficeRow)

_valkey_away = False


def kecamatan_group(pk: int) -> str:
    """Return the channel-layer group of boards that show this kecamatan."""
    return f"board.kecamatan.{pk}"


def office_group(pk: int) -> str:
    """Return the channel-layer group of boards that show this office."""
    return f"office.{pk}"


def rows(user: User) -> list[OfficeRow]:
    """Return rows_within the user's scope, with one more query."""
    return rows_within(scope_of(user))


def rows_within(scope: Scope) -> list[OfficeRow]:
    """Return a row for each kelurahan of the scope, ordered by code. Three queries.

    A row includes every change that was announced up to its "version", the office's BoardVersion.
    """
    return kelurahan_rows(within(scope), within(scope, "kelurahan"))


def recent_indications(user: User) -> list[IndicationRow]:
    """Return feed_within the user's scope, with one more query."""
    return feed_within(scope_of(user))


def feed_within(scope: Scope) -> list[IndicationRow]:
    """Return the FEED_SIZE newest indications of the scope, open or ended, newest first. One query."""
    return indication_rows(within_offices(scope, "counter"), FEED_SIZE)


def open_incident() -> IncidentSummary | None:
    """Return the open system incident of the whole city, or None. It names no office, so any user may see it."""
    incident = SystemIncident.objects.filter(ended_at=None, counters=None).first()
    if incident is None:
        return None
    since = _iso(incident.since)
    return {"kind": incident.kind, "since": since, "blind": incident.blind, "total": incident.total}


def count_by_group(rows: Iterable[OfficeRow]) -> dict[str, int]:
    """Return the number of offices per group."""
    groups = Tally(row["group"] for row in rows)
    return {group: groups[group] for group in GROUPS}


def troubled_rows(rows: Iterable[AnyOfficeRow]) -> list[AnyOfficeRow]:
    """Return the offices in trouble: empty and late ones before unknown ones, the longest first."""
    return sorted((row for row in rows if row["trouble"]), key=lambda row: row["trouble"])


def _trouble_key(group: str, begun: str | None) -> str:
    """Return the sort key among offices in trouble, "" for others. A string, so that browsers sort by it too."""
    return f"{int(group == StandingState.UNKNOWN)}{begun or '9'}" if group in TROUBLED else ""


def _wall_key(group: str, begun: str | None, code: str) -> str:
    """Return the sort key of the wall's tiles: by group, worst first; then the longest first; then by code."""
    return f"{GROUPS.index(group)}{begun or '9'}{code}"


def announce_changes(counters: Collection[int], alerts: Collection[int]) -> None:
    """Send the rows of these counters and alerts (ids) to open boards.

    Call it after the commit, from a thread without an event loop. While Valkey is unreachable it logs once and raises
    nothing: boards notice by BoardVersion what they missed.
    """
    of_alerts = Alert.objects.filter(pk__in=alerts).order_by().values_list("counter__kelurahan", flat=True)
    of_counters = Counter.objects.filter(pk__in=counters).order_by().values_list("kelurahan", flat=True)
    touched = {*of_counters, *of_alerts} - {None}  # those of kecamatan offices: kecamatan_offices/rows.py
    if touched:
        versions = BoardVersion.objects.increment(touched)
        alert_rows = indication_rows(Q(pk__in=alerts, counter__kelurahan__in=touched), None) if alerts else []
        publish(by_group(kelurahan_rows(Q(pk__in=touched), Q(kelurahan__in=touched)), alert_rows, versions))


def announce_incident() -> None:
    """Send the open system incident, or None, to every open board. Call it after the commit."""
    publish({EVERYBODY: {"type": "board.incident", "incident": open_incident()}})


def by_group(
    rows: list[OfficeRow], alerts: list[IndicationRow], versions: dict[int, int]
) -> dict[str, BoardChangedEvent]:
    """Return an event per channel-layer group. `versions` are the new BoardVersions by office id."""
    events: dict[str, BoardChangedEvent] = defaultdict(
        lambda: {"type": "board.changed", "rows": [], "feed": [], "announced": []}
    )
    for row in rows:
        for group in (CITY, kecamatan_group(row["kecamatan"]["id"]), office_group(row["id"])):
            events[group]["rows"].append(row)
            events[group]["announced"].append([row["id"], versions[row["id"]]])
    for alert in alerts:
        for group in (CITY, kecamatan_group(alert["kecamatan_id"]), office_group(alert["kelurahan_id"])):
            events[group]["feed"].append(alert)
    return events


def publish(events: Mapping[str, BoardChangedEvent | BoardIncidentEvent]) -> None:
    """Send the events to their groups. While Valkey is unreachable it logs once and raises nothing."""
    global _valkey_away

    async def send() -> None:
        layer = get_channel_layer()
        async with asyncio.timeout(PUBLISH_S):
            for group, event in events.items():
                await layer.group_send(group, event)

    try:
        async_to_sync(send)()
    except (redis.RedisError, OSError) as error:
        if not _valkey_away:
            log.warning("open boards are not updated, Valkey is unreachable: %s", str(error) or "no answer in time")
        _valkey_away = True
    else:
        _valkey_away = False


def kelurahan_rows(offices: Q, counters_of: Q) -> list[OfficeRow]:
    """Return the rows of the Kelurahan that `offices` selects; `counters_of` selects their Counter rows."""
    has_camera = Exists(Camera.objects.filter(kelurahan=OuterRef("pk"), enabled=True))
    kelurahan = list(  # evaluated before the other queries: see BoardVersion
        Kelurahan.objects.filter(offices)
        .select_related("kecamatan")
        .annotate(has_camera=has_camera, announced=announced_at(OuterRef("pk")))
    )
    return rows_of(kelurahan, "kelurahan", counters_of)


def rows_of(offices: Iterable[Office], by: Literal["kelurahan", "place"], counters_of: Q) -> list[OfficeRow]:
    """Return the rows of offices with announced_at and has_camera; `by` is what leads from their counters to them."""
    counters: dict[int, list[Counter]] = defaultdict(list)
    watched = Counter.objects.filter(counters_of, active=True).select_related("standing")
    for counter in watched.order_by(by, "name"):
        counters[getattr(counter, f"{by}_id")].append(counter)
    kinds: dict[int, str] = {}
    ongoing = Alert.objects.counted().filter(counter__in=watched, ended_at=None)
    for pk, kind in ongoing.order_by("raised_at").values_list("counter", "kind"):
        if not AlertKind(kind).about_camera or pk not in kinds:
            kinds[pk] = kind
    return [_row(office, counters[office.pk], kinds) for office in offices]


def _row(office: Office, counters: list[Counter], kinds: dict[int, str]) -> OfficeRow:
    """Return an office's row. `kinds` is the AlertKind of the open indication by counter id."""
    counter_rows = [_counter_row(counter, kinds.get(counter.pk)) for counter in counters]
    worst = min(counter_rows, key=lambda row: (GROUPS.index(row["group"]), row["from"] or "9"), default=None)
    state, group = (worst["state"], worst["group"]) if worst else (NO_COUNTERS, NO_COUNTERS)
    begun = worst["from"] if worst else None
    states = [row["state"] for row in counter_rows]
    area = office.area
    return {
        "id": office.office_id,
        "code": office.code,
        "name": office.name,
        "official": office.official_name,
        "kecamatan": {"id": area.pk, "name": area.name, "code": area.code},
        "url": reverse("office", args=[office.code]),
        "state": state,
        "group": group,
        "reason": worst["reason"] if worst else "",
        "from": begun,
        "timed_from": begun if state in TIMED else None,
        "visibility": office_visibility(states),
        "serving": is_serving(states),
        "trouble": _trouble_key(group, begun),
        "wall_order": _wall_key(group, begun, office.code),
        "has_camera": office.has_camera,  # type: ignore[union-attr]  # annotated: see rows_of
        "camera_trouble": any(c["state"] == StandingState.UNKNOWN or _about_camera(c["alert"]) for c in counter_rows),
        "counters": counter_rows,
        "version": office.announced,  # type: ignore[union-attr]  # annotated: see rows_of
    }


def _counter_row(counter: Counter, alert: str | None) -> CounterRow:
    standing: Standing | None = getattr(counter, "standing", None)
    state = standing.state if standing else StandingState.UNKNOWN.value
    reason = standing.reason if standing else staffing_rule.NO_LOOK
    since = standing.since if standing else None
    empty_since = standing.empty_since if standing else None
    group = state
    # An interrupted late opening stays one, though the rule calls what follows an absence (staffing.continuity).
    if state == StandingState.ABSENT and (reason in alert_kinds.LATE or alert in alert_kinds.LATE):
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
        # An absence is shown from the first empty look, not from the end of the grace.
        "from": _iso(empty_since if state in (StandingState.GRACE, StandingState.ABSENT) and empty_since else since),
        "people": standing.last_people if standing else 0,
        "alert": alert,
    }


def indication_rows(which: Q, limit: int | None) -> list[IndicationRow]:
    """Return the selected indications, newest first; with a limit, without superseded and withdrawn ones."""
    alerts = Alert.objects.filter(which).select_related("counter__kelurahan__kecamatan", "counter__place__kecamatan")
    if limit is not None:  # announcements have none: they also carry the indications to be removed from the feed
        alerts = alerts.filter(superseded_by=None, withdrawn_by=None)[:limit]
    labels = {act.value: act.label for act in DECISIONS}  # get_outcome_display() would translate all for each alert
    return [
        {
            "id": alert.pk,
            "kind": alert.kind,
            "kind_label": str(alert_word(alert.kind, alert.detail)),
            "about_camera": _about_camera(alert.kind),
            "detail": alert.detail,
            "kelurahan": alert.counter.office.name,
            "kelurahan_id": alert.counter.office.office_id,
            "kecamatan": alert.counter.office.area.name,
            "kecamatan_id": alert.counter.office.area.pk,
            "kecamatan_code": alert.counter.office.area.code,
            "counter": alert.counter.name,
            "since": _iso(alert.since),
            "raised_at": _iso(alert.raised_at),
            "ended_at": _iso(alert.ended_at),
            "outcome": alert.outcome,
            "outcome_label": str(labels.get(alert.outcome, "")),
            "superseded": bool(alert.superseded_by_id or alert.withdrawn_by_id),
            "url": reverse("indication", args=[alert.pk]),
        }
        for alert in alerts
    ]


def _about_camera(kind: str | None) -> bool:
    return kind is not None and AlertKind(kind).about_camera


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="milliseconds") if at else None
