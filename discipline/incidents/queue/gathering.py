"""Gather the items of the queue."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from discipline.alerts.models import Alert
from discipline.alerts.words import alert_word
from discipline.core.wording import name_of
from discipline.incidents.finding import open_incidents
from discipline.incidents.models import Incident, Priority
from discipline.incidents.queue.items_rule import ItemKind, QueueItem, in_order
from discipline.incidents.queue.models import QueueClaim
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.tasks.deadline_rule import NEXT
from discipline.incidents.tasks.models import Task
from discipline.staffing.alert_kinds import ACCUSATIONS
from streams.cameras import words as camera_words
from streams.cameras.troubles.models import CameraTrouble
from streams.looks.streets.models import StreetHint

MOST = 200  # of each kind
HINTS_KEPT = timedelta(hours=12)  # older hints have lost their use for the room
FOR_THE_ROOM = (IncidentState.NEW, IncidentState.ACKNOWLEDGED, IncidentState.HANDLED, IncidentState.VERIFIED)


def gather(now: datetime) -> list[QueueItem]:
    """Return all items in their order. Six queries."""
    owners = {claim.key: name_of(claim.by) for claim in QueueClaim.objects.select_related("by")}
    items = [*_incidents(), *_late_tasks(now), *_hints(now), *_indications(), *_troubles()]
    return in_order(replace(item, owner=item.owner or owners.get(item.key, "")) for item in items)


def begun_since(since: datetime, items: Iterable[QueueItem]) -> int:
    """Return how many of the items began after that moment."""
    return sum(item.since > since for item in items)


def _incidents() -> Iterator[QueueItem]:
    rows = open_incidents(
        Incident.objects.select_related("kind", "near", "owner", "place__kelurahan", "place__kecamatan")
    )
    for one in rows.filter(state__in=[state.value for state in FOR_THE_ROOM])[:MOST]:
        place = one.place.name if one.place else one.address or (one.near.name if one.near else "")
        yield QueueItem(
            ItemKind.INCIDENT,
            one.pk,
            one.priority,
            one.opened_at,
            f"{one.number} {one.title}",
            place,
            one.get_state_display(),
            reverse("city-incident", args=[one.pk]),
            name_of(one.owner),
        )


def _late_tasks(now: datetime) -> Iterator[QueueItem]:
    waiting = Task.objects.filter(state__in=[state.value for state in NEXT])
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
        )


def _indications() -> Iterator[QueueItem]:
    kinds = [kind.value for kind in ACCUSATIONS]
    still = Alert.objects.counted().filter(ended_at=None, kind__in=kinds, outcome="")
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
