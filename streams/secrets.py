"""Secrets that are stored: encrypted in the database, and in Python a type that never prints itself.

The key is SEALING_KEY, with SEALING_KEY_FALLBACKS while it is changed; what SECRET_KEY sealed is still opened.
`manage.py reseal` seals all again under the present key. Called by the models with a secret field.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Cast
from django.db.models.query_utils import DeferredAttribute

DOTS = "••••••••"


class Secret:
    """A secret text. str(), repr() and formats print dots; only reveal() returns it. Empty ones are false."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text, for use where it must be sent. Never log or show it."""
        return self._text

    def __str__(self) -> str:
        return DOTS if self else ""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Secret):
            other = other.reveal()
        return isinstance(other, str) and hmac.compare_digest(self._text.encode(), other.encode())

    def __hash__(self) -> int:
        return hash(self._text)


class UnreadableSecret(Secret):
    """A stored secret that no present key opens. It is false and reveals "", and is saved again as it was."""

    __slots__ = ("sealed",)

    def __init__(self, sealed: str) -> None:
        super().__init__()
        self.sealed = sealed

    def __str__(self) -> str:
        return DOTS

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnreadableSecret) and other.sealed == self.sealed

    def __hash__(self) -> int:
        return hash(self.sealed)


def _cipher() -> MultiFernet:
    keys = [
        settings.SEALING_KEY,
        *settings.SEALING_KEY_FALLBACKS,
        settings.SECRET_KEY,
        *settings.SECRET_KEY_FALLBACKS,
    ]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"camera:" + key.encode()).digest())) for key in keys if key]
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


class SecretAttribute(DeferredAttribute):
    """The attribute of a SecretTextField: a plain text that is assigned becomes a Secret."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        """Keep the value as a Secret."""
        instance.__dict__[self.field.attname] = self.field.to_python(value)


if TYPE_CHECKING:  # generic in its stubs only
    TextField = models.TextField[Secret | str, Secret]
else:
    TextField = models.TextField


class SecretTextField(TextField):
    """Text that is encrypted in the database and a Secret in Python. It can't be filtered on."""

    descriptor_class = SecretAttribute

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt the value; empty ones are stored as they are, unreadable ones as they were."""
        if isinstance(value, UnreadableSecret):
            return value.sealed
        text = value.reveal() if isinstance(value, Secret) else value
        return seal(text) if text else text

    def from_db_value(self, value: str | None, *_: Any) -> Secret:
        """Decrypt the value; an UnreadableSecret when it was encrypted under another key."""
        if not value:
            return Secret()
        text = unseal(value)
        return UnreadableSecret(value) if text is None else Secret(text)

    def to_python(self, value: Any) -> Secret:
        """Return the value as a Secret. A sealed text, as serializers write it, is opened."""
        if isinstance(value, Secret):
            return value
        text = str(value or "")
        opened = unseal(text) if text else None
        return Secret(text if opened is None else opened)

    def value_to_string(self, obj: models.Model) -> str:
        """Return the sealed text, for serializers."""
        return str(self.get_prep_value(self.value_from_object(obj)) or "")


@dataclass(frozen=True, slots=True)
class SealedCount:
    """How many secrets of one column there are, and how many of them no present key opens."""

    column: str  # app.model.field
    total: int
    unreadable: int


def count_sealed() -> list[SealedCount]:
    """Count the stored secrets of every column that holds any."""
    counts = []
    for model, name in _columns():
        sealed = list(_rows(model, name).values_list("sealed", flat=True))
        unreadable = sum(unseal(one) is None for one in sealed)
        counts.append(SealedCount(f"{model._meta.label}.{name}", len(sealed), unreadable))
    return counts


def reseal_all() -> int:
    """Seal every readable secret again under the present key, and return how many. Unreadable ones stay as they are."""
    done = 0
    cipher = _cipher()
    for model, name in _columns():
        for pk in list(_rows(model, name).values_list("pk", flat=True)):
            with transaction.atomic():  # a row at a time, locked: somebody may be changing the secret
                row = _rows(model, name).select_for_update().filter(pk=pk).values_list("sealed", flat=True).first()
                if row is None or unseal(row) is None:
                    continue
                model._base_manager.filter(pk=pk).update(
                    **{name: UnreadableSecret(cipher.rotate(row.encode()).decode())}
                )
                done += 1
    return done


def _columns() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SecretTextField):
                yield model, field.name


def _rows(model: type[models.Model], name: str) -> "models.QuerySet[Any]":
    """Return the rows with a secret, with its sealed text as `sealed`."""
    return model._base_manager.annotate(sealed=Cast(name, models.TextField())).exclude(sealed="").order_by("pk")
