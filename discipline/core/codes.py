"""Enums whose members have a code for the database and a label for screens. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Self


class LabelledCode(StrEnum):
    """Base of enums with members `NAME = "code", label`; the label may be lazily translated."""

    _value_: str
    label: Any

    # `label` has a default because mypy checks `Enum(code)` against this signature.
    def __new__(cls, code: str, label: Any = "") -> Self:
        """Make the member with this code and label."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member


def choices(members: Iterable[LabelledCode]) -> list[tuple[str, Any]]:
    """Return (code, label) pairs for the `choices` of a model or form field."""
    return [(member.value, member.label) for member in members]
