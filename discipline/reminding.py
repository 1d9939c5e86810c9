"""Tells lurah and camat, once each, that the time to explain is running out or has passed."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone, translation

from discipline.alerts import ACCUSATIONS
from discipline.models import Alert, Decision, Reminder
from discipline.verdict import Act
from offices.models import Membership

log = logging.getLogger(__name__)

SOON = timedelta(hours=24)
FORGOTTEN = timedelta(days=14)  # nobody is reminded of older ones
MAILS_AT_ONCE = 100


def remind(now: datetime) -> int:
    """Note every reminder that is due and mail those that have an address. Returns how many mails went out."""
    explained = Decision.objects.filter(alert=OuterRef("pk"), what=Act.EXPLAINED)
    waiting = Alert.objects.filter(
        ~Exists(explained), kind__in=ACCUSATIONS, outcome="", superseded_by=None, explain_by__gt=now - FORGOTTEN
    ).select_related("counter__kelurahan")
    soon = waiting.filter(explain_by__gt=now, explain_by__lte=now + SOON)
    due = [
        Reminder(alert=alert, user_id=user, when=when, created_at=now)
        for when, alerts in ((Reminder.When.SOON, soon), (Reminder.When.OVERDUE, waiting.filter(explain_by__lte=now)))
        for alert in alerts
        for user in _whom(alert)
    ]
    Reminder.objects.bulk_create(due, ignore_conflicts=True)
    return _mail(now)


def _whom(alert: Alert) -> Iterator[int]:
    office = alert.counter.kelurahan
    members = Membership.objects.filter(user__is_active=True)
    yield from members.filter(kelurahan=office).values_list("user", flat=True)
    yield from members.filter(kecamatan=office.kecamatan_id).values_list("user", flat=True)


def _mail(now: datetime) -> int:
    """Those not yet mailed; what the mail server refuses is tried again with the next run."""
    waiting = Reminder.objects.filter(mailed_at=None, user__is_active=True).exclude(user__email="")
    sent = 0
    for reminder in waiting.select_related("user", "alert__counter__kelurahan")[:MAILS_AT_ONCE]:
        subject, text = _words(reminder)
        try:
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [reminder.user.email])
        except OSError as error:  # smtplib's errors are OSErrors
            log.warning("reminder mail: %s", error)
            break
        Reminder.objects.filter(pk=reminder.pk).update(mailed_at=now)
        sent += 1
    return sent


def _words(reminder: Reminder) -> tuple[str, str]:
    """Subject and text, in Indonesian: nobody has said another language by mail."""
    with translation.override("id"), timezone.override(settings.TIME_ZONE):
        context = {"reminder": reminder, "alert": reminder.alert, "site": settings.SITE_URL.rstrip("/")}
        subject, _, text = render_to_string("discipline/reminder.txt", context).partition("\n\n")
    return subject.strip(), text.strip() + "\n"
