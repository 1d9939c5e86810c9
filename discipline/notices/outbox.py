"""Queue notices: turn news and messages into rows of Delivery, by user and channel, which delivery.py sends.

A user gets one message per subject, channel and device: the constraint delivery_once refuses a second row.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation

from discipline.notices import recipients, subjects
from discipline.notices import rule as notice_rule
from discipline.notices.models import Delivery, Escalation
from discipline.notices.rule import AnyTopic, NoticeEvent
from offices.hours.schedule import ZONE
from offices.places.models import Office, place_of
from streams.servers import task_queue

TASK = "discipline.tasks.notify"
STALE = timedelta(hours=12)  # older news is marked as announced without a notice
BATCH_SIZE = 500  # subjects that a source claims at once
KEPT = timedelta(days=90)  # age at which deliveries are deleted


@dataclass(frozen=True, slots=True)
class NoticeText:
    """Text of a message, fixed when it is queued. `url` is a path of this site."""

    title: str
    body: str
    url: str


def request_delivery() -> None:
    """Send the task that delivers what is due. Call after the commit, from any thread.

    Does not raise when the broker is down: Celery beat runs the task every few seconds anyway.
    """
    task_queue.send_task(TASK)


def queue_notices(now: datetime) -> int:
    """Queue notices of the new subjects of all sources; return how many."""
    with transaction.atomic():
        rows = _about(subjects.claim_news(now), now)
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def queue_message(
    subject_key: str,
    kind: AnyTopic,
    words: NoticeText | Callable[[], NoticeText],
    office: Office | None,
    now: datetime,
    *,
    users: Collection[int] | None = None,
    roles: Collection[str] | None = None,
    but: Collection[str] = (),
    not_to: int | None = None,
) -> int:
    """Queue messages with a fixed text, in the caller's transaction; they are sent after its commit. Return how many.

    - `subject_key` identifies the subject, `kind` is the topic by which preferences apply.
    - `words` is the text, or a function that returns it in the active language, which is then that of each reader.
    - Recipients are those of `users` (None: all active users), except `not_to`, who see the office, hold one of
      `roles` over it (None: any role) and want notices of the kind.
    - `but` are the codes of channels not to use.
    """
    occasion, steps = NoticeEvent(kind, now, now), Escalation.current()
    rows: list[Delivery] = []
    texts: dict[str, NoticeText] = {}
    for person in recipients.active_people(users).values():
        if person.pk != not_to and (roles is None or person.roles(office) & set(roles)):
            if person.language not in texts:
                texts[person.language] = _written(words, person.language)
            rows += _rows(person, subject_key, occasion, office, steps, now, texts[person.language])
    rows = [row for row in rows if row.channel not in but]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        transaction.on_commit(request_delivery)
    return len(rows)


def _written(words: NoticeText | Callable[[], NoticeText], language: str) -> NoticeText:
    if isinstance(words, NoticeText):
        return words
    with translation.override(language):
        return words()


def delete_old_deliveries(now: datetime) -> None:
    """Delete deliveries created more than KEPT before `now`."""
    Delivery.objects.filter(created_at__lt=now - KEPT).delete()


def _about(news: list[subjects.News], now: datetime) -> list[Delivery]:
    if not news:
        return []
    people, steps = recipients.active_people().values(), Escalation.current()
    return [
        row
        for item in news
        for person in people
        for row in _rows(person, item.key, item.occasion, item.office, steps, now)
    ]


def _rows(
    person: recipients.Person,
    subject_key: str,
    occasion: NoticeEvent,
    office: Office | None,
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
            subject_key=subject_key,
            kind=occasion.kind,
            channel=channel,
            device_id=device,
            place=place_of(office) if office else None,
            title=words.title[: subjects.MOST_TITLE] if words else "",
            body=words.body if words else "",
            url=words.url if words else "",
            gathered=due.gathered,
            created_at=now,
            due_at=due.at,
        )
        for channel, device in addresses
    ]
