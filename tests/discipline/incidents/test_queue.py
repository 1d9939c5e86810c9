"""The queue of the room: what is in it, in which order, and who owns each item."""

from datetime import timedelta
from itertools import pairwise

import pytest
from asgiref.sync import sync_to_async
from django.test import TransactionTestCase
from hypothesis import given
from hypothesis import strategies as st

from discipline.core.websocket_routes import reverse_websocket
from discipline.incidents.models import IncidentSource
from discipline.incidents.queue import claims, gathering
from discipline.incidents.queue.claims import TakenAlready
from discipline.incidents.queue.items_rule import ItemKind, QueueItem, in_order, parse_key
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.tasks import changes
from streams.cameras.troubles.models import CameraTrouble
from streams.looks.streets.models import StreetHint
from tests.support.base import MORNING, OfficeTestCase, World
from tests.support.incidents import an_incident
from tests.support.places import camera_at, street_point
from tests.support.sockets import PATIENCE_S, open_socket

ITEMS = st.builds(
    QueueItem,
    kind=st.sampled_from(ItemKind),
    id=st.integers(1, 9),
    priority=st.integers(1, 4),
    since=st.integers(0, 90).map(lambda minutes: MORNING + timedelta(minutes=minutes)),
    title=st.just("t"),
    place=st.just("p"),
    state=st.just("s"),
    url=st.just("/"),
    owner=st.sampled_from(["", "Ani"]),
)


@given(st.lists(ITEMS, max_size=9))
def test_the_most_urgent_come_first_and_of_those_what_nobody_owns_and_the_oldest(items: list[QueueItem]) -> None:
    ordered = in_order(items)
    assert sorted(map(id, ordered)) == sorted(map(id, items))
    for one, other in pairwise(ordered):
        assert one.priority <= other.priority
        if one.priority == other.priority and bool(one.owner) == bool(other.owner):
            assert one.since <= other.since
        if one.priority == other.priority and one.owner:
            assert other.owner


@given(st.text(max_size=12))
def test_a_key_that_is_none_is_refused(text: str) -> None:
    parsed = parse_key(text)
    kind, _colon, number = text.partition(":")
    assert parsed is None or parsed == (ItemKind(kind), int(number))


class Queue(OfficeTestCase):
    def keys(self) -> list[str]:
        return [item.key for item in gathering.gather(MORNING + timedelta(minutes=30))]

    def test_it_holds_what_waits_for_the_room_the_most_urgent_first(self) -> None:
        flood = an_incident(self.world, source=IncidentSource.HINT, source_key="hint:1", priority=1)
        changes_of = an_incident(self.world)
        task = changes.ask(changes_of, self.world.ilir35, "Periksa", self.world.ani, MORNING)  # accept in 10 minutes
        camera = camera_at(street_point())
        hint = StreetHint.objects.create(camera=camera, kind="water", level="betis", started_at=MORNING)
        trouble = CameraTrouble.objects.create(camera=camera, cause="refused", since=MORNING)
        alert = self.world.accuse(self.world.counter(self.world.ilir35))
        assert self.keys() == [
            f"incident:{flood.pk}",
            f"task:{task.pk}",
            f"indication:{alert.pk}",
            f"hint:{hint.pk}",
            f"camera:{trouble.pk}",
        ]

    def test_taking_a_new_incident_accepts_it_and_another_is_told_by_whom(self) -> None:
        flood = an_incident(self.world, source=IncidentSource.HINT, source_key="hint:1")
        claims.take(f"incident:{flood.pk}", self.world.ani, MORNING)
        claims.take(f"incident:{flood.pk}", self.world.ani, MORNING)  # again: nothing happens
        flood.refresh_from_db()
        assert (flood.status, flood.owner) == (IncidentState.ACKNOWLEDGED, self.world.ani)
        with pytest.raises(TakenAlready, match="ani"):
            claims.take(f"incident:{flood.pk}", self.world.walikota, MORNING)

    def test_an_item_that_was_taken_can_be_given_back_by_its_owner_only(self) -> None:
        self.world.accuse(self.world.counter(self.world.ilir35))
        (item,) = gathering.gather(MORNING)
        claims.take(item.key, self.world.ani, MORNING)
        claims.give_back(item.key, self.world.walikota)
        assert gathering.gather(MORNING)[0].owner == "ani"
        claims.give_back(item.key, self.world.ani)
        assert gathering.gather(MORNING)[0].owner == ""


class QueueSocket(TransactionTestCase):
    async def test_an_open_queue_is_told_of_a_change(self) -> None:
        world = await sync_to_async(World)()
        async with open_socket(world.ani, reverse_websocket("queue")) as opened:
            assert await opened.socket.receive_json_from(timeout=PATIENCE_S) == {"type": "changed"}
            await sync_to_async(an_incident)(world)
            assert await opened.socket.receive_json_from(timeout=PATIENCE_S) == {"type": "changed"}
