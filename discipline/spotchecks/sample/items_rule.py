"""What a checker looks for in a clip of a counter with a visitor, and the answers. Pure.

Nothing here is about a person's feelings, tiredness or speed.
"""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode


class ConductItem(LabelledCode):
    """Something that should not be seen while a visitor is at the counter."""

    EATING = "eating", _("Makan saat melayani")
    PHONE = "phone", _("Memakai ponsel pribadi")
    ASLEEP = "asleep", _("Tertidur")
    PRIVATE = "private", _("Mengurus urusan pribadi")
    NO_GREETING = "no_greeting", _("Tidak menyapa pengunjung")


class ItemAnswer(LabelledCode):
    """Whether it can be seen in the clip."""

    YES = "yes", _("Ya")
    NO = "no", _("Tidak")
    UNSURE = "unsure", _("Tidak jelas")


def known_items(codes: Iterable[str]) -> list[str]:
    """Return the codes that are items, each once, in the order of ConductItem."""
    wanted = set(codes)
    return [item.value for item in ConductItem if item.value in wanted]


def complete(answers: Mapping[str, str]) -> bool:
    """Return whether each item, and nothing else, has one of the answers."""
    return set(answers) == {item.value for item in ConductItem} and set(answers.values()) <= set(ItemAnswer)
