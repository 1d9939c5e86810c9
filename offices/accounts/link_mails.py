"""Send links by mail in the reader's language, where a mail server is set up."""

import logging
from smtplib import SMTPException
from threading import Thread

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils.translation import gettext as _

from offices.accounts.languages import in_language_of
from offices.accounts.links import IssuedLink, make_link

log = logging.getLogger(__name__)


def mail_is_set_up() -> bool:
    """Return whether mails go to a server; without one they are only written to a folder."""
    return bool(settings.EMAIL_URL)


def send_link(issued: IssuedLink) -> bool:
    """Send an operator's link to its account; return whether the mail server took it."""
    if not (mail_is_set_up() and issued.user.email):
        return False
    with in_language_of(issued.user):
        mail = _link_mail(issued, _("Operator Sidak membuat tautan ini untuk Anda."))
    return _send(mail)


def send_forgotten(words: str) -> None:
    """Send links to the accounts with this username or address.

    In a thread, so that the time of the answer does not tell whether there is one.
    """
    if not words or not mail_is_set_up():
        return
    found = User.objects.filter(Q(username__iexact=words) | Q(email__iexact=words), is_active=True).exclude(email="")
    found = found.exclude(pk__in=SocialAccount.objects.values("user"))  # the city's provider lets them in
    mails = [_forgotten_mail(user) for user in found[:3]]
    log.info("Links for forgotten passwords: %d", len(mails))
    Thread(target=lambda: [_send(mail) for mail in mails], name="forgotten passwords", daemon=True).start()


def tell_of_lost_factors(user: User) -> None:
    """Tell the account's owner that the second factors were removed."""
    if not (mail_is_set_up() and user.email):
        return
    with in_language_of(user):
        text = _(
            "Operator menghapus langkah kedua akun %(name)s karena Anda, atau seseorang atas nama Anda, memintanya."
            " Bila bukan Anda, hubungi Dinas Kominfo sekarang juga."
        )
        mail = EmailMessage(_("Sidak: langkah kedua dihapus"), text % {"name": user.get_username()}, to=[user.email])
    _send(mail)


def _forgotten_mail(user: User) -> EmailMessage:
    with in_language_of(user):
        return _link_mail(make_link(user), _("Seseorang, semoga Anda, meminta sandi baru untuk akun Anda."))


def _link_mail(issued: IssuedLink, why: str) -> EmailMessage:
    text = _(
        "%(why)s\n\nAkun: %(name)s\nBuat sandi Anda di sini, sekali dan dalam tiga hari:\n%(url)s\n\n"
        "Jangan teruskan pesan ini. Bila tidak memintanya, abaikan saja."
    )
    body = text % {"why": why, "name": issued.user.get_username(), "url": issued.url}
    return EmailMessage(_("Sidak: buat sandi Anda"), body, to=[issued.user.email])


def _send(mail: EmailMessage) -> bool:
    try:
        return bool(mail.send())
    except (OSError, SMTPException) as error:
        log.warning("A mail with a link was not taken: %s", error)
        return False
