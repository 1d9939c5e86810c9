"""Put an item of the queue on a screen, and say what the screens show."""

from dataclasses import dataclass
from datetime import datetime

from discipline.board.screens import putting
from discipline.board.screens.models import ScreenSpotlight, WallScreen
from discipline.board.screens.showing import screens_on
from discipline.core.wording import name_of
from discipline.incidents.models import Incident
from discipline.incidents.queue.items_rule import ItemKind, QueueItem
from discipline.incidents.queue.sources import source_of
from discipline.incidents.queue.spotlight.access import may_see
from discipline.incidents.queue.spotlight.walls import places_of
from discipline.incidents.starting import pin_of
from discipline.incidents.tasks.models import Task
from offices.access.gate import Scope, User, scope_of


class ScreenMayNot(ValueError):
    """The account of the screen may not see the item."""


@dataclass(frozen=True, slots=True)
class QueueScreen:
    """A screen that is on. account: who is signed in on it; spotlight: what it shows, None for its usual wall.

    title: of what it shows, "" where the reader may not see it.
    """

    screen: WallScreen
    spotlight: ScreenSpotlight | None
    title: str

    @property
    def account(self) -> str:
        """Who is signed in on it."""
        return name_of(self.screen.user)

    @property
    def by(self) -> str:
        """Who has put on it what it shows."""
        return name_of(self.spotlight.by) if self.spotlight else ""


def screens_for(scope: Scope, now: datetime) -> list[QueueScreen]:
    """Return the screens that are on. One query without screens."""
    return [
        QueueScreen(screen, shown, shown.title if shown and may_see(scope, shown.key) else "")
        for screen, shown in screens_on(now)
    ]


def last_screen(by: User) -> int:
    """Return the id of the screen that the user chose last, 0 for none."""
    return ScreenSpotlight.objects.filter(by=by.pk).values_list("screen", flat=True).first() or 0


def put_on(screen: WallScreen, item: QueueItem, by: User, now: datetime) -> None:
    """Show the item on the screen. Raises ScreenMayNot."""
    if not may_see(scope_of(screen.user), item.key):
        raise ScreenMayNot
    scope = scope_of(by)
    places = list(places_of(scope, item.kind, item.id))
    pin = _pin(scope, item) or (pin_of(places[0]) if places else None)
    new = putting.NewSpotlight(item.key, item.title, item.place, pin, [one.pk for one in places])
    putting.put(screen, new, by, now)


def _pin(scope: Scope, item: QueueItem) -> tuple[float, float] | None:
    if item.kind in (ItemKind.INCIDENT, ItemKind.TASK):
        of_task = Task.objects.filter(pk=item.id).values("incident")
        found = (
            Incident.objects.filter(pk=item.id)
            if item.kind is ItemKind.INCIDENT
            else Incident.objects.filter(pk__in=of_task)
        )
        return found.values_list("latitude", "longitude").first()
    source = source_of(item.kind)
    return source.pin(scope, item.id) if source else None
