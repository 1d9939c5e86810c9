"""The operator's form that chooses a screen."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from discipline.board.screens.models import WallScreen
from discipline.incidents.queue.spotlight.screens import QueueScreen


class ScreenForm(forms.Form):
    """Which of the screens that are on. Where there is one alone, it need not be named."""

    screen = forms.TypedChoiceField(label=_("Di layar mana"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, screens: Sequence[QueueScreen], last: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {one.screen.pk: one.screen for one in screens}
        field = self.fields["screen"]
        field.choices = [(one.screen.pk, _label(one)) for one in screens]  # type: ignore[attr-defined]  # a ChoiceField's
        field.initial = last if last in self.known else next(iter(self.known), None)
        field.required = len(self.known) > 1

    def clean_screen(self) -> WallScreen:
        """Return the screen."""
        chosen = self.cleaned_data["screen"]
        return self.known[chosen] if chosen else next(iter(self.known.values()))


def _label(one: QueueScreen) -> str:
    return f"{one.screen.name} ({one.account})"
