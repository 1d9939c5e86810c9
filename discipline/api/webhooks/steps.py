"""Events of incidents, tasks and residents' reports: each is a step that was recorded, and is sent once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from discipline.api.access.models import ApiClient, HookTopic, Webhook, WebhookCall
from discipline.api.v1.city import payloads, reach
from discipline.api.v1.city.payloads import CityPayload
from discipline.complaints.models import ComplaintStep
from discipline.complaints.state_rule import ComplaintEvent, ComplaintState
from discipline.incidents.models import IncidentStep
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.tasks.models import TaskStep
from discipline.incidents.tasks.state_rule import TaskState
from offices.access.gate import Scope

Event = WebhookCall.Event
Steps = QuerySet[IncidentStep] | QuerySet[TaskStep] | QuerySet[ComplaintStep]
# What of a report's history changes what the API says of it.
CHANGES = (ComplaintEvent.STATE, ComplaintEvent.PUBLISHED, ComplaintEvent.JOINED, ComplaintEvent.COMPARED)


def unreported(webhook: Webhook, scope: Scope, topic: HookTopic, since: datetime, now: datetime) -> list[WebhookCall]:
    """Return a call for each step since then that the client may see and that has none, unsaved, in their order."""
    field, steps = _steps_of(topic, webhook.client, scope)
    fresh = steps.filter(at__gte=since).exclude(Exists(webhook.calls.filter(**{field: OuterRef("pk")})))
    return [
        WebhookCall(webhook=webhook, event=_event_of(step), created_at=now, due_at=now, **{field: step})
        for step in fresh.order_by("pk")
    ]


def payload_of(call: WebhookCall, scope: Scope) -> CityPayload | None:
    """Return what a call is about as it is now; None when it is out of the client's scope."""
    if call.incident_step:
        incidents = reach.incidents_for(call.webhook.client, scope)
        incident = incidents.filter(pk=call.incident_step.incident_id).first()
        return payloads.incident_payload(incident) if incident else None
    if call.task_step:
        task = reach.tasks_for(scope).filter(pk=call.task_step.task_id).first()
        return payloads.task_payload(task) if task else None
    assert call.complaint_step
    complaint = reach.complaints_for(scope).filter(pk=call.complaint_step.complaint_id).first()
    return payloads.complaint_payload(complaint) if complaint else None


def topics_of(webhook: Webhook) -> Iterable[HookTopic]:
    """Yield what the webhook is notified of and its client may read."""
    return (topic for topic in HookTopic if topic.value in webhook.about and topic.right.value in webhook.client.rights)


def _steps_of(topic: HookTopic, client: ApiClient, scope: Scope) -> tuple[str, Steps]:
    if topic is HookTopic.INCIDENT:
        incidents = reach.incidents_for(client, scope).values("pk")
        return "incident_step", IncidentStep.objects.filter(incident__in=incidents)
    if topic is HookTopic.TASK:
        return "task_step", TaskStep.objects.filter(task__in=reach.tasks_for(scope).values("pk"))
    reports = reach.complaints_for(scope).values("pk")
    what = [event.value for event in CHANGES]
    return "complaint_step", ComplaintStep.objects.filter(complaint__in=reports, what__in=what)


def _event_of(step: IncidentStep | TaskStep | ComplaintStep) -> str:
    if isinstance(step, ComplaintStep) and step.what != ComplaintEvent.STATE.value:
        return Event.CHANGED
    if step.state in (IncidentState.NEW, TaskState.ASKED, ComplaintState.OPEN):
        return Event.OPENED
    return Event.CLOSED if _ended(step) else Event.CHANGED


def _ended(step: IncidentStep | TaskStep | ComplaintStep) -> bool:
    if isinstance(step, IncidentStep):
        return IncidentState(step.state).ended
    return not TaskState(step.state).waits if isinstance(step, TaskStep) else ComplaintState(step.state).ended
