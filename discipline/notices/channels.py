"""The table of channels through which users are reached. Pure.

A new channel is a row here and a file with its sender, a class with the methods of senders.Sender. If it needs an
address that users don't have yet, add a field to NoticeRule, NoticeRuleForm and recipients.Person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

PUSH, MAIL, WEBHOOK = "push", "mail", "webhook"


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel. `sender` is the dotted path of its class; senders.sender_of makes the instance."""

    code: str
    label: Any
    sender: str


CHANNELS = {
    channel.code: channel
    for channel in (
        Channel(PUSH, _("Perangkat"), "discipline.notices.senders.WebPush"),
        Channel(MAIL, _("E-mail"), "discipline.notices.senders.MailSender"),
        Channel(WEBHOOK, "WhatsApp", "discipline.notices.senders.WhatsAppGateway"),
    )
}
