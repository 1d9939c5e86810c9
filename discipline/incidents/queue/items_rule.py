"""The items of the queue: their order, and how soon somebody must own each. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode


class ItemKind(LabelledCode):
    """What an item is about. The code begins its key: "hint:12"."""

    INCIDENT = "incident", _("Kejadian")
    TASK = "task", _("Tugas terlambat")
    HINT = "hint", _("Petunjuk kamera")
    INDICATION = "indication", _("Indikasi loket")
    CAMERA = "camera", _("Gangguan kamera")


OWNED_WITHIN = {1: timedelta(minutes=2), 2: timedelta(minutes=5), 3: timedelta(minutes=15), 4: timedelta(hours=1)}
MOST_AN_HOUR = 12  # items an hour that one operator can attend to (EEMUA 191 and ISA-18.2 name 6 to 12)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """An item. priority: 1 to 4, 1 the most urgent; since: when it began; owner: a name, "" for nobody.

    state: what is known of it, in words.
    """

    kind: ItemKind
    id: int
    priority: int
    since: datetime
    title: str
    place: str
    state: str
    url: str
    owner: str = ""

    @property
    def key(self) -> str:
        """Its key, which no other item has."""
        return f"{self.kind.value}:{self.id}"

    def waits_too_long(self, now: datetime) -> bool:
        """Return whether nobody owns it although somebody should by now."""
        return not self.owner and now - self.since > OWNED_WITHIN[self.priority]


def in_order(items: Iterable[QueueItem]) -> list[QueueItem]:
    """Return the items, the most urgent first; of one priority those that nobody owns first, then the oldest."""
    return sorted(items, key=lambda item: (item.priority, bool(item.owner), item.since, item.key))


def load_of(begun: int, operators: int) -> float:
    """Return the items an hour for each operator, of whom at least one is there."""
    return begun / max(1, operators)


def parse_key(key: str) -> tuple[ItemKind, int] | None:
    """Return the kind and id of a key, None for what is none."""
    code, _colon, number = key.partition(":")
    if code not in list(ItemKind) or not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    return ItemKind(code), int(number)
