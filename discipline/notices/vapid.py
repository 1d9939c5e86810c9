"""The VAPID key pair (RFC 8292), by which push services identify this installation.

It is generated once. If it is changed, every registered device stops receiving messages.
"""

import base64
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from discipline.core.secret_file import EmptySecretError, read_or_create

CURVE = ec.SECP256R1()


def private_key() -> str:
    """Return the private key, 32 bytes as base64url, from the setting or else from a file in var/, made at first use.

    Raises ImproperlyConfigured when the file is empty.
    """
    return settings.VAPID_PRIVATE_KEY or _stored_key(settings.VAR_DIR / "vapid_key")


def public_key() -> str:
    """Return the browsers' applicationServerKey: the uncompressed point as base64url.

    Raises ImproperlyConfigured when the private key is invalid or its file is empty.
    """
    return _public(private_key())


def subject() -> str:
    """Return the contact for push services. Some refuse one that does not exist, so SITE_URL should be a real URL."""
    if settings.VAPID_SUBJECT:
        return str(settings.VAPID_SUBJECT)
    site = str(settings.SITE_URL)
    return site if site.startswith("https://") else "mailto:sidak@localhost.localdomain"


@cache
def _stored_key(path: Path) -> str:
    try:
        return read_or_create(path, generate_key)
    except EmptySecretError as error:
        raise ImproperlyConfigured(str(error)) from error


def generate_key() -> str:
    """Return a new private key as base64url without padding."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32)).rstrip(b"=").decode()


@cache
def _public(private: str) -> str:
    try:
        number = int.from_bytes(base64.urlsafe_b64decode(private + "=" * (-len(private) % 4)))
        key = ec.derive_private_key(number, CURVE)
    except ValueError as error:
        raise ImproperlyConfigured("VAPID_PRIVATE_KEY must be 32 bytes of a P-256 key as base64url") from error
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
