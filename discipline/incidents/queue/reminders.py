"""Tell the room of items that nobody has taken in time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline.incidents.models import Priority
from discipline.incidents.queue import gathering
from discipline.incidents.queue.items_rule import ItemKind, QueueItem
from discipline.incidents.queue.models import QueueReminder
from discipline.incidents.shifts.duty import duty_now
from discipline.notices import outbox
from discipline.notices import rule as notice_rule

STALE = timedelta(hours=12)  # older items are marked on the page, and that is all
KEPT = timedelta(days=30)
NAMED = 5  # items that a notice names
# A late task has notices of its own (tasks/notices.py). Camera troubles wait until somebody looks.
NOT_TOLD = (ItemKind.TASK, ItemKind.CAMERA)


def remind(now: datetime) -> int:
    """Queue one notice about all items that have become late since the last time; return how many items.

    It goes to the operators on duty, or to all operators when nobody is. Each item is in one notice, whoever runs this
    at the same time.
    """
    late = [one for one in gathering.gather(now) if _to_tell(one, now)]
    known = set(QueueReminder.objects.filter(key__in=[one.key for one in late]).values_list("key", flat=True))
    with transaction.atomic():
        new = [one for one in late if one.key not in known and _first(one.key, now)]
        if new:
            _queue(new, now)
    return len(new)


def forget_old_reminders(now: datetime) -> None:
    """Delete reminders older than KEPT."""
    QueueReminder.objects.filter(at__lt=now - KEPT).delete()


def _to_tell(item: QueueItem, now: datetime) -> bool:
    worth = item.kind not in NOT_TOLD and item.priority < Priority.LOW.value
    return worth and item.waits_too_long(now) and now - item.since < STALE


def _first(key: str, now: datetime) -> bool:
    return QueueReminder.objects.get_or_create(key=key, defaults={"at": now})[1]


def _queue(items: Sequence[QueueItem], now: datetime) -> None:
    duty = duty_now(now)
    on_duty = {one.user_id for one in duty.members} | ({duty.shift.chief_id} if duty.shift else set())

    def words() -> outbox.NoticeText:
        count = len(items)
        title = ngettext(
            "%(n)s butir antrean belum diambil melewati batasnya",
            "%(n)s butir antrean belum diambil melewati batasnya",
            count,
        ) % {"n": count}
        body = "; ".join(f"{one.title} ({one.place})" if one.place else one.title for one in items[:NAMED])
        if count > NAMED:
            body = _("%(items)s; dan %(n)s lagi") % {"items": body, "n": count - NAMED}
        return outbox.NoticeText(title, body, reverse("queue"))

    outbox.queue_message(
        f"queue:{items[0].key}",
        notice_rule.Topic.QUEUE,
        words,
        None,
        now,
        users=on_duty or None,
        roles=(notice_rule.OPERATOR,),
    )
