"""Whoever changes a plan, a holiday or a closure, on the pages or in the administration: its past days are marked to
be counted again, in the same transaction."""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_save
from django.utils import timezone

from discipline.plans import changes, plan_facts
from discipline.plans.plan_facts import MODELS, PlanRow
from discipline.staffing.recount import request_recount
from offices.places.models import Counter


def connect_signals() -> None:
    for model in MODELS.values():
        pre_save.connect(_keep_former, model)
        post_save.connect(_mark_saved, model)
        post_delete.connect(_mark_deleted, model)


def _keep_former(instance: Any, **_: Any) -> None:
    instance._was = type(instance)._default_manager.filter(pk=instance.pk).first() if instance.pk else None


def _mark_saved(instance: Any, **_: Any) -> None:
    _mark_days(instance._was, instance)


def _mark_deleted(instance: Any, origin: Any, **_: Any) -> None:
    # A place that is deleted takes its rules along: nothing is left to count.
    if getattr(origin, "model", type(origin)) in MODELS.values():
        _mark_days(instance, None)


def _mark_days(before: PlanRow | None, after: PlanRow | None) -> None:
    days = changes.past_days(before, after, timezone.now())
    if days is None:
        return
    about, row = changes.counters_filter(before, after), after or before
    assert row
    counters = Counter.objects.of_kelurahan().filter(about).values_list("pk", flat=True) if about else None
    request_recount(*days, counters, plan_facts.kind_of(row))
