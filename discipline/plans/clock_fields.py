"""A clock time as it is typed, on 24 hours whatever the browser's language: 07.30, 7:30, 0730, 16."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from discipline.plans import words as plans_words
from offices.hours.duty import DAY_MINUTES, Minute

TYPED = re.compile(r"(\d{1,2})(?:[.:]?(\d{2}))?", re.ASCII)


class ClockInput(forms.TextInput):
    def __init__(self, label: Any = "") -> None:
        more = {"aria-label": label} if label else {}
        super().__init__({"inputmode": "numeric", "maxlength": 5, "placeholder": "--.--", "class": "clock", **more})

    def format_value(self, value: Any) -> str | None:
        return plans_words.minute(value) if isinstance(value, int) else super().format_value(value)


class ClockField(forms.CharField):
    """Minutes since midnight, 0 to 1440; None when empty."""

    def to_python(self, value: Any) -> Minute | None:  # type: ignore[override]
        text = str(value or "").strip()
        if not text:
            return None
        match = TYPED.fullmatch(text)
        minute = int(match[1]) * 60 + int(match[2] or 0) if match else -1
        if not match or int(match[2] or 0) > 59 or not 0 <= minute <= DAY_MINUTES:
            raise forms.ValidationError(_("Tulis jam seperti 07.30."), code="clock")
        return minute

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """None beyond what to_python asks: those of a CharField measure text."""
