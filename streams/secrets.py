"""Camera passwords at rest: Fernet under the project's secret key, with its fallbacks for rotation."""

import base64
import hashlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"camera:" + key.encode()).digest())) for key in keys]
    )


def seal(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """None when another SECRET_KEY sealed it, or nobody did."""
    try:
        return _cipher().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


class SecretTextField(models.TextField):
    """Text that is readable in Python and unreadable in the database. Can't be filtered on."""

    def get_prep_value(self, value: Any) -> Any:
        return seal(value) if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        if not value:
            return value
        # Another SECRET_KEY wrote it: the operator enters the password again; the page still opens.
        return unseal(value) or ""
