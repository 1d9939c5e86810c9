"""Take items of the queue, and give them back."""

from datetime import datetime, timedelta

from django.db import transaction

from discipline.core.wording import name_of
from discipline.incidents import steps
from discipline.incidents.models import Incident
from discipline.incidents.queue.changes import announce
from discipline.incidents.queue.items_rule import ItemKind, parse_key
from discipline.incidents.queue.models import QueueClaim
from discipline.incidents.state_rule import IncidentState
from offices.access.gate import User

KEPT = timedelta(days=30)


class TakenAlready(ValueError):
    """Somebody else has taken the item. The argument is the name."""


def take(key: str, by: User, now: datetime) -> None:
    """Let the user own the item; a new incident is acknowledged by that. Raises TakenAlready, or KeyError for no item.

    Taking what one owns changes nothing.
    """
    parsed = parse_key(key)
    if parsed is None:
        raise KeyError(key)
    kind, number = parsed
    if kind is ItemKind.INCIDENT:
        _acknowledge(number, by, now)
        return
    assert by.pk is not None
    with transaction.atomic():
        claim, _made = QueueClaim.objects.select_related("by").get_or_create(
            key=key, defaults={"by_id": by.pk, "at": now}
        )
        if claim.by_id != by.pk:
            raise TakenAlready(name_of(claim.by))
        announce()


def give_back(key: str, by: User) -> None:
    """Let nobody own the item that the user owns. Incidents keep their owner until another accepts them."""
    QueueClaim.objects.filter(key=key, by_id=by.pk).delete()
    announce()


def forget_old_claims(now: datetime) -> None:
    """Delete claims older than KEPT."""
    QueueClaim.objects.filter(at__lt=now - KEPT).delete()


def _acknowledge(number: int, by: User, now: datetime) -> None:
    with transaction.atomic():
        incident = Incident.objects.select_for_update().filter(pk=number).first()
        if incident is None:
            raise KeyError(number)
        if incident.owner_id == by.pk:
            return
        if incident.owner:
            raise TakenAlready(name_of(incident.owner))
        newest = incident.steps.order_by("-pk")[0]
        steps.take_step(incident, steps.StepWanted(IncidentState.ACKNOWLEDGED, newest.pk), by, now)
