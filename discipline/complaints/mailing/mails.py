"""Mails to residents about what becomes of their reports. They wait in ComplaintMail, sealed, until they are sent."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from discipline.complaints.mailing import links
from discipline.complaints.mailing.links import LinkKind
from discipline.complaints.models import Complaint, ComplaintFollower, ComplaintMail, ComplaintStep
from discipline.complaints.state_rule import ComplaintEvent, ComplaintState
from offices.accounts.link_mails import mail_is_set_up

log = logging.getLogger(__name__)
A_ROUND = 100
MOST_TRIES = 8


def ask_to_confirm(complaint: Complaint, secret: str, now: datetime) -> None:
    """Queue the mail whose link opens the report, with its number and secret."""
    with _in(complaint.language):
        body = _(
            "Terima kasih. Konfirmasikan laporan Anda dalam tiga hari, baru kemudian dibaca petugas:\n%(url)s\n\n"
            "Nomor: %(number)s\nKata kunci: %(secret)s\n\n"
            "Simpan keduanya untuk mengikuti laporan. Bila Anda tidak mengirim laporan, abaikan pesan ini."
        ) % {"url": links.address(LinkKind.CONFIRM, complaint.pk), "number": complaint.number, "secret": secret}
        subject = _("Konfirmasi laporan %(number)s") % {"number": complaint.number}
    _queue(complaint.mail.reveal(), subject, body, now)


def ask_to_follow(follower: ComplaintFollower, now: datetime) -> None:
    """Queue the mail whose link confirms a follower."""
    number = follower.complaint.number
    with _in(follower.language):
        body = _(
            "Anda ingin mengikuti laporan %(number)s. Tegaskan dalam tiga hari:\n%(url)s\n\n"
            "Bila tidak memintanya, abaikan saja."
        ) % {"number": number, "url": links.address(LinkKind.FOLLOW, follower.pk)}
        subject = _("Ikuti laporan %(number)s") % {"number": number}
    _queue(follower.mail.reveal(), subject, body, now)


def notify(step: ComplaintStep) -> None:
    """Queue mails about a line of the history, in its transaction: to who sent the report, and to its followers.

    Followers get news of reports that the public may read. Who sent a duplicate is written to at the end.
    """
    complaint = step.complaint
    reports = [complaint]
    if complaint.status.ended and step.what == ComplaintEvent.STATE.value:
        reports += complaint.duplicates.all()
    for report in reports:
        if report.mail:
            with _in(report.language):
                body = _("%(news)s\n\nLihat laporan Anda:\n%(url)s") % {
                    "news": _news(step, own=report.pk == complaint.pk),
                    "url": links.address(LinkKind.OWN, report.pk),
                }
                subject = _("Laporan %(number)s: %(state)s") % _named(step)
            _queue(report.mail.reveal(), subject, body, step.at)
    if not complaint.published:
        return
    for follower in complaint.followers.exclude(confirmed_at=None):
        with _in(follower.language):
            body = _("%(news)s\n\nBerhenti mengikuti:\n%(url)s") % {
                "news": _news(step, own=False),
                "url": links.address(LinkKind.STOP, follower.pk),
            }
            subject = _("Laporan %(number)s: %(state)s") % _named(step)
        _queue(follower.mail.reveal(), subject, body, step.at)


def send_waiting(now: datetime) -> int:
    """Send the mails that are due; return how many the server took. Each is sent by one process."""
    sent = 0
    if not mail_is_set_up():
        return sent
    for _number in range(A_ROUND):
        with transaction.atomic():
            due = ComplaintMail.objects.select_for_update(skip_locked=True).filter(due_at__lte=now)
            mail = due.order_by("due_at", "pk").first()
            if mail is None:
                break
            sent += _send(mail, now)
    return sent


def _send(mail: ComplaintMail, now: datetime) -> bool:
    letter = EmailMessage(
        mail.subject,
        mail.body.reveal(),
        settings.DEFAULT_FROM_EMAIL,
        [mail.address.reveal()],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        letter.send()
    except (OSError, SMTPException) as error:
        mail.tries += 1
        log.warning("A mail to a resident was not taken, try %d: %s", mail.tries, type(error).__name__)
        if mail.tries >= MOST_TRIES:
            mail.delete()
        else:
            mail.due_at = now + timedelta(minutes=2**mail.tries)
            mail.save(update_fields=["tries", "due_at"])
        return False
    mail.delete()
    return True


def _news(step: ComplaintStep, *, own: bool) -> str:
    lines = [_("Laporan %(number)s: %(state)s") % _named(step)]
    if step.message:
        lines.append(step.message)
    if own and step.state == ComplaintState.DONE.value:
        lines.append(
            _("Sudah selesai? Jawab lewat tautan di bawah; bila belum, laporan dapat dibuka kembali satu kali.")
        )
    return "\n\n".join(lines)


def _named(step: ComplaintStep) -> dict[str, str]:
    return {"number": step.complaint.number, "state": str(step.get_state_display())}


def _queue(address: str, subject: str, body: str, now: datetime) -> None:
    if address and mail_is_set_up():
        ComplaintMail.objects.create(address=address, subject=subject, body=body, created_at=now, due_at=now)


@contextmanager
def _in(language: str) -> Iterator[None]:
    with translation.override(language), timezone.override(settings.TIME_ZONE):
        yield
