"""Webhooks: what is new of an indication → calls of those who want to know, once each, tried for a day.

Whether something is to be told is read from the indications and decisions themselves, not remembered: a worker that
dies, or a commit that fails, loses nothing, and the database refuses the second call.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from discipline.alerts.decisions import rule as decision_rule
from discipline.alerts.models import Alert, Decision
from discipline.api.access import tokens
from discipline.api.access.models import ApiClient, Webhook, WebhookCall
from discipline.core import provenance
from discipline.core.dialogue import UNDO
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.access.gate import within

Event = WebhookCall.Event
TRIED_FOR = timedelta(days=1)  # then a call is given up; older news is read by the API
KEPT = timedelta(days=90)
# No indication lasts beyond its day, so what ended within TOLD_FOR was raised within this.
RAISED_WITHIN = TRIED_FOR + timedelta(days=1)


def add_webhook(client: ApiClient, url: str, user: int, now: datetime) -> tuple[Webhook, str]:
    """A new webhook and its secret, which is told this once."""
    secret = secrets.token_urlsafe(32)
    return Webhook.objects.create(client=client, url=url, secret=secret, made_at=now, made_by_id=user), secret


def stop_webhook(webhook: Webhook, now: datetime, why: str = "") -> None:
    Webhook.objects.filter(pk=webhook.pk, stopped_at=None).update(stopped_at=now, stopped_why=why[:300])


def active_webhooks(now: datetime) -> QuerySet[Webhook]:
    """Those that are told anything now."""
    clients = {"client__revoked_at": None, "client__expires_at__gt": now}
    return Webhook.objects.filter(stopped_at=None, **clients).select_related("client")


def queue_calls(now: datetime) -> int:
    """Queue what happened and was not queued yet. Returns how many calls."""
    made, demo = 0, provenance.current_history()
    since = max(now - TRIED_FOR, demo.until) if demo else now - TRIED_FOR  # what is made up is told to nobody
    for webhook in active_webhooks(now):
        scope = tokens.scope_of_client(webhook.client)
        seen = Alert.objects.filter(within(scope, "counter__kelurahan"), kind__in=ACCUSATIONS)
        calls = [
            WebhookCall(webhook=webhook, event=event, alert_id=alert, decision_id=decision, created_at=now, due_at=now)
            for event, news in _unreported_events(webhook, seen, max(since, webhook.made_at), now)
            for alert, decision in news
        ]
        WebhookCall.objects.bulk_create(calls, ignore_conflicts=True)
        made += len(calls)
    return made


def _unreported_events(
    webhook: Webhook, seen: QuerySet[Alert], since: datetime, now: datetime
) -> Iterable[tuple[str, Iterable[Any]]]:
    """By event, the indications (with a decision, where it is one) since then that the webhook was not called for."""
    calls = WebhookCall.objects.filter(webhook=webhook)

    def new(event: str, alerts: QuerySet[Alert]) -> tuple[str, Iterable[Any]]:
        fresh = alerts.exclude(Exists(calls.filter(event=event, alert=OuterRef("pk"))))
        return event, [(pk, None) for pk in fresh.order_by("raised_at", "pk").values_list("pk", flat=True)]

    lately = seen.filter(raised_at__gte=now - RAISED_WITHIN)
    standing = lately.filter(withdrawn_by=None)
    yield new(Event.OPENED, standing.filter(raised_at__gte=since))
    yield new(Event.ENDED, standing.filter(ended_at__gte=since))
    was_told = Exists(calls.filter(event=Event.OPENED, alert=OuterRef("pk")))
    yield new(Event.WITHDRAWN, lately.filter(was_told).exclude(withdrawn_by=None))
    # A decision counts when it can no longer be taken back.
    final = Decision.objects.filter(what__in=decision_rule.DECISIONS, undone_by=None, at__gte=since, at__lt=now - UNDO)
    fresh = final.filter(alert__in=seen).exclude(Exists(calls.filter(decision=OuterRef("pk"))))
    yield Event.DECIDED, fresh.order_by("pk").values_list("alert", "pk")


def queue_test_call(webhook: Webhook, now: datetime) -> WebhookCall:
    """A call about nothing, sent like any other."""
    return WebhookCall.objects.create(webhook=webhook, event=Event.TEST, created_at=now, due_at=now)


def delete_old_calls(now: datetime) -> None:
    WebhookCall.objects.filter(created_at__lt=now - KEPT).delete()
