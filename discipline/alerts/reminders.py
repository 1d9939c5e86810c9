"""Tells lurah and camat, once each, that the time to explain is running out or has passed.

By the senders of everything else; mails keep their own row, because they are tried for days and not for hours.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from discipline.alerts.deadlines import remind_at
from discipline.alerts.models import Alert, Reminder
from discipline.notices import outbox
from discipline.notices import rule as notice_rule
from discipline.notices.channels import MAIL
from discipline.notices.senders import Address, Message, Permanent, Retry, sender_of
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.access.models import Membership

log = logging.getLogger(__name__)

FORGOTTEN = timedelta(days=14)  # nobody is reminded of older ones
MAILS_AT_ONCE = 100


def remind(now: datetime) -> int:
    """Note every reminder that is due, queue it for telephones, and mail it to who has an address. Returns how many
    mails went out."""
    due = [
        Reminder(alert=alert, user_id=user, when=when, created_at=now)
        for when, alerts in ((Reminder.When.SOON, _due_soon(now)), (Reminder.When.OVERDUE, _overdue(now)))
        for alert in alerts
        for user in _recipients(alert)
    ]
    with transaction.atomic():
        Reminder.objects.bulk_create(due, ignore_conflicts=True)
        for reminder in due:
            _queue_push(reminder, now)
    return _send_mails(now)


def _due_soon(now: datetime) -> list[Alert]:
    waiting = _waiting(Reminder.When.SOON).filter(explain_by__gt=now)
    return [alert for alert in waiting if alert.explain_by and remind_at(alert.counter_id, alert.explain_by) <= now]


def _overdue(now: datetime) -> QuerySet[Alert]:
    return _waiting(Reminder.When.OVERDUE).filter(explain_by__lte=now, explain_by__gt=now - FORGOTTEN)


def _waiting(when: Reminder.When) -> QuerySet[Alert]:
    """Unanswered, and nobody was told yet."""
    told = Reminder.objects.filter(alert=OuterRef("pk"), when=when)
    return _unanswered().filter(~Exists(told)).select_related("counter__kelurahan")


def _unanswered() -> QuerySet[Alert]:
    """Neither explained nor decided."""
    alerts: QuerySet[Any] = Alert.objects.with_explained().filter(
        kind__in=ACCUSATIONS, superseded_by=None, withdrawn_by=None
    )
    return alerts.filter(explained=False, outcome="")


def _recipients(alert: Alert) -> Iterator[int]:
    office = alert.counter.kelurahan
    members = Membership.objects.filter(user__is_active=True)
    yield from members.filter(kelurahan=office).values_list("user", flat=True)
    yield from members.filter(kecamatan=office.kecamatan_id).values_list("user", flat=True)


def _queue_push(reminder: Reminder, now: datetime) -> None:
    subject, text = _words(reminder)
    words = outbox.NoticeText(subject, text.partition("\n\n")[0], reverse("indication", args=[reminder.alert_id]))
    matter, office = f"reminder:{reminder.alert_id}:{reminder.when}", reminder.alert.counter.kelurahan
    outbox.queue_message(matter, notice_rule.Topic.REMINDER, words, office, now, users=[reminder.user_id], but=[MAIL])


def _send_mails(now: datetime) -> int:
    """Those not yet mailed; what the mail server refuses is tried again with the next run."""
    waiting = Reminder.objects.filter(mailed_at=None, user__is_active=True, created_at__gt=now - FORGOTTEN)
    waiting = waiting.filter(alert__in=_unanswered().values("pk")).exclude(user__email="").order_by("pk")
    waiting = waiting.exclude(user__notice_rule__by_mail=False)
    waiting = waiting.exclude(user__notice_rule__modes__contains={notice_rule.Topic.REMINDER: notice_rule.Mode.OFF})
    sent = 0
    for reminder in waiting.select_related("user", "alert__counter__kelurahan")[:MAILS_AT_ONCE]:
        subject, text = _words(reminder)
        try:
            message = Message(subject, text, reverse("indication", args=[reminder.alert_id]), f"reminder:{reminder.pk}")
            sender_of(MAIL).send(Address(MAIL, reminder.user.email), message, once=f"reminder-{reminder.pk}")
        except Permanent as error:
            log.warning("reminder mail: %s", error)
            continue  # one wrong address must not keep the others waiting
        except Retry as error:
            log.warning("reminder mail: %s", error)
            break
        Reminder.objects.filter(pk=reminder.pk).update(mailed_at=now)
        sent += 1
    return sent


def _words(reminder: Reminder) -> tuple[str, str]:
    """Subject and text, in Indonesian: nobody has said another language by mail."""
    with translation.override("id"), timezone.override(settings.TIME_ZONE):
        context = {"reminder": reminder, "alert": reminder.alert, "site": settings.SITE_URL.rstrip("/")}
        subject, _, text = render_to_string("alerts/reminder.txt", context).partition("\n\n")
    return subject.strip(), text.strip() + "\n"
