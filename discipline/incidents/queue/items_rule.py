"""The items of the queue: their order, how soon somebody must own each, and what an operator may do. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode
from discipline.incidents.state_rule import ALLOWED, IncidentState, may_ask


class ItemKind(LabelledCode):
    """What an item is about. The code begins its key: "hint:12"."""

    INCIDENT = "incident", _("Kejadian")
    TASK = "task", _("Tugas terlambat")
    HINT = "hint", _("Petunjuk kamera")
    INDICATION = "indication", _("Indikasi loket")
    CAMERA = "camera", _("Gangguan kamera")
    REPORT = "report", _("Laporan warga")


class QueueAct(StrEnum):
    """What an operator may do about an item besides taking it. The value is part of addresses."""

    NO_INCIDENT = "bukan"
    TASK = "tugas"
    MERGE = "gabung"
    SPOTLIGHT = "sorot"
    OPEN = "buka"


OWNED_WITHIN = {1: timedelta(minutes=2), 2: timedelta(minutes=5), 3: timedelta(minutes=15), 4: timedelta(hours=1)}
# Items an hour that one operator can attend to: aim for fewer than the first, never more than the second.
AIM_AN_HOUR, MOST_AN_HOUR = 6, 12
BOUND_FROM = "EEMUA 191, ISA-18.2"  # where the bounds are from


@dataclass(frozen=True, slots=True)
class QueueItem:
    """An item. priority: 1 to 4, 1 the most urgent; since: when it began; owner: a name, "" for nobody.

    state: what is known of it, in words. owner_id: the owner's, None for nobody. may: what an operator may do.
    opens: the address of the form that opens an incident from it, where the operator may.
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
    owner_id: int | None = None
    may: frozenset[QueueAct] = frozenset()
    opens: str = ""

    @property
    def key(self) -> str:
        """Its key, which no other item has."""
        return f"{self.kind.value}:{self.id}"

    def waits_too_long(self, now: datetime) -> bool:
        """Return whether nobody owns it although somebody should by now."""
        return not self.owner and now - self.since > OWNED_WITHIN[self.priority]

    @property
    def owned_within_minutes(self) -> int:
        """Minutes after which somebody should own it."""
        return OWNED_WITHIN[self.priority] // timedelta(minutes=1)


def acts_on_incident(state: IncidentState, has_cameras: bool) -> frozenset[QueueAct]:
    """Return what an operator may do about an incident in this state."""
    found = {QueueAct.SPOTLIGHT} if has_cameras else set()
    if IncidentState.UNFOUNDED in ALLOWED[state]:
        found.add(QueueAct.NO_INCIDENT)
    if IncidentState.DUPLICATE in ALLOWED[state]:
        found.add(QueueAct.MERGE)
    if may_ask(state):
        found.add(QueueAct.TASK)
    return frozenset(found)


def in_order(items: Iterable[QueueItem], now: datetime) -> list[QueueItem]:
    """Return the items, the most urgent first; of one priority those that nobody owns first, then the oldest.

    One that waits too long is pushed up by one priority: behind what nobody owns there, before what somebody does.
    """

    def place(item: QueueItem) -> tuple[int, bool, int, datetime, str]:
        pushed = item.priority - (item.priority > 1 and item.waits_too_long(now))
        return pushed, bool(item.owner), item.priority, item.since, item.key

    return sorted(items, key=place)


def load_of(begun: int, operators: int) -> float:
    """Return the items an hour for each operator on duty, as if at least one were."""
    return begun / max(1, operators)


def parse_key(key: str) -> tuple[ItemKind, int] | None:
    """Return the kind and id of a key, None for what is none."""
    code, _colon, number = key.partition(":")
    if code not in list(ItemKind) or not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    return ItemKind(code), int(number)
