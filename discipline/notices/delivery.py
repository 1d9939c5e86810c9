"""Deliver the outbox: claim the rows that are due, check access once more, send them and record the results.

A claim expires, so that another worker takes what a dead one held. A worker that dies after a push service accepted a
message and before the row is updated causes a second send; the message's tag makes the browser show it once.
"""

import logging
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from discipline.core import heartbeats
from discipline.core.heartbeats import Part
from discipline.notices import outbox, recipients, subjects
from discipline.notices import rule as notice_rule
from discipline.notices.models import Delivery, Device
from discipline.notices.rule import TOPICS, Mode
from discipline.notices.senders import Address, Message, Permanent, Retry, sender_of
from discipline.notices.subjects import NoticeSubject
from offices.hours.schedule import ZONE
from streams.servers.locks import Lock, lock_until_commit

log = logging.getLogger(__name__)

BATCH_SIZE = 200
SENDER_THREADS = 8
SENDING_S = 90.0  # messages not started by then go back into the queue
LANGUAGE: str = settings.LANGUAGE_CODE  # of a reader who is gone
LEASE = timedelta(seconds=180)  # length of a claim
MAX_ERROR_CHARS = 300
Why = Delivery.Why

_busy = threading.BoundedSemaphore(2)  # so that a thread of the worker is left for the sweep


class _NoTimeLeft(Exception):
    """Not sent: earlier messages took so long that the claim is about to expire."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message to one address, and the rows that it delivers."""

    rows: list[Delivery]
    to: Address
    message: Message


def queue_and_send(now: datetime) -> None:
    """Queue notices of new subjects and send what is due. Does nothing if two threads of this process already do.

    Celery beat calls it again after seconds.
    """
    if not _busy.acquire(blocking=False):
        return
    try:
        heartbeats.beat(Part.NOTICES)
        outbox.queue_notices(now)
        if send_due(now) == BATCH_SIZE:
            outbox.request_delivery()
    finally:
        _busy.release()


def send_due(now: datetime, only: int | None = None) -> int:
    """Send the rows due at `now`, at most BATCH_SIZE, or only the row with id `only`; return how many were claimed."""
    rows = _claim(now, only)
    if rows:
        _send(_group_messages(rows, now), now)
    return len(rows)


def _claim(now: datetime, only: int | None) -> list[Delivery]:
    due = Delivery.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), state="queued", due_at__lte=now)
    if only is not None:
        due = due.filter(pk=only)
    with transaction.atomic():
        lock_until_commit(Lock.CLAIM_NOTICES)
        rows = list(due.order_by("due_at", "pk").select_related("place__kelurahan", "place__kecamatan")[:BATCH_SIZE])
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_until=now + LEASE)
    return rows


def _group_messages(rows: list[Delivery], now: datetime) -> list[OutgoingMessage]:
    """Group rows into messages; rows that must not be sent any more are marked as skipped, others may be postponed."""
    people = recipients.active_people({row.user_id for row in rows})
    language = {row.pk: people[row.user_id].language if row.user_id in people else LANGUAGE for row in rows}
    current = {
        code: subjects.current(
            {row.subject_key for row in rows if not row.title and language[row.pk] == code}, now, code
        )
        for code in set(language.values())
    }
    by_row = {row.pk: _subject_of(row) if row.title else current[language[row.pk]].get(row.subject_key) for row in rows}
    ready: list[Delivery] = []
    for row in rows:
        person, subject = people.get(row.user_id), by_row[row.pk]
        if person is None or subject is None:
            _finish([row], Delivery.State.SKIPPED, Why.SCOPE if subject else Why.WITHDRAWN)
        elif why := _skip_reason(row, person, subject):
            _finish([row], Delivery.State.SKIPPED, why)
        elif wait := _postponed_to(row, person, subject, now):
            queued = Delivery.objects.filter(pk=row.pk, state=Delivery.State.QUEUED)
            queued.update(due_at=wait.at, gathered=wait.gathered, claimed_until=None)
        else:
            ready.append(row)
    by_address = [(row, (row.user_id, row.channel, row.device_id), row.gathered) for row in ready]
    return [
        OutgoingMessage(
            many, _address(many[0], people), _message(many, [by_row[row.pk] for row in many], language[many[0].pk])
        )
        for many in notice_rule.bundle_items(by_address)
    ]


def _subject_of(row: Delivery) -> NoticeSubject:
    return NoticeSubject(
        TOPICS[row.kind],
        row.place and row.place.office,
        row.title,
        row.body,
        row.url,
        subjects.obsolete(row.subject_key),
    )


def _skip_reason(row: Delivery, person: recipients.Person, subject: NoticeSubject) -> str:
    """Return why the row must not be sent, or "". Scope and preferences are the present ones, not those when queued."""
    if not person.sees(subject.office):
        return Why.SCOPE
    if (row.channel, row.device_id) not in person.addresses():
        return Why.ADDRESS
    if notice_rule.mode_for(subject.kind, person.roles(subject.office), person.wish) is Mode.OFF:
        return Why.OFF
    if not person.wants_from(subject.office):
        return Why.OFF
    if subject.over == Why.ENDED and row.gathered:
        return ""  # a digest says that it is over
    return subject.over


def _postponed_to(
    row: Delivery, person: recipients.Person, subject: NoticeSubject, now: datetime
) -> notice_rule.DueNotice | None:
    if row.gathered:
        return None
    return notice_rule.postponed(subject.kind, person.roles(subject.office), person.wish, now, ZONE)


def _address(row: Delivery, people: Mapping[int, recipients.Person]) -> Address:
    return people[row.user_id].addresses()[row.channel, row.device_id]


def _message(rows: list[Delivery], about: list[NoticeSubject | None], language: str) -> Message:
    present = [subject for subject in about if subject]
    with translation.override(language):
        subject = present[0] if len(present) == 1 else subjects.summary(present)
    tag = rows[0].subject_key if len(rows) == 1 else f"digest:{rows[-1].pk}"
    return Message(subject.title, subject.body, subject.url, tag, urgent=not rows[0].gathered)


def _send(outgoing: list[OutgoingMessage], now: datetime) -> None:
    until = monotonic() + SENDING_S

    def attempt(item: OutgoingMessage) -> None:
        if monotonic() > until:
            raise _NoTimeLeft
        sender_of(item.to.channel).send(item.to, item.message, once=f"sidak-{item.rows[0].pk}")

    with ThreadPoolExecutor(min(SENDER_THREADS, len(outgoing) or 1), thread_name_prefix="send") as pool:
        submitted = {pool.submit(attempt, item): item for item in outgoing}
        for future in as_completed(submitted):
            _record_result(submitted[future], future.exception(), now)
            heartbeats.beat(Part.NOTICES)


def _record_result(outgoing: OutgoingMessage, error: BaseException | None, now: datetime) -> None:
    """Mark the rows as sent, or for a retry, or as failed. A push address reported gone ends its device."""
    rows, pks = outgoing.rows, [row.pk for row in outgoing.rows]
    queued = Delivery.objects.filter(pk__in=pks, state=Delivery.State.QUEUED)
    if error is None:
        queued.update(tries=F("tries") + 1)
        _finish(rows, Delivery.State.SENT, "")
        if rows[0].device_id:
            Device.objects.filter(pk=rows[0].device_id).update(last_success_at=timezone.now())
        return
    if isinstance(error, _NoTimeLeft):
        queued.update(claimed_until=None)
        return
    queued.update(tries=F("tries") + 1)
    if not isinstance(error, Retry | Permanent):
        log.error("unexpected error while sending a notice by %s", outgoing.to.channel, exc_info=error)
    pause = None
    if not isinstance(error, Permanent):
        pause = notice_rule.retry_delay(rows[0].tries + 1, error.after_s if isinstance(error, Retry) else None)
    why = (str(error) or repr(error))[:MAX_ERROR_CHARS]
    if pause is None:
        _finish(rows, Delivery.State.FAILED, why)
    else:
        queued.update(claimed_until=None, due_at=now + pause, why=why)
    if isinstance(error, Permanent) and error.gone and rows[0].device_id:
        device = Device.objects.filter(pk=rows[0].device_id, ended_at=None)
        device.update(ended_at=timezone.now(), ended_why=Device.Ended.GONE)


def _finish(rows: list[Delivery], state: str, why: str) -> None:
    queued = Delivery.objects.filter(pk__in=[row.pk for row in rows], state=Delivery.State.QUEUED)
    queued.update(state=state, why=why, ended_at=timezone.now(), claimed_until=None)
