"""A form field for a typed 24-hour clock time: 07.30, 7:30, 0730, 16.

A text input, since type="time" follows the browser's language and may ask for AM and PM.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from discipline.plans import words as plans_words
from offices.hours.duty import DAY_MINUTES, Minute

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise  # not installed where the server runs

TYPED = re.compile(r"(\d{1,2})(?:[.:]?(\d{2}))?", re.ASCII)


class ClockInput(forms.TextInput):
    """The text input of a ClockField. `label` becomes its aria-label."""

    def __init__(self, label: StrOrPromise = "") -> None:
        aria = {"aria-label": label} if label else {}
        super().__init__({"inputmode": "numeric", "maxlength": 5, "placeholder": "--.--", "class": "clock", **aria})

    def format_value(self, value: Any) -> str | None:
        """Return minutes as a clock time, and text as it was typed."""
        return plans_words.minute(value) if isinstance(value, int) else super().format_value(value)


class ClockField(forms.CharField):
    """A clock time, cleaned to minutes since midnight, 0 to 1440; None when empty."""

    def to_python(self, value: Any) -> Minute | None:  # type: ignore[override]  # a CharField's is text
        """Parse the typed text. Raises ValidationError when it is no clock time."""
        text = str(value or "").strip()
        if not text:
            return None
        match = TYPED.fullmatch(text)
        minute = int(match[1]) * 60 + int(match[2] or 0) if match else -1
        if not match or int(match[2] or 0) > 59 or not 0 <= minute <= DAY_MINUTES:
            raise forms.ValidationError(_("Tulis jam seperti 07.30."), code="clock")
        return minute

    def validate(self, value: Any) -> None:
        """Raise ValidationError when a required field is empty; 0 (midnight) is a value."""
        if self.required and value is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Run none: those of a CharField measure text."""
