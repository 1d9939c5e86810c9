"""Senders of messages, one for each channel of channels.CHANNELS. A sender knows no database and tries once."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string
from http_ece import ECEException
from py_vapid import Vapid02, VapidException
from pywebpush import WebPusher, WebPushException

from discipline.notices import safe_http, vapid
from discipline.notices.channels import CHANNELS, MAIL, PUSH, WEBHOOK

MOST_BYTES = 3000  # of a push message before it is encrypted; services take 4096 after it
SIGNED_FOR_S = 12 * 3600


class Retry(Exception):
    """It may work later. `after_s`: not before, as the other side asked."""

    def __init__(self, why: str, after_s: float | None = None) -> None:
        super().__init__(why)
        self.after_s = after_s


class Permanent(Exception):
    """It never will. `gone`: neither will any other message to this address."""

    def __init__(self, why: str, *, gone: bool = False) -> None:
        super().__init__(why)
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Message:
    """`url` is a path of this site. `tag`: a newer message with the same one takes the place of the older."""

    title: str
    body: str
    url: str
    tag: str
    urgent: bool = True

    @property
    def link(self) -> str:
        return str(settings.SITE_URL).rstrip("/") + self.url


@dataclass(frozen=True, slots=True)
class Address:
    """`target`: an endpoint, an e-mail address, a phone number. `p256dh`, `auth`: the keys of a device, `device` its
    id."""

    channel: str
    target: str
    p256dh: str = ""
    auth: str = ""
    device: int | None = None


class Keys(Protocol):
    """What a sender needs of a models.Device."""

    endpoint: str
    p256dh: str
    auth: str


class Reachable(Protocol):
    """What a sender needs of a people.Person; empty for what the person has not, or has turned off."""

    @property
    def devices(self) -> Mapping[int, Keys]: ...
    @property
    def mail(self) -> str: ...
    @property
    def phone(self) -> str: ...


class Sender(Protocol):
    """One channel."""

    def addresses(self, person: Reachable) -> Iterable[Address]:
        """Yield the addresses at which this channel reaches the person now."""
        ...

    def send(self, to: Address, message: Message, once: str) -> None:
        """Send once. `once` names the message: whoever gets it twice may know it by that. Raises Retry or Permanent."""
        ...


class WebPush:
    """RFC 8030, encrypted for the device alone (RFC 8291) and signed by us (RFC 8292)."""

    def addresses(self, person: Reachable) -> Iterable[Address]:
        for pk, device in person.devices.items():
            yield Address(PUSH, device.endpoint, device.p256dh, device.auth, pk)

    def send(self, to: Address, message: Message, once: str) -> None:
        keys = {"p256dh": to.p256dh, "auth": to.auth}
        try:
            parts = safe_http.parse_allowed(to.target, private=settings.PUSH_PRIVATE_HOSTS)
            sealed = WebPusher({"endpoint": to.target, "keys": keys}).encode(_push_payload(message))["body"]
        except (safe_http.AddressRefused, WebPushException, ECEException, ValueError, IndexError) as error:
            raise Permanent(f"no subscription: {error!r}", gone=True) from error
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": "3600" if message.urgent else "43200",
            "Urgency": "high" if message.urgent else "normal",
            # While a phone is off, a newer message of the same topic replaces the older one.
            "Topic": hashlib.sha256(message.tag.encode()).hexdigest()[:32],
            **_signed(parts),
        }
        raise_for_response(_post(to.target, sealed, headers, private=settings.PUSH_PRIVATE_HOSTS))


class MailSender:
    """By Django's mail, as EMAIL_URL says."""

    def addresses(self, person: Reachable) -> Iterable[Address]:
        return [Address(MAIL, person.mail)] if person.mail else []

    def send(self, to: Address, message: Message, once: str) -> None:
        text = f"{message.body}\n\n{message.link}\n"
        subject = " ".join(message.title.split())
        headers = {"Message-ID": message_id(once, to.target)}
        submit_mail(EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [to.target], headers=headers))


class WhatsAppGateway:
    """To the city's WhatsApp gateway: JSON with the number, signed over time and body."""

    def addresses(self, person: Reachable) -> Iterable[Address]:
        return [Address(WEBHOOK, person.phone)] if person.phone and settings.WEBHOOK_URL else []

    def send(self, to: Address, message: Message, once: str) -> None:
        said = asdict(message) | {"url": message.link, "to": to.target, "id": once}
        body = json.dumps(said, ensure_ascii=False).encode()
        private = settings.WEBHOOK_PRIVATE_HOSTS
        answer = signed_post(settings.WEBHOOK_URL, settings.WEBHOOK_SECRET, body, once, private=private)
        if answer.status in (404, 410):
            raise Retry(f"{answer.status}: the gateway is not there")  # it is ours: one day it will be
        raise_for_response(answer)


@cache
def sender_of(channel: str) -> Sender:
    """Return the sender of a channel. Raises KeyError."""
    sender: Sender = import_string(CHANNELS[channel].sender)()
    return sender


def message_id(once: str, address: str) -> str:
    """The same for each try, so that who gets a mail twice is shown it once."""
    name = hashlib.sha256(f"{once} {address}".encode()).hexdigest()[:32]
    return f"<{name}@{urlsplit(settings.SITE_URL).hostname or 'sidak'}>"


def submit_mail(mail: EmailMessage) -> None:
    """To the mail server, for one recipient. Raises Retry or Permanent."""
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        # 4xx: greylisting, a full mailbox.
        raise (Retry if 400 <= code < 500 else Permanent)(f"{code} {said!r}") from error
    except (SMTPDataError, SMTPSenderRefused) as error:
        raise (Retry if error.smtp_code < 500 else Permanent)(str(error)) from error
    except OSError as error:  # smtplib's other errors are OSErrors
        raise Retry(f"mail: {error}") from error


def signed_post(url: str, secret: str, body: bytes, once: str, *, private: bool) -> safe_http.OutgoingResponse:
    """JSON to a webhook, signed over time and body. Permanent: not an address to be sent to; Retry: nobody answers."""
    at = str(int(time.time()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Sidak-Timestamp": at,
        "X-Sidak-Signature": "sha256=" + signature(secret, at, body),
        "Idempotency-Key": once,
    }
    return _post(url, body, headers, private=private)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Hex HMAC-SHA256 of "<timestamp>.<body>"."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _push_payload(message: Message) -> bytes:
    """The JSON that static/… shows, its body cut where it would be too long."""
    body = message.body
    while True:
        said = {"title": message.title, "body": body, "url": message.url, "tag": message.tag}
        data = json.dumps(said, ensure_ascii=False).encode()
        if len(data) <= MOST_BYTES:
            return data
        body = body[: len(body) * 3 // 4].rstrip("…") + "…"


def _signed(parts: SplitResult) -> dict[str, str]:
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + SIGNED_FOR_S,
        "sub": vapid.subject(),
    }
    try:
        signed: dict[str, str] = Vapid02.from_raw(vapid.private_key().encode()).sign(claims)
    except VapidException as error:  # VAPID_SUBJECT, or a host that no push service has
        raise Permanent(f"not signed: {error}") from error
    return signed


def _post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool) -> safe_http.OutgoingResponse:
    try:
        return safe_http.post(url, body, headers, private=private)
    except safe_http.AddressRefused as error:
        raise Permanent(str(error), gone=True) from error
    except OSError as error:
        raise Retry(str(error) or repr(error)) from error


def raise_for_response(answer: safe_http.OutgoingResponse) -> None:
    """Nothing when it was taken; else Retry or Permanent."""
    if 200 <= answer.status < 300:
        return
    why = f"{answer.status} {answer.text[:200]}".strip()
    if answer.status in (404, 410):
        raise Permanent(why, gone=True)
    if answer.status in (408, 425, 429) or answer.status >= 500:
        raise Retry(why, _retry_after_s(answer.headers.get("retry-after", "")))
    raise Permanent(why)


def _retry_after_s(header: str) -> float | None:
    """Seconds, or until a date."""
    if header.isdecimal():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
