"""Request a recount of past days when a plan, holiday or closure changes.

Signal handlers, so that pages and the administration are both covered; the request is part of the same transaction.
"""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_save
from django.utils import timezone

from discipline.plans import changes, plan_facts
from discipline.plans.plan_facts import MODELS, PlanRow
from discipline.staffing.recount import request_recount
from offices.places.models import Counter


def connect_signals() -> None:
    """Connect the handlers to the three models."""
    for model in MODELS.values():
        pre_save.connect(_remember_stored, model)
        post_save.connect(_mark_saved, model)
        post_delete.connect(_mark_deleted, model)


def _remember_stored(instance: Any, **_: Any) -> None:
    instance._stored = type(instance)._default_manager.filter(pk=instance.pk).first() if instance.pk else None


def _mark_saved(instance: Any, **_: Any) -> None:
    _mark_days(instance._stored, instance)


def _mark_deleted(instance: Any, origin: Any, **_: Any) -> None:
    # A place that is deleted cascades to its rules: there is nothing left to count.
    if getattr(origin, "model", type(origin)) in MODELS.values():
        _mark_days(instance, None)


def _mark_days(before: PlanRow | None, after: PlanRow | None) -> None:
    days = changes.past_days(before, after, timezone.now())
    if days is None:
        return
    condition, row = changes.counters_filter(before, after), after or before
    assert row
    counters = Counter.objects.filter(condition).values_list("pk", flat=True) if condition else None
    request_recount(*days, counters, plan_facts.kind_of(row))
