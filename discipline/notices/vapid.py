"""The key pair by which push services know this installation (VAPID). Made once; who changes it loses every device."""

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
    """The 32 bytes as base64url. ImproperlyConfigured when they are no key, or the file in var/ is empty."""
    return settings.VAPID_PRIVATE_KEY or _stored_key(settings.VAR_DIR / "vapid_key")


def public_key() -> str:
    """What a browser is given as applicationServerKey: the uncompressed point as base64url."""
    return _public(private_key())


def subject() -> str:
    """Where a push service may turn to. Some refuse one that is of no real place: SITE_URL should be."""
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
