"""The outbox: claims the messages that are due, asks the gate once more, sends them, writes down what became of them.

A claim runs out, so that what a dead worker held is taken again. Between a push service's yes and our note of it lies
a moment in which a worker may die; then a message goes out twice, and its tag shows it once.
"""

import logging
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

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
SENDER_THREADS = 8  # sent side by side
SENDING_S = 90.0  # then what is left goes back into the queue
LEASE = timedelta(seconds=180)
MAX_ERROR_CHARS = 300
Why = Delivery.Why

_busy = threading.BoundedSemaphore(2)  # of a worker's threads: the sweep needs one


class _NoTimeLeft(Exception):
    """Others took so long that the claim is about to run out."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message to one address, and the rows that it settles."""

    rows: list[Delivery]
    to: Address
    message: Message


def queue_and_send(now: datetime) -> None:
    """Queue what nobody was told of yet, and send what is due. When two are at it already, the beat comes again."""
    if not _busy.acquire(blocking=False):
        return
    try:
        outbox.queue_notices(now)
        if send_due(now) == BATCH_SIZE:
            outbox.request_delivery()
    finally:
        _busy.release()


def send_due(now: datetime, only: int | None = None) -> int:
    """Send what is due at `now` (or of that the one row). Returns how many rows were taken up."""
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
        rows = list(due.order_by("due_at", "pk").select_related("kelurahan")[:BATCH_SIZE])
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_until=now + LEASE)
    return rows


def _group_messages(rows: list[Delivery], now: datetime) -> list[OutgoingMessage]:
    """What may still be told, by message; the rest is noted as skipped."""
    known = recipients.active_people({row.user_id for row in rows})
    current = subjects.current({row.matter for row in rows if not row.title}, now)
    said = {row.pk: _subject_of(row) if row.title else current.get(row.matter) for row in rows}
    ready: list[Delivery] = []
    for row in rows:
        person, matter = known.get(row.user_id), said[row.pk]
        if person is None or matter is None:
            _finish([row], Delivery.State.SKIPPED, Why.SCOPE if matter else Why.WITHDRAWN)
        elif why := _skip_reason(row, person, matter):
            _finish([row], Delivery.State.SKIPPED, why)
        elif wait := _postponed_to(row, person, matter, now):
            queued = Delivery.objects.filter(pk=row.pk, state=Delivery.State.QUEUED)
            queued.update(due_at=wait.at, gathered=wait.gathered, claimed_until=None)
        else:
            ready.append(row)
    by_address = [(row, (row.user_id, row.channel, row.device_id), row.gathered) for row in ready]
    return [
        OutgoingMessage(many, _address(many[0], known), _message(many, [said[row.pk] for row in many]))
        for many in notice_rule.bundle_items(by_address)
    ]


def _subject_of(row: Delivery) -> NoticeSubject:
    return NoticeSubject(TOPICS[row.kind], row.kelurahan, row.title, row.body, row.url, subjects.obsolete(row.matter))


def _skip_reason(row: Delivery, person: recipients.Person, matter: NoticeSubject) -> str:
    """Why the row is not sent, or nothing. The person's scope and rules are those of now, not of when it was queued."""
    if not person.sees(matter.office):
        return Why.SCOPE
    if (row.channel, row.device_id) not in person.addresses():
        return Why.ADDRESS
    if notice_rule.mode_for(matter.kind, person.roles(matter.office), person.wish) is Mode.OFF:
        return Why.OFF
    if not person.wants_from(matter.office):
        return Why.OFF
    if matter.over == Why.ENDED and row.gathered:
        return ""  # a digest says that it is over
    return matter.over


def _postponed_to(
    row: Delivery, person: recipients.Person, matter: NoticeSubject, now: datetime
) -> notice_rule.DueNotice | None:
    if row.gathered:
        return None
    return notice_rule.postponed(matter.kind, person.roles(matter.office), person.wish, now, ZONE)


def _address(row: Delivery, known: Mapping[int, recipients.Person]) -> Address:
    return known[row.user_id].addresses()[row.channel, row.device_id]


def _message(rows: list[Delivery], said: list[NoticeSubject | None]) -> Message:
    told = [matter for matter in said if matter]
    one = told[0] if len(told) == 1 else subjects.summary(told)
    tag = rows[0].matter if len(rows) == 1 else f"digest:{rows[-1].pk}"
    return Message(one.title, one.body, one.url, tag, urgent=not rows[0].gathered)


def _send(parcels: list[OutgoingMessage], now: datetime) -> None:
    until = monotonic() + SENDING_S

    def attempt(parcel: OutgoingMessage) -> None:
        if monotonic() > until:
            raise _NoTimeLeft
        sender_of(parcel.to.channel).send(parcel.to, parcel.message, once=f"sidak-{parcel.rows[0].pk}")

    with ThreadPoolExecutor(min(SENDER_THREADS, len(parcels) or 1), thread_name_prefix="send") as pool:
        sent = {pool.submit(attempt, parcel): parcel for parcel in parcels}
        for future in as_completed(sent):
            _record_result(sent[future], future.exception(), now)


def _record_result(parcel: OutgoingMessage, error: BaseException | None, now: datetime) -> None:
    rows, pks = parcel.rows, [row.pk for row in parcel.rows]
    mine = Delivery.objects.filter(pk__in=pks, state=Delivery.State.QUEUED)
    if error is None:
        mine.update(tries=F("tries") + 1)
        _finish(rows, Delivery.State.SENT, "")
        if rows[0].device_id:
            Device.objects.filter(pk=rows[0].device_id).update(last_success_at=timezone.now())
        return
    if isinstance(error, _NoTimeLeft):
        mine.update(claimed_until=None)
        return
    mine.update(tries=F("tries") + 1)
    if not isinstance(error, Retry | Permanent):
        log.error("sending by %s", parcel.to.channel, exc_info=error)
    pause = None
    if not isinstance(error, Permanent):
        pause = notice_rule.retry_delay(rows[0].tries + 1, error.after_s if isinstance(error, Retry) else None)
    why = (str(error) or repr(error))[:MAX_ERROR_CHARS]
    if pause is None:
        _finish(rows, Delivery.State.FAILED, why)
    else:
        mine.update(claimed_until=None, due_at=now + pause, why=why)
    if isinstance(error, Permanent) and error.gone and rows[0].device_id:
        device = Device.objects.filter(pk=rows[0].device_id, ended_at=None)
        device.update(ended_at=timezone.now(), ended_why=Device.Ended.GONE)


def _finish(rows: list[Delivery], state: str, why: str) -> None:
    queued = Delivery.objects.filter(pk__in=[row.pk for row in rows], state=Delivery.State.QUEUED)
    queued.update(state=state, why=why, ended_at=timezone.now(), claimed_until=None)
