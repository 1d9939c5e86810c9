"""Enums whose members are stored as codes and shown as words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Self


class LabelledCode(StrEnum):
    """Base of enums with members `NAME = "code", label`; the label may be lazily translated."""

    _value_: str
    label: Any

    # The default is for mypy, which takes a look-up by code for a call of this.
    def __new__(cls, code: str, label: Any = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member


def choices(members: Iterable[LabelledCode]) -> list[tuple[str, Any]]:
    """Return (code, label) pairs, as model and form fields take them."""
    return [(member.value, member.label) for member in members]
