"""Reminds who explains and who decides, once each, that the time to explain an indication is running out or has passed.

Push and WhatsApp messages go through the outbox of notices. Mails use its sender, but their Reminder row is their
queue, because they are retried for days and not for hours.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from discipline.alerts.deadlines import remind_at
from discipline.alerts.models import Alert, Reminder
from discipline.notices import outbox
from discipline.notices import rule as notice_rule
from discipline.notices.channels import MAIL
from discipline.notices.senders import Address, Message, Permanent, Retry, sender_of
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.access.accountable import Role, decider, explainer, who_decides, who_explains
from offices.access.models import Membership
from offices.accounts.languages import in_language_of

if TYPE_CHECKING:
    from discipline.alerts.models import ExplainedAlert

log = logging.getLogger(__name__)

FORGOTTEN = timedelta(days=14)  # older deadlines and unsent mails are dropped
MAILS_AT_ONCE = 100


def remind(now: datetime) -> int:
    """Store the reminders that are due, queue them for push and WhatsApp, and send mails; return how many mails."""
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


def _due_soon(now: datetime) -> "list[ExplainedAlert]":
    waiting = _waiting(Reminder.When.SOON).filter(explain_by__gt=now)
    return [alert for alert in waiting if alert.explain_by and remind_at(alert.counter_id, alert.explain_by) <= now]


def _overdue(now: datetime) -> "QuerySet[ExplainedAlert]":
    return _waiting(Reminder.When.OVERDUE).filter(explain_by__lte=now, explain_by__gt=now - FORGOTTEN)


def _waiting(when: Reminder.When) -> "QuerySet[ExplainedAlert]":
    """Return unanswered indications for which no such reminder exists."""
    sent = Reminder.objects.filter(alert=OuterRef("pk"), when=when)
    return _unanswered().filter(~Exists(sent)).select_related("counter__kelurahan", "counter__place__kecamatan")


def _unanswered() -> "QuerySet[ExplainedAlert]":
    """Return indications neither explained nor decided."""
    return Alert.objects.with_explained().filter(
        kind__in=ACCUSATIONS,
        superseded_by=None,
        withdrawn_by=None,
        explained=False,
        outcome="",
    )


def _recipients(alert: Alert) -> Iterator[int]:
    """Yield the users (ids) who explain for the office, then those who decide about it."""
    office = alert.counter.office
    areas = {Role.LURAH: Q(kelurahan=office.office_id), Role.CAMAT: Q(kecamatan=office.area.pk)}
    for role in (who_explains(office), who_decides(office)):
        members = Membership.objects.filter(areas.get(role, Q()), user__is_active=True, role=role)
        yield from members.values_list("user", flat=True)


def _queue_push(reminder: Reminder, now: datetime) -> None:
    subject, text = _words(reminder)
    notice = outbox.NoticeText(subject, text.partition("\n\n")[0], reverse("indication", args=[reminder.alert_id]))
    key, office = f"reminder:{reminder.alert_id}:{reminder.when}", reminder.alert.counter.office
    outbox.queue_message(key, notice_rule.Topic.REMINDER, notice, office, now, users=[reminder.user_id], but=[MAIL])


def _send_mails(now: datetime) -> int:
    """Mail up to MAILS_AT_ONCE waiting reminders; return how many. Failed ones stay queued for the next run."""
    waiting = Reminder.objects.filter(mailed_at=None, user__is_active=True, created_at__gt=now - FORGOTTEN)
    waiting = waiting.filter(alert__in=_unanswered().values("pk")).exclude(user__email="").order_by("pk")
    waiting = waiting.exclude(user__notice_rule__by_mail=False)
    waiting = waiting.exclude(user__notice_rule__modes__contains={notice_rule.Topic.REMINDER: notice_rule.Mode.OFF})
    sent = 0
    waiting = waiting.select_related(
        "user__chosen_language", "alert__counter__kelurahan", "alert__counter__place__kecamatan"
    )
    for reminder in waiting[:MAILS_AT_ONCE]:
        subject, text = _words(reminder)
        try:
            message = Message(subject, text, reverse("indication", args=[reminder.alert_id]), f"reminder:{reminder.pk}")
            sender_of(MAIL).send(Address(MAIL, reminder.user.email), message, once=f"reminder-{reminder.pk}")
        except Permanent as error:
            log.warning("mail of reminder %s was refused: %s", reminder.pk, error)
            continue  # one wrong address must not hold up the others
        except Retry as error:
            log.warning("mail of reminder %s failed, stopping until the next run: %s", reminder.pk, error)
            break
        Reminder.objects.filter(pk=reminder.pk).update(mailed_at=now)
        sent += 1
    return sent


def _words(reminder: Reminder) -> tuple[str, str]:
    """Return subject and text in the reader's language."""
    with in_language_of(reminder.user), timezone.override(settings.TIME_ZONE):
        office = reminder.alert.counter.office
        context = {
            "reminder": reminder,
            "alert": reminder.alert,
            "office": office,
            "explainer": explainer(office),
            "decider": decider(office),
            "site": settings.SITE_URL.rstrip("/"),
        }
        subject, _, text = render_to_string("alerts/reminder.txt", context).partition("\n\n")
    return subject.strip(), text.strip() + "\n"
