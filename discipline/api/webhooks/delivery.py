"""Deliver the due webhook calls: claim them, check the client's scope again, send, and record the result.

A call carries what it is about as it is at sending, so that a late call never contradicts a newer one. Claims expire,
so that the calls of a dead worker are taken over; a client may then get a call twice, with the same Idempotency-Key.
"""

import json
import logging
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from discipline.alerts.models import Alert
from discipline.api.access import tokens
from discipline.api.access.models import STEPS, ApiClient, WebhookCall
from discipline.api.v1 import payloads
from discipline.api.webhooks import queue as webhook_queue
from discipline.api.webhooks import steps
from discipline.core import heartbeats, provenance
from discipline.core.heartbeats import Part
from discipline.notices import rule as notice_rule
from discipline.notices import senders
from discipline.notices.senders import Permanent, Retry
from offices.access.gate import Scope

log = logging.getLogger(__name__)

BATCH_SIZE = 200
WEBHOOKS_IN_PARALLEL = 4  # the calls of one webhook are made in order, one at a time
SENDING_S = 45.0  # then the calls that are left go back into the queue
LEASE = timedelta(seconds=120)  # of a claim
WAIT = timedelta(minutes=1)  # before a call that was not attempted is due again
MAX_ERROR_CHARS = 300
GONE = 410
Event, State, Why = WebhookCall.Event, WebhookCall.State, WebhookCall.Why

_busy = threading.BoundedSemaphore(1)  # one delivery at a time in each worker process


class _NotTried(Exception):
    """Not attempted: out of time, or an earlier call of the same webhook got no response."""


class _NoAnswer(Retry):
    """The address can't be reached."""


@dataclass(frozen=True, slots=True)
class WebhookPost:
    """A claimed call and its JSON body."""

    call: WebhookCall
    body: bytes


def queue_and_deliver(now: datetime) -> None:
    """Queue new events and send the due calls. Does nothing while another thread is at it; the next beat comes soon."""
    if not _busy.acquire(blocking=False):
        return
    try:
        heartbeats.beat(Part.WEBHOOKS)
        webhook_queue.queue_calls(now)
        deliver_due(now)
    finally:
        _busy.release()


def deliver_due(now: datetime, only: int | None = None) -> int:
    """Make the calls due at `now`, or only the one with the id `only`. Returns how many were claimed."""
    calls = _claim(now, only)
    by_webhook: dict[int, list[WebhookPost]] = defaultdict(list)
    for post in _prepare_posts(calls, now):
        by_webhook[post.call.webhook_id].append(post)
    until = monotonic() + SENDING_S
    with ThreadPoolExecutor(WEBHOOKS_IN_PARALLEL, thread_name_prefix="webhook") as pool:
        for results in pool.map(lambda posts: _send(posts, until), by_webhook.values()):
            for post, error in results:
                _record_result(post.call, error, now)
            heartbeats.beat(Part.WEBHOOKS)
    return len(calls)


def _claim(now: datetime, only: int | None) -> list[WebhookCall]:
    due = WebhookCall.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lte=now), state=State.QUEUED, due_at__lte=now
    )
    if only is not None:
        due = due.filter(pk=only)
    with transaction.atomic():
        locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("webhook__client", *STEPS)
        calls = list(locked.order_by("due_at", "pk")[:BATCH_SIZE])
        WebhookCall.objects.filter(pk__in=[call.pk for call in calls]).update(claimed_until=now + LEASE)
    return calls


def _prepare_posts(calls: Sequence[WebhookCall], now: datetime) -> Iterable[WebhookPost]:
    """Yield the posts of calls that may still be sent; the others are recorded as skipped or failed."""
    scopes: dict[int, Scope] = {}
    explained = Alert.objects.with_explained().select_related("counter__kelurahan__kecamatan")
    alerts = explained.in_bulk([call.alert_id for call in calls if call.alert_id])
    for call in calls:
        client = call.webhook.client
        scope = scopes.setdefault(client.pk, tokens.scope_of_client(client))
        alert = alerts[call.alert_id] if call.alert_id else None
        payload: Mapping[str, object] | None = payloads.indication_payload(alert) if alert else None
        if call.topic and not alert:
            payload = steps.payload_of(call, scope)
        if why := _skip_reason(call, alert, scope, now, reached=payload is not None):
            _finish(call, State.SKIPPED, why)
        elif call.tries and call.created_at <= now - webhook_queue.TRIED_FOR:
            _finish(call, State.FAILED, call.why)
        else:
            yield WebhookPost(call, _body(call, payload))


def _skip_reason(call: WebhookCall, alert: Alert | None, scope: Scope, now: datetime, *, reached: bool) -> str:
    if call.webhook.client.status(now) != ApiClient.Status.ACTIVE:
        return Why.CLIENT
    if call.webhook.stopped_at:
        return Why.STOPPED
    if call.topic and not (reached and call.topic.right.value in call.webhook.client.rights):
        return Why.SCOPE
    if alert and not scope.sees(alert.counter.office):
        return Why.SCOPE
    if alert and alert.withdrawn_by_id and call.event == Event.OPENED:
        return Why.WITHDRAWN
    return ""


def _body(call: WebhookCall, payload: Mapping[str, object] | None) -> bytes:
    """Return a schemas.Call in JSON: what it is about stands under its topic; a test is about nothing."""
    body = {"id": _call_id(call), "event": call.name, "demo": provenance.current_history() is not None}
    if call.topic:
        body[call.topic.value] = payload
    return json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def _call_id(call: WebhookCall) -> str:
    """Return the id sent in the body and as the Idempotency-Key, the same at each attempt."""
    return f"sidak-hook-{call.pk}"


def _send(posts: list[WebhookPost], until: float) -> list[tuple[WebhookPost, Exception | None]]:
    """Send the calls of one webhook in order. After one that gets no response the others are not attempted."""
    results: list[tuple[WebhookPost, Exception | None]] = []
    unreachable = False
    for post in posts:
        error = _NotTried() if unreachable or monotonic() > until else _attempt(post)
        unreachable |= isinstance(error, _NoAnswer)
        results.append((post, error))
    return results


def _attempt(post: WebhookPost) -> Exception | None:
    """Post the call and return the error; None when it was accepted."""
    webhook, private = post.call.webhook, settings.API_WEBHOOK_PRIVATE_HOSTS
    if not webhook.secret:  # encrypted with another key
        return Permanent(_("rahasianya tidak terbaca lagi; daftarkan webhook ini sekali lagi"))
    try:
        answer = senders.signed_post(
            webhook.url, webhook.secret.reveal(), post.body, _call_id(post.call), private=private
        )
    except Retry as error:
        return _NoAnswer(str(error))
    except Permanent as error:
        return error
    except Exception as error:
        log.exception("posting to webhook %s failed", webhook)
        return Retry(repr(error))
    if answer.status == GONE:
        return Permanent(_("dijawab 410: alamat ini tidak ada lagi"))
    try:
        senders.raise_for_response(answer)
    except Permanent as error:
        return Retry(str(error))  # a client that refuses a call today may accept it once it is fixed
    except Retry as error:
        return error
    return None


def _record_result(call: WebhookCall, error: Exception | None, now: datetime) -> None:
    """Finish the call, or queue it again. A test is never repeated, and a permanent error also stops the webhook."""
    queued = WebhookCall.objects.filter(pk=call.pk, state=State.QUEUED)
    if isinstance(error, _NotTried):
        queued.update(claimed_until=None, due_at=now + WAIT)
        return
    queued.update(tries=F("tries") + 1)
    if error is None:
        _finish(call, State.SENT, "")
        return
    why = (str(error) or repr(error))[:MAX_ERROR_CHARS]
    if call.event == Event.TEST:
        _finish(call, State.FAILED, why)
        return
    if isinstance(error, Permanent):
        webhook_queue.stop_webhook(call.webhook, now, why)
        _finish(call, State.FAILED, why)
        return
    asked_s = error.after_s if isinstance(error, Retry) else None  # by Retry-After
    pause = notice_rule.retry_delay(min(call.tries + 1, len(notice_rule.BACKOFF_S)), asked_s) or WAIT
    queued.update(claimed_until=None, due_at=min(now + pause, call.created_at + webhook_queue.TRIED_FOR), why=why)


def _finish(call: WebhookCall, state: str, why: str) -> None:
    queued = WebhookCall.objects.filter(pk=call.pk, state=State.QUEUED)
    queued.update(state=state, why=why, ended_at=timezone.now(), claimed_until=None)
