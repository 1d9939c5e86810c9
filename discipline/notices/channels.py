"""The channels by which people are reached: one table. Pure.

A new channel is a row here and a file with its sender, a class with the methods of senders.Sender. An address that only
it needs is a field of NoticeRule, RuleForm and people.Person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

PUSH, MAIL, WEBHOOK = "push", "mail", "webhook"


@dataclass(frozen=True, slots=True)
class Channel:
    """`sender` is the dotted path of the class; senders.sender_of makes it."""

    code: str
    label: Any
    sender: str


CHANNELS = {
    one.code: one
    for one in (
        Channel(PUSH, _("Perangkat"), "discipline.notices.senders.WebPush"),
        Channel(MAIL, _("E-mail"), "discipline.notices.senders.MailSender"),
        Channel(WEBHOOK, "WhatsApp", "discipline.notices.senders.WhatsAppGateway"),
    )
}
