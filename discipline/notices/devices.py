"""Register and revoke the browsers that take web push for a user."""

import base64
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
from offices.access.browser_names import browser_name

MOST = 20  # devices of one user
LONGEST_ENDPOINT = 1000  # characters
SESSION = "device"  # session key: id of the device that this session registered
AUTH_BYTES = 16


class InvalidSubscription(Exception):
    """A browser sent a subscription that can't be used; the message says why."""


def subscribe(user: int, subscription: object, user_agent: str, now: datetime) -> Device:
    """Store a PushSubscription, as PushSubscription.toJSON() gives it; `user` is an id.

    The same browser's device of another user ends. Raises InvalidSubscription.
    """
    endpoint, p256dh, auth = _parse_subscription(subscription)
    with transaction.atomic():
        of_browser = Device.objects.filter(endpoint=endpoint, ended_at=None)
        of_browser.exclude(user=user).update(ended_at=now, ended_why=Device.Ended.MOVED)
        of_user = Device.objects.filter(user=user, ended_at=None)
        if of_user.exclude(endpoint=endpoint).count() >= MOST:
            raise InvalidSubscription("too many devices")
        values = {"user_id": user, "p256dh": p256dh, "auth": auth, "name": browser_name(user_agent)}
        device, _created = Device.objects.update_or_create(
            endpoint=endpoint, ended_at=None, defaults=values, create_defaults={**values, "created_at": now}
        )
    return device


def revoke(device: Device, now: datetime) -> None:
    """End a device unless it has ended already; it gets no more messages."""
    active = Device.objects.filter(pk=device.pk, ended_at=None)
    active.update(ended_at=now, ended_why=Device.Ended.REVOKED)


@receiver(user_logged_out)
def _revoke_on_logout(request: HttpRequest, **_: Any) -> None:
    """End the browser's device when its user signs out; an expired session keeps the device."""
    device = Device.objects.filter(pk=request.session.get(SESSION, 0), ended_at=None).first()
    if device:
        revoke(device, timezone.now())


def _parse_subscription(subscription: object) -> tuple[str, str, str]:
    """Return endpoint, p256dh and auth. Raises InvalidSubscription."""
    if not isinstance(subscription, Mapping) or not isinstance(subscription.get("keys"), Mapping):
        raise InvalidSubscription("not a subscription")
    keys = subscription["keys"]
    endpoint, p256dh, auth = subscription.get("endpoint"), keys.get("p256dh"), keys.get("auth")
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
    """Decode base64url with or without padding. Raises ValueError."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
