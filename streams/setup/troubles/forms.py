"""The forms of the notes."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from streams.cameras.troubles.models import CameraNote

Kind = CameraNote.Kind
LONGEST_WORK = timedelta(days=60)
LOCAL = "%Y-%m-%dT%H:%M"


class ShiftNoteForm(forms.Form):
    """A note for the next shift."""

    text = forms.CharField(
        label=_("Untuk shift berikutnya"),
        label_suffix="",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Tulis catatannya.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs.pop("maxlength", None)


class CameraNoteForm(ShiftNoteForm):
    """A note about a camera. The button that was pressed gives its kind."""

    kind = forms.ChoiceField(choices=[(one.value, one.label) for one in Kind if one != Kind.SHIFT])
    until = forms.DateTimeField(
        label=_("Pekerjaan terencana sampai"),
        label_suffix="",
        required=False,
        input_formats=[LOCAL],
        widget=forms.DateTimeInput(format=LOCAL, attrs={"type": "datetime-local"}),
        error_messages={"invalid": _("Isi tanggal dan jamnya.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Catatan")
        self.fields["text"].required = self.data.get("kind") == Kind.NOTE

    def clean(self) -> dict[str, Any]:
        """Check the end of planned work; other kinds have none."""
        data = super().clean() or {}
        if data.get("kind") != Kind.PLANNED:
            return data | {"until": None}
        now, until = timezone.now(), data.get("until")
        if "until" in self.errors:
            return data
        if until is None:
            self.add_error("until", ValidationError(_("Isi sampai kapan pekerjaannya.")))
        elif not now < until <= now + LONGEST_WORK:
            self.add_error("until", ValidationError(_("Pilih saat yang akan datang, paling lama 60 hari.")))
        return data
