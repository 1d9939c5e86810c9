"""Encrypt camera passwords at rest: Fernet under SECRET_KEY, with SECRET_KEY_FALLBACKS for rotation."""

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

if TYPE_CHECKING:  # generic in its stubs only
    TextField = models.TextField[str | None, str | None]
else:
    TextField = models.TextField


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"camera:" + key.encode()).digest())) for key in keys]
    )


def seal(text: str) -> str:
    """Encrypt a text."""
    return _cipher().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """Decrypt what `seal` returned; None when it was sealed under another key or not sealed at all."""
    try:
        return _cipher().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


class SecretTextField(TextField):
    """Text that is encrypted in the database and plain in Python. It can't be filtered on."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt the value; empty ones are stored as they are."""
        return seal(value) if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Decrypt the value; "" when it was encrypted under another SECRET_KEY.

        The page still opens then, and the operator enters the password again.
        """
        if not value:
            return value
        return unseal(value) or ""
