"""Gather the items of the queue."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from discipline.alerts.models import Alert
from discipline.alerts.words import alert_word
from discipline.core.wording import name_of
from discipline.incidents.finding import open_incidents
from discipline.incidents.models import Incident, IncidentCamera, IncidentSource, Priority
from discipline.incidents.queue.items_rule import ItemKind, QueueAct, QueueItem, acts_on_incident, in_order, parse_key
from discipline.incidents.queue.models import QueueClaim
from discipline.incidents.queue.sources import all_sources
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.tasks.deadline_rule import NEXT
from discipline.incidents.tasks.models import Task
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.access.gate import Scope, User
from streams.cameras import words as camera_words
from streams.cameras.troubles.models import CameraTrouble
from streams.looks.streets.models import StreetHint

MOST = 200  # of each kind
HINTS_KEPT = timedelta(hours=12)  # older hints have lost their use for the room
THE_ROOM = Scope(city=True)  # what everybody in the room may see
SPOTLIGHT = frozenset({QueueAct.SPOTLIGHT})
FOR_THE_ROOM = (IncidentState.NEW, IncidentState.ACKNOWLEDGED, IncidentState.HANDLED, IncidentState.VERIFIED)


def gather(now: datetime, scope: Scope = THE_ROOM) -> list[QueueItem]:
    """Return all items that a user who sees the city may see, in their order. Seven queries, and those of sources."""
    claims = {claim.key: claim.by for claim in QueueClaim.objects.select_related("by")}
    items = [*_incidents(), *_late_tasks(now), *_hints(now), *_indications(), *_troubles()]
    for source in all_sources():
        items += source.items(scope, now)
    return in_order((item if item.owner else _claimed(item, claims.get(item.key)) for item in items), now)


def item_of(key: str, now: datetime, scope: Scope = THE_ROOM) -> QueueItem | None:
    """Return the item that waits with this key, or that of an open incident on which an agency works; else None."""
    item = next((one for one in gather(now, scope) if one.key == key), None)
    parsed = parse_key(key)
    if item is None and parsed and parsed[0] is ItemKind.INCIDENT:
        found = _open_incidents().filter(pk=parsed[1]).first()
        return _incident_item(found) if found else None
    return item


def begun_since(since: datetime, items: Iterable[QueueItem]) -> int:
    """Return how many items began after that moment: those of the queue, and those that have left it. Four queries.

    Tasks that were late and are no more are not counted: nothing stores when they left.
    """
    accused = [kind.value for kind in ACCUSATIONS]
    return (
        Incident.objects.filter(opened_at__gt=since).count()
        + StreetHint.objects.filter(started_at__gt=since).count()
        + Alert.objects.counted().filter(raised_at__gt=since, kind__in=accused).count()
        + CameraTrouble.objects.filter(since__gt=since, camera__enabled=True).count()
        + sum(item.kind is ItemKind.TASK and item.since > since for item in items)
        + sum(source.begun_since(since) for source in all_sources())
    )


def _claimed(item: QueueItem, by: User | None) -> QueueItem:
    return replace(item, owner=name_of(by), owner_id=by.pk) if by else item


def _incidents() -> Iterator[QueueItem]:
    for one in _open_incidents().filter(state__in=[state.value for state in FOR_THE_ROOM])[:MOST]:
        yield _incident_item(one)


def _open_incidents() -> QuerySet[Incident]:
    loaded = Incident.objects.select_related("kind", "near", "owner", "place__kelurahan", "place__kecamatan")
    cameras = IncidentCamera.objects.filter(incident=OuterRef("pk"))
    return open_incidents(loaded).annotate(has_cameras=Exists(cameras))


def _incident_item(one: Any) -> QueueItem:
    """Return the item of an incident of _open_incidents."""
    place = one.place.name if one.place else one.address or (one.near.name if one.near else "")
    return QueueItem(
        ItemKind.INCIDENT,
        one.pk,
        one.priority,
        one.opened_at,
        f"{one.number} {one.title}",
        place,
        _state_of(one),
        reverse("city-incident", args=[one.pk]),
        name_of(one.owner),
        one.owner_id,
        acts_on_incident(one.status, one.has_cameras),
    )


def _state_of(incident: Incident) -> str:
    """Return its state, and where it came from unless an operator saw it: a call, a hint, another system."""
    state = incident.get_state_display()
    seen = incident.source == IncidentSource.OPERATOR
    return state if seen else f"{state} · {incident.get_source_display()}"


def _late_tasks(now: datetime) -> Iterator[QueueItem]:
    late = Q()
    for state, deadline in NEXT.items():
        late |= Q(state=state.value, **{f"{deadline.value}_by__lte": now})
    waiting = Task.objects.filter(late).order_by("incident__priority", "pk")
    for task in waiting.select_related("incident", "agency", "kelurahan__kecamatan")[:MOST]:
        if task.due and task.due <= now:
            yield QueueItem(
                ItemKind.TASK,
                task.pk,
                task.incident.priority,
                task.due,
                f"{task.incident.number} {task.incident.title}",
                task.who,
                task.get_state_display(),
                reverse("task", args=[task.pk]),
                may=SPOTLIGHT,
            )


def _hints(now: datetime) -> Iterator[QueueItem]:
    waiting = StreetHint.objects.filter(decision="", started_at__gt=now - HINTS_KEPT)
    for hint in waiting.select_related("camera__place").defer("jpeg")[:MOST]:
        yield QueueItem(
            ItemKind.HINT,
            hint.pk,
            Priority.MEDIUM.value,
            hint.started_at,
            f"{hint.get_kind_display()}: {hint.get_level_display()}",
            hint.camera.place.name,
            _("belum diperiksa operator"),
            f"{reverse('hints')}#petunjuk-{hint.pk}",
            may=SPOTLIGHT | {QueueAct.NO_INCIDENT, QueueAct.OPEN},
            opens=f"{reverse('city-incident-add')}?petunjuk={hint.pk}",
        )


def _indications() -> Iterator[QueueItem]:
    """Yield those that go on, but not those that were raised: their incident stands for them."""
    kinds = [kind.value for kind in ACCUSATIONS]
    key = Concat(Value("indication:"), Cast(OuterRef("pk"), CharField()))
    raised = Incident.objects.filter(source_key=key)
    still = Alert.objects.counted().filter(~Exists(raised), ended_at=None, kind__in=kinds, outcome="")
    for alert in still.select_related("counter__kelurahan", "counter__place__kecamatan")[:MOST]:
        yield QueueItem(
            ItemKind.INDICATION,
            alert.pk,
            Priority.MEDIUM.value,
            alert.raised_at,
            f"{alert_word(alert.kind, alert.detail)}, {alert.counter.name}",
            alert.counter.office.name,
            _("masih berlangsung"),
            reverse("indication", args=[alert.pk]),
            may=SPOTLIGHT | ({QueueAct.OPEN} if alert.counter.kelurahan_id else frozenset()),
            opens=f"{reverse('city-incident-add')}?indikasi={alert.pk}",
        )


def _troubles() -> Iterator[QueueItem]:
    lasting = CameraTrouble.objects.filter(ended_at=None, camera__enabled=True)
    for trouble in lasting.select_related("camera__place__kelurahan", "camera__place__kecamatan")[:MOST]:
        yield QueueItem(
            ItemKind.CAMERA,
            trouble.pk,
            Priority.LOW.value,
            trouble.since,
            str(camera_words.cause(trouble.cause)[0]),
            f"{trouble.camera.place.name}, {trouble.camera.name}",
            _("masih berlangsung"),
            reverse("camera", args=[trouble.camera_id]),
        )
