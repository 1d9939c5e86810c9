"""What happened → whom to tell, when, by which channel: rows of Delivery, which delivering.py sends.

Nobody is told twice of a matter by one channel: the database refuses the second row.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from discipline.core import task_queue
from discipline.notices import recipients, subjects
from discipline.notices import rule as notice_rule
from discipline.notices.models import Delivery, Escalation
from discipline.notices.rule import AnyTopic, NoticeEvent
from offices.hours.schedule import ZONE
from offices.places.models import Kelurahan

TASK = "discipline.tasks.notify"
STALE = timedelta(hours=12)  # what nobody could be told of for so long is history
BATCH_SIZE = 500
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class NoticeText:
    """Of a matter that is told as it was when it happened. `url` is a path of this site."""

    title: str
    body: str
    url: str


def request_delivery() -> None:
    """Have what is due sent now. Call after the commit, from any thread. A broker that is away raises nothing:
    the beat looks into the outbox every few seconds."""
    task_queue.send_task(TASK)


def queue_notices(now: datetime) -> int:
    """Queue notices of what nobody has been told of yet. Returns how many."""
    with transaction.atomic():
        rows = _about(subjects.claim_news(now), now)
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def queue_message(
    matter: str,
    kind: AnyTopic,
    words: NoticeText,
    office: Kelurahan | None,
    now: datetime,
    *,
    users: Collection[int] | None = None,
    roles: Collection[str] | None = None,
    but: Collection[str] = (),
    not_to: int | None = None,
) -> int:
    """Queue messages about a matter with words of its own, in the caller's transaction; they leave after its commit.

    To those of `users` (None: everybody; never `not_to`) who see the office, look after it by one of `roles` (None:
    any) and want to hear of the kind; by all their channels `but` those. Returns how many were queued.
    """
    occasion, steps = NoticeEvent(kind, now, now), Escalation.current()
    rows: list[Delivery] = []
    for person in recipients.active_people(users).values():
        if person.pk != not_to and (roles is None or person.roles(office) & set(roles)):
            rows += _rows(person, matter, occasion, office, steps, now, words)
    rows = [row for row in rows if row.channel not in but]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        transaction.on_commit(request_delivery)
    return len(rows)


def delete_old_deliveries(now: datetime) -> None:
    """What became of messages is kept for KEPT."""
    Delivery.objects.filter(created_at__lt=now - KEPT).delete()


def _about(news: list[subjects.News], now: datetime) -> list[Delivery]:
    if not news:
        return []
    known, steps = recipients.active_people().values(), Escalation.current()
    return [
        row for one in news for person in known for row in _rows(person, one.key, one.occasion, one.office, steps, now)
    ]


def _rows(
    person: recipients.Person,
    matter: str,
    occasion: NoticeEvent,
    office: Kelurahan | None,
    steps: notice_rule.EscalationDelays,
    now: datetime,
    words: NoticeText | None = None,
) -> Iterable[Delivery]:
    roles = person.roles(office)
    addresses = person.addresses()
    if not addresses or not roles or not person.sees(office) or not person.wants_from(office):
        return []
    due = notice_rule.due_notice(occasion, roles, person.wish, steps, ZONE)
    if due is None:
        return []
    return [
        Delivery(
            user_id=person.pk,
            matter=matter,
            kind=occasion.kind,
            channel=channel,
            device_id=device,
            kelurahan=office,
            title=words.title[: subjects.MOST_TITLE] if words else "",
            body=words.body if words else "",
            url=words.url if words else "",
            gathered=due.gathered,
            created_at=now,
            due_at=due.at,
        )
        for channel, device in addresses
    ]
