"""Queue webhook calls: one for each event and each webhook whose client may see it.

Events are derived from the indications and decisions themselves, compared with the calls already queued. So a worker
that dies or a commit that fails loses nothing, and a unique constraint refuses a second call for the same event.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from discipline.alerts.decisions import rule as decision_rule
from discipline.alerts.models import Alert, Decision
from discipline.api.access import tokens
from discipline.api.access.models import ApiClient, HookTopic, Webhook, WebhookCall
from discipline.api.webhooks import steps
from discipline.core import provenance
from discipline.core.dialogue import UNDO
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.access.gate import Scope, within

Event = WebhookCall.Event
TRIED_FOR = timedelta(days=1)  # then a call is given up; clients read older events from the API
KEPT = timedelta(days=90)
Subject = tuple[int, int | None]  # ids of an Alert and, for DECIDED, of its Decision
# No indication lasts beyond its day, so those that ended within TRIED_FOR were raised within this.
RAISED_WITHIN = TRIED_FOR + timedelta(days=1)


def add_webhook(
    client: ApiClient, url: str, user: int, now: datetime, about: Iterable[HookTopic] = (HookTopic.INDICATION,)
) -> tuple[Webhook, str]:
    """Create a webhook that is notified of these topics, and return it with its secret, which is shown only now."""
    secret, topics = secrets.token_urlsafe(32), [topic.value for topic in about]
    made = {"url": url, "secret": secret, "about": topics, "made_at": now, "made_by_id": user}
    return Webhook.objects.create(client=client, **made), secret


def stop_webhook(webhook: Webhook, now: datetime, why: str = "") -> None:
    """Stop an active webhook; its queued calls will be skipped."""
    Webhook.objects.filter(pk=webhook.pk, stopped_at=None).update(stopped_at=now, stopped_why=why[:300])


def active_webhooks(now: datetime) -> QuerySet[Webhook]:
    """Return the webhooks that are not stopped, of clients whose token is valid."""
    clients = {"client__revoked_at": None, "client__expires_at__gt": now}
    return Webhook.objects.filter(stopped_at=None, **clients).select_related("client")


def queue_calls(now: datetime) -> int:
    """Queue calls for all events that have none yet. Returns the number of calls."""
    queued, demo = 0, provenance.current_history()
    since = max(now - TRIED_FOR, demo.until) if demo else now - TRIED_FOR  # never send invented demo history
    for webhook in active_webhooks(now):
        scope = tokens.scope_of_client(webhook.client)
        begun = max(since, webhook.made_at)
        calls: list[WebhookCall] = []
        for topic in steps.topics_of(webhook):
            if topic is HookTopic.INDICATION:
                calls += _about_indications(webhook, scope, begun, now)
            else:
                calls += steps.unreported(webhook, scope, topic, begun, now)
        WebhookCall.objects.bulk_create(calls, ignore_conflicts=True)
        queued += len(calls)
    return queued


def _about_indications(webhook: Webhook, scope: Scope, since: datetime, now: datetime) -> list[WebhookCall]:
    seen = Alert.objects.filter(within(scope, "counter__kelurahan"), kind__in=ACCUSATIONS)
    return [
        WebhookCall(webhook=webhook, event=event, alert_id=alert, decision_id=decision, created_at=now, due_at=now)
        for event, subjects in _unreported_events(webhook, seen, since, now)
        for alert, decision in subjects
    ]


def _unreported_events(
    webhook: Webhook, seen: QuerySet[Alert], since: datetime, now: datetime
) -> Iterable[tuple[str, Iterable[Subject]]]:
    """Yield, for each kind of event, what happened since then and has no call of this webhook yet."""
    calls = WebhookCall.objects.filter(webhook=webhook)

    def new(event: str, alerts: QuerySet[Alert]) -> tuple[str, Iterable[Subject]]:
        fresh = alerts.exclude(Exists(calls.filter(event=event, alert=OuterRef("pk"))))
        return event, [(pk, None) for pk in fresh.order_by("raised_at", "pk").values_list("pk", flat=True)]

    recent = seen.filter(raised_at__gte=now - RAISED_WITHIN)
    standing = recent.filter(withdrawn_by=None)
    yield new(Event.OPENED, standing.filter(raised_at__gte=since))
    yield new(Event.ENDED, standing.filter(ended_at__gte=since))
    was_reported = Exists(calls.filter(event=Event.OPENED, alert=OuterRef("pk")))
    yield new(Event.WITHDRAWN, recent.filter(was_reported).exclude(withdrawn_by=None))
    # A decision is reported once it can no longer be undone.
    final = Decision.objects.filter(what__in=decision_rule.DECISIONS, undone_by=None, at__gte=since, at__lt=now - UNDO)
    fresh = final.filter(alert__in=seen).exclude(Exists(calls.filter(decision=OuterRef("pk"))))
    yield Event.DECIDED, fresh.order_by("pk").values_list("alert", "pk")


def queue_test_call(webhook: Webhook, now: datetime) -> WebhookCall:
    """Queue a call about nothing, sent like any other."""
    return WebhookCall.objects.create(webhook=webhook, event=Event.TEST, created_at=now, due_at=now)


def delete_old_calls(now: datetime) -> None:
    """Delete the calls created more than KEPT ago."""
    WebhookCall.objects.filter(created_at__lt=now - KEPT).delete()
