"""Senders of messages, one for each channel of channels.CHANNELS. They use no database and try once per call."""

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

from discipline.notices import safe_http, vapid
from discipline.notices.channels import CHANNELS, MAIL, PUSH, WEBHOOK

MOST_BYTES = 3000  # of a push message before encryption; services accept 4096 after it
SIGNED_FOR_S = 12 * 3600  # validity of a VAPID token


class Retry(Exception):
    """Sending failed but may succeed later. `after_s`: seconds to wait at least, if the server asked for it."""

    def __init__(self, why: str, after_s: float | None = None) -> None:
        super().__init__(why)
        self.after_s = after_s


class Permanent(Exception):
    """Sending failed for good. `gone`: any other message to this address will fail too."""

    def __init__(self, why: str, *, gone: bool = False) -> None:
        super().__init__(why)
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Message:
    """A message to send. `url` is a path of this site; a newer message replaces an older one with the same `tag`."""

    title: str
    body: str
    url: str
    tag: str
    urgent: bool = True

    @property
    def link(self) -> str:
        """The absolute URL."""
        return str(settings.SITE_URL).rstrip("/") + self.url


@dataclass(frozen=True, slots=True)
class Address:
    """An address of one channel: `target` is a push endpoint, an e-mail address or a phone number.

    `p256dh` and `auth` are the keys of a device and `device` its id; empty and None for other channels.
    """

    channel: str
    target: str
    p256dh: str = ""
    auth: str = ""
    device: int | None = None


class Keys(Protocol):
    """The attributes of models.Device that a sender reads."""

    endpoint: str
    p256dh: str
    auth: str


class Reachable(Protocol):
    """The attributes of recipients.Person that a sender reads; empty for what the user lacks or has turned off."""

    @property
    def devices(self) -> Mapping[int, Keys]:
        """Active devices by id."""
        ...

    @property
    def mail(self) -> str:
        """E-mail address."""
        ...

    @property
    def phone(self) -> str:
        """Phone number, E.164."""
        ...


class Sender(Protocol):
    """A sender of one channel."""

    def addresses(self, person: Reachable) -> Iterable[Address]:
        """Yield the addresses at which this channel reaches the user now."""
        ...

    def send(self, to: Address, message: Message, once: str) -> None:
        """Try once to send the message. Raises Retry or Permanent.

        `once` is an idempotency key, the same for each try, by which the receiving side can drop duplicates.
        """
        ...


class WebPush:
    """Web push (RFC 8030), encrypted for the device (RFC 8291) and signed with the VAPID key (RFC 8292)."""

    def addresses(self, person: Reachable) -> Iterable[Address]:
        """Yield one address for each device."""
        for pk, device in person.devices.items():
            yield Address(PUSH, device.endpoint, device.p256dh, device.auth, pk)

    def send(self, to: Address, message: Message, once: str) -> None:
        """Push the message. Web push knows no idempotency key: the browser drops duplicates by the message's tag."""
        del once  # unused
        from pywebpush import WebPusher, WebPushException  # noqa: PLC0415 late: it takes 12 MB that `watch` never needs

        keys = {"p256dh": to.p256dh, "auth": to.auth}
        try:
            parts = safe_http.parse_allowed(to.target, private=settings.PUSH_PRIVATE_HOSTS)
            sealed = WebPusher({"endpoint": to.target, "keys": keys}).encode(_push_payload(message))["body"]
        except (safe_http.AddressRefused, WebPushException, ECEException, ValueError, IndexError) as error:
            raise Permanent(f"not a usable subscription: {error!r}", gone=True) from error
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": "3600" if message.urgent else "43200",
            "Urgency": "high" if message.urgent else "normal",
            # While the phone is off, the push service replaces an older message with the same topic.
            "Topic": hashlib.sha256(message.tag.encode()).hexdigest()[:32],
            **_vapid_headers(parts),
        }
        raise_for_response(_post(to.target, sealed, headers, private=settings.PUSH_PRIVATE_HOSTS))


class MailSender:
    """E-mail through Django's backend, set by EMAIL_URL."""

    def addresses(self, person: Reachable) -> Iterable[Address]:
        """Return the user's e-mail address, if any."""
        return [Address(MAIL, person.mail)] if person.mail else []

    def send(self, to: Address, message: Message, once: str) -> None:
        """Mail the message; `once` determines its Message-ID."""
        text = f"{message.body}\n\n{message.link}\n"
        subject = " ".join(message.title.split())
        headers = {"Message-ID": message_id(once, to.target)}
        submit_mail(EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [to.target], headers=headers))


class WhatsAppGateway:
    """The city's WhatsApp gateway: JSON with the phone number, signed over time and body."""

    def addresses(self, person: Reachable) -> Iterable[Address]:
        """Return the user's phone number, if any and if a gateway is set."""
        return [Address(WEBHOOK, person.phone)] if person.phone and settings.WEBHOOK_URL else []

    def send(self, to: Address, message: Message, once: str) -> None:
        """Post the message with `once` as its id and Idempotency-Key."""
        payload = asdict(message) | {"url": message.link, "to": to.target, "id": once}
        body = json.dumps(payload, ensure_ascii=False).encode()
        private = settings.WEBHOOK_PRIVATE_HOSTS
        response = signed_post(settings.WEBHOOK_URL, settings.WEBHOOK_SECRET, body, once, private=private)
        if response.status in (404, 410):
            # The gateway is the city's own: treat a missing one as temporary.
            raise Retry(f"{response.status}: no gateway at WEBHOOK_URL")
        raise_for_response(response)


@cache
def sender_of(channel: str) -> Sender:
    """Return the sender of a channel, one instance per process. Raises KeyError for an unknown channel."""
    sender: Sender = import_string(CHANNELS[channel].sender)()
    return sender


def message_id(once: str, address: str) -> str:
    """Return a Message-ID that is the same for each try, so that mail clients show a duplicate once."""
    name = hashlib.sha256(f"{once} {address}".encode()).hexdigest()[:32]
    return f"<{name}@{urlsplit(settings.SITE_URL).hostname or 'sidak'}>"


def submit_mail(mail: EmailMessage) -> None:
    """Hand a mail with one recipient to the mail server. Raises Retry or Permanent."""
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        code, reply = next(iter(error.recipients.values()))
        # 4xx replies are temporary: greylisting, a full mailbox.
        raise (Retry if 400 <= code < 500 else Permanent)(f"{code} {reply!r}") from error
    except (SMTPDataError, SMTPSenderRefused) as error:
        raise (Retry if error.smtp_code < 500 else Permanent)(str(error)) from error
    except OSError as error:  # smtplib's other errors are OSErrors
        raise Retry(f"mail server: {error}") from error


def signed_post(url: str, secret: str, body: bytes, once: str, *, private: bool) -> safe_http.OutgoingResponse:
    """Post JSON to a webhook, signed over time and body, and return the response, whatever its status.

    `once` is the idempotency key; `private` allows plain HTTP and private networks. Raises Permanent when the URL is
    not allowed, Retry when there is no response.
    """
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Sidak-Timestamp": timestamp,
        "X-Sidak-Signature": "sha256=" + signature(secret, timestamp, body),
        "Idempotency-Key": once,
    }
    return _post(url, body, headers, private=private)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the hex HMAC-SHA256 of "<timestamp>.<body>"; `timestamp` is in Unix seconds."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _push_payload(message: Message) -> bytes:
    """Return the JSON that the service worker shows, its body cut so that it is at most MOST_BYTES long."""
    body = message.body
    while True:
        payload = {"title": message.title, "body": body, "url": message.url, "tag": message.tag}
        data = json.dumps(payload, ensure_ascii=False).encode()
        if len(data) <= MOST_BYTES:
            return data
        body = body[: len(body) * 3 // 4].rstrip("…") + "…"


def _vapid_headers(parts: SplitResult) -> dict[str, str]:
    """Return the signed headers for the push service at `parts` (RFC 8292). Raises Permanent."""
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + SIGNED_FOR_S,
        "sub": vapid.subject(),
    }
    try:
        signed: dict[str, str] = Vapid02.from_raw(vapid.private_key().encode()).sign(claims)
    except VapidException as error:  # an invalid VAPID_SUBJECT or endpoint host
        raise Permanent(f"signing with the VAPID key failed: {error}") from error
    return signed


def _post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool) -> safe_http.OutgoingResponse:
    try:
        return safe_http.post(url, body, headers, private=private)
    except safe_http.AddressRefused as error:
        raise Permanent(str(error), gone=True) from error
    except OSError as error:
        raise Retry(str(error) or repr(error)) from error


def raise_for_response(answer: safe_http.OutgoingResponse) -> None:
    """Raise Retry or Permanent unless the status is 2xx. 404 and 410 mean that the address is gone."""
    if 200 <= answer.status < 300:
        return
    why = f"{answer.status} {answer.text[:200]}".strip()
    if answer.status in (404, 410):
        raise Permanent(why, gone=True)
    if answer.status in (408, 425, 429) or answer.status >= 500:
        raise Retry(why, _retry_after_s(answer.headers.get("retry-after", "")))
    raise Permanent(why)


def _retry_after_s(header: str) -> float | None:
    """Return the seconds of a Retry-After header, a number or a date (RFC 9110, 10.2.3); None if it is neither."""
    if header.isdecimal():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
