"""The Ed25519 key that signs heads, in a file outside the database, and the lines that it signs.

A line is one JSON object with sorted keys and without spaces. `key` in it is the public key, `signature` signs the line
without itself; both are base64. Whoever has the public key can check a line anywhere.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from discipline.core.secret_file import EmptySecretError, read_or_create


class NotSigned(ValueError):
    """The line is damaged, or no trusted key has signed it; the message says which."""


def signed_line(body: Mapping[str, Any]) -> str:
    """Return the signed line of a head, made of text, whole numbers, lists and mappings."""
    key = _private_key()
    content = {**body, "key": _base64(key.public_key().public_bytes_raw())}
    return _text({**content, "signature": _base64(key.sign(_text(content).encode()))})


def read_line(line: str) -> dict[str, Any]:
    """Return the head of a line that a trusted key has signed. Raises NotSigned."""
    try:
        head = json.loads(line)
        signature = base64.b64decode(head.pop("signature"), validate=True)
        key = head["key"]
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotSigned("is no head") from error
    if key not in {public_key(), *settings.HEADS_PUBLIC_KEYS}:
        raise NotSigned(f"is signed by the unknown key {key}")
    try:
        public.verify(signature, _text(head).encode())
    except InvalidSignature as error:
        raise NotSigned("was changed after it was signed") from error
    return dict(head)


def public_key() -> str:
    """Return the public key of this installation."""
    return _base64(_private_key().public_key().public_bytes_raw())


def _private_key() -> Ed25519PrivateKey:
    """Return the key, made at first use. Raises ImproperlyConfigured when its file holds no key."""
    path = settings.HEADS_KEY_FILE
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(read_or_create(path, _new_key), validate=True))
    except EmptySecretError as error:
        raise ImproperlyConfigured(str(error)) from error
    except ValueError as error:
        raise ImproperlyConfigured(f"{path} must hold the 32 bytes of an Ed25519 key as base64") from error


def _new_key() -> str:
    return _base64(Ed25519PrivateKey.generate().private_bytes_raw())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))
