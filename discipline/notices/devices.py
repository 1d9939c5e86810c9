"""Which browsers take web push for whom."""

import base64
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth import user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from discipline.notices import safe_http, vapid
from discipline.notices.models import Device

MOST = 20  # of one person
LONGEST_ENDPOINT = 1000
SESSION = "device"  # of the session that registered it
AUTH_BYTES = 16
# The first that fits: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
BROWSERS = {
    "Edg": "Edge",
    "EdgA": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


class InvalidSubscription(Exception):
    """What a browser sent can't be pushed to; the text says why."""


def subscribe(user: int, said: Any, user_agent: str, now: datetime) -> Device:
    """Keep what PushSubscription.toJSON() says; one that another person left on this browser ends. NotADevice."""
    endpoint, p256dh, auth = _parse_subscription(said)
    with transaction.atomic():
        here = Device.objects.filter(endpoint=endpoint, ended_at=None)
        here.exclude(user=user).update(ended_at=now, ended_why=Device.Ended.MOVED)
        mine = Device.objects.filter(user=user, ended_at=None)
        if mine.exclude(endpoint=endpoint).count() >= MOST:
            raise InvalidSubscription("too many devices")
        values = {"user_id": user, "p256dh": p256dh, "auth": auth, "name": name_of(user_agent)}
        device, _made = Device.objects.update_or_create(
            endpoint=endpoint, ended_at=None, defaults=values, create_defaults={**values, "created_at": now}
        )
    return device


def revoke(device: Device, now: datetime) -> None:
    mine = Device.objects.filter(pk=device.pk, ended_at=None)
    mine.update(ended_at=now, ended_why=Device.Ended.REVOKED)


@receiver(user_logged_out)
def _revoke_on_logout(request: HttpRequest, **_: Any) -> None:
    """Who signs out of a browser on purpose takes its messages along; a session that runs out does not."""
    device = Device.objects.filter(pk=request.session.get(SESSION, 0), ended_at=None).first()
    if device:
        revoke(device, timezone.now())


def name_of(user_agent: str) -> str:
    """Chrome di Android"""

    def first(names: Mapping[str, str]) -> str:
        return next((name for sign, name in names.items() if re.search(rf"\b{sign}\b", user_agent)), "")

    return " di ".join(filter(None, [first(BROWSERS), first(SYSTEMS)])) or "Peramban"


def _parse_subscription(said: Any) -> tuple[str, str, str]:
    if not isinstance(said, Mapping) or not isinstance(said.get("keys"), Mapping):
        raise InvalidSubscription("not a subscription")
    endpoint, p256dh, auth = said.get("endpoint"), said["keys"].get("p256dh"), said["keys"].get("auth")
    if not (isinstance(endpoint, str) and isinstance(p256dh, str) and isinstance(auth, str)):
        raise InvalidSubscription("not a subscription")
    if len(endpoint) > LONGEST_ENDPOINT:
        raise InvalidSubscription("endpoint too long")
    try:
        safe_http.parse_allowed(endpoint, private=settings.PUSH_PRIVATE_HOSTS)
        ec.EllipticCurvePublicKey.from_encoded_point(vapid.CURVE, _decode_base64url(p256dh))
    except (safe_http.AddressRefused, ValueError) as error:
        raise InvalidSubscription(str(error)) from error
    if len(_decode_base64url(auth)) != AUTH_BYTES:
        raise InvalidSubscription("auth is not 16 bytes")
    return endpoint, p256dh, auth


def _decode_base64url(text: str) -> bytes:
    """Of base64url, padded or not. ValueError."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
