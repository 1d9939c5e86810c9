"""Messages that never reach an open board, arrive twice or out of order: the board ends in the right state.

Nothing is mocked: messages are lost as in production, in the channel layer over a real Valkey.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from threading import Thread
from time import monotonic
from typing import Any
from unittest.mock import patch

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

from discipline.board import consumers, shared_board
from discipline.board import rows as board_rows
from discipline.board.models import BoardVersion
from discipline.ops.watch import incident_opening
from discipline.staffing import ledger
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import Flip, StandingState
from offices.access.gate import Scope
from offices.hours.models import HoursPlan
from offices.places.models import Counter, Kelurahan
from streams.servers import valkey
from tests.support.base import MORNING, World
from tests.support.sockets import BOARD, PATIENCE_S, BrowserSocket, announce, in_a_thread, office, open_socket

WALL = "/ws/dinding/?kantor=16.71.01.1001"
CHECK_S, NEVER_S = 0.2, 1000.0


class Browser:
    """The state of a board after the messages so far, by static/js's rules: states by office, indications by id."""

    def __init__(self, opened: BrowserSocket) -> None:
        self.opened = opened
        self.version = 0
        self.kinds: list[str] = []
        self.states: dict[str, str] = {}
        self.alerts: dict[int, Any] = {}
        self.incident: Any = None

    async def hear(self) -> str:
        message = await self.opened.receive()
        kind = str(message["type"])
        assert kind == "snapshot" or message["follows"] == self.version, "it would connect again"
        self.version = message["version"]
        if "incident" in message:
            self.incident = message["incident"]
        if kind == "snapshot":
            self.states, self.alerts = {}, {}
        self.states |= {row["name"]: row["state"] for row in message.get("rows", ())}
        for alert in message.get("feed", ()):
            self.alerts[alert["id"]] = alert["ended_at"]
        self.kinds.append(kind)
        return kind

    async def hear_until(self, name: str, state: StandingState) -> None:
        while self.states.get(name) != state:
            await self.hear()


@asynccontextmanager
async def browser(user: Any, path: str = BOARD, check_s: float = NEVER_S) -> AsyncIterator[Browser]:
    """Open a board that checks its version every `check_s` until `checks_end`.

    On a busy machine two checks in a row can take a late message for a lost one.
    """
    consumers.CHECK_S = check_s
    async with open_socket(user, path) as opened:
        shown = Browser(opened)
        while await shown.hear() != "snapshot":
            pass
        yield shown


def checks_end() -> None:
    """Stop the checks; one more may follow, without effect, as it takes two to find a message lost."""
    consumers.CHECK_S = NEVER_S


async def lost_news(*counters: Counter, alerts: tuple[int, ...] = ()) -> None:
    """Lose an announcement as when every process is too slow to receive it: the channel layer drops it."""
    with patch.object(get_channel_layer(), "capacity", 0):
        await announce(*counters, alerts=alerts)


async def messages_of(*counters: Counter, alerts: tuple[int, ...] = ()) -> list[tuple[str, dict[str, Any]]]:
    """Return the messages of an announcement in transit, by group."""
    held: list[tuple[str, dict[str, Any]]] = []

    async def hold(group: str, message: dict[str, Any]) -> None:
        held.append((group, message))

    with patch.object(get_channel_layer(), "group_send", hold):
        await announce(*counters, alerts=alerts)
    return held


async def arrive(held: list[tuple[str, dict[str, Any]]]) -> None:
    for group, message in held:
        await get_channel_layer().group_send(group, message)


class LostNews(TransactionTestCase):
    def setUp(self) -> None:
        self.world = World()
        self.counter = self.world.counter(self.world.ilir35)
        self.enterContext(patch.object(consumers, "CHECK_S", NEVER_S))
        for counters in self.world.counters.values():
            for counter in counters:
                self.world.stand(counter, StandingState.STAFFED)

    async def stand(self, state: StandingState) -> None:
        """Store a standing in another transaction, dated before the present one, as after a corrected clock."""
        since = MORNING - timedelta(days=list(StandingState).index(state))
        await sync_to_async(self.world.stand)(self.counter, state, since)

    async def test_what_the_channel_layer_drops_is_shown_soon(self) -> None:
        w = self.world
        for user, path in ((w.walikota, BOARD), (w.budi, BOARD), (w.dewi, office("16.71.01.1001")), (w.ani, WALL)):
            async with browser(user, path, CHECK_S) as shown:
                await self.stand(StandingState.ABSENT)
                await lost_news(self.counter)
                await asyncio.wait_for(shown.hear_until("35 Ilir", StandingState.ABSENT), PATIENCE_S)
                assert shown.kinds[-1] == "snapshot"
                checks_end()
                await self.stand(StandingState.STAFFED)
                await announce(self.counter)
                assert await shown.hear() == "patch", "what comes is heard as before"
                assert shown.states["35 Ilir"] == StandingState.STAFFED

    async def test_a_lost_message_is_detected_by_the_next_one(self) -> None:
        async with browser(self.world.walikota) as shown:
            alert = await sync_to_async(self.world.accuse)(self.counter)
            await lost_news(self.counter, alerts=(alert.pk,))
            await announce(self.world.counter(self.world.ulu5))
            assert await shown.hear() == "patch", "of an office that lost nothing"
            await announce(self.counter)
            assert await shown.hear() == "snapshot"
            assert list(shown.alerts) == [alert.pk]
            assert shown.states["35 Ilir"] == StandingState.ABSENT

    async def test_a_message_received_twice_is_passed_on_once(self) -> None:
        async with browser(self.world.walikota) as shown:
            await self.stand(StandingState.GRACE)
            first = await messages_of(self.counter)
            await arrive(first)
            assert await shown.hear() == "patch"
            await self.stand(StandingState.ABSENT)
            await announce(self.counter)
            assert await shown.hear() == "patch"
            await arrive(first)
            assert await shown.opened.silent(1.0)
            assert shown.states["35 Ilir"] == StandingState.ABSENT

    async def test_news_that_was_overtaken_changes_nothing_back(self) -> None:
        async with browser(self.world.walikota) as shown:
            alert = await sync_to_async(self.world.accuse)(self.counter)
            begun = await messages_of(self.counter, alerts=(alert.pk,))
            alert.ended_at = alert.raised_at
            await alert.asave()
            await self.stand(StandingState.UNKNOWN)
            over = await messages_of(self.counter, alerts=(alert.pk,))
            await arrive(over)
            assert await shown.hear() == "snapshot"
            await arrive(begun)
            assert await shown.opened.silent(1.0)
            assert shown.states["35 Ilir"] == StandingState.UNKNOWN
            assert shown.alerts[alert.pk] is not None

    async def test_a_flip_between_the_reading_of_a_snapshot_and_its_sending_follows_it(self) -> None:
        read = shared_board.SharedBoard._read_snapshot
        turned: list[Any] = []

        def read_and_flip(shared: Any, scope: Scope, since: float) -> Any:
            found = read(shared, scope, since)
            if not turned:
                turned.append(self.world.stand(self.counter, StandingState.ABSENT))
                thread = Thread(target=in_a_thread, args=(board_rows.announce_changes, {self.counter.pk}, set()))
                thread.start()
                thread.join()
            return found

        with patch.object(shared_board.SharedBoard, "_read_snapshot", read_and_flip):
            async with browser(self.world.walikota) as shown:
                assert shown.states["35 Ilir"] == StandingState.STAFFED
                assert await shown.hear() == "patch"
                assert shown.states["35 Ilir"] == StandingState.ABSENT

    async def test_a_line_that_the_channel_layer_forgot_is_in_its_groups_again(self) -> None:
        """Group memberships expire after a day, and are lost when Valkey is flushed."""
        async with browser(self.world.walikota, check_s=CHECK_S) as shown:
            layer: Any = get_channel_layer()
            await sync_to_async(valkey.client().delete)(layer._group_key(board_rows.CITY))
            await self.stand(StandingState.GRACE)
            await announce(self.counter)
            assert await shown.hear() == "snapshot"
            checks_end()
            await self.stand(StandingState.ABSENT)
            await announce(self.counter)
            assert await shown.hear() == "patch"
            assert shown.states["35 Ilir"] == StandingState.ABSENT

    async def test_an_incident_that_was_never_announced_is_found(self) -> None:
        now = timezone.now()
        async with browser(self.world.dewi, office("16.71.01.1001"), CHECK_S) as shown:
            await SystemIncident.objects.acreate(kind="fleet_blind", since=now, raised_at=now, blind=84, total=107)
            assert await shown.hear() == "incident"
            assert shown.incident["blind"] == 84
            await SystemIncident.objects.aupdate(ended_at=now)
            assert await shown.hear() == "incident"
            assert shown.incident is None
            with patch.object(get_channel_layer(), "capacity", 0):
                report = incident_opening.IncidentReport(SystemIncident.Kind.NO_WATCH, now)
                await asyncio.to_thread(in_a_thread, incident_opening.open_incident, report, now)
            while shown.incident is None or shown.states["35 Ilir"] != StandingState.UNKNOWN:
                await shown.hear()

    async def test_the_sweep_announces_what_a_process_that_died_had_stored(self) -> None:
        always = dict.fromkeys(HoursPlan.DAYS, "00:00-24:00")
        await HoursPlan.objects.acreate(name="Selalu", priority=9, on_holidays=True, **always)
        await Counter.objects.exclude(pk=self.counter.pk).aupdate(active=False)
        ledger.schedule.forget()
        async with browser(self.world.walikota) as shown:
            now = timezone.now()
            grace = {"reason": "absence", "empty_since": now}
            await sync_to_async(self.world.stand)(self.counter, StandingState.GRACE, now, **grace)
            await Flip.objects.acreate(
                counter=self.counter, at=now, old="staffed", new="grace", reason="absence", since=now, noticed_at=now
            )
            await asyncio.to_thread(in_a_thread, ledger.sweep_deadlines, now)
            await asyncio.wait_for(shown.hear_until("35 Ilir", StandingState.GRACE), PATIENCE_S)

    async def test_nothing_is_sent_while_nothing_is_lost(self) -> None:
        w = self.world
        for _ in range(3):
            await announce(self.counter)
        for user, path in ((w.walikota, BOARD), (w.dewi, office("16.71.01.1001")), (w.ani, WALL)):
            async with browser(user, path, CHECK_S) as shown:
                assert shown.version == 3
                assert await shown.opened.silent(1.0), "five checks"

    async def test_a_thousand_sockets_ask_the_database_once(self) -> None:
        shared, since, city = shared_board.SharedBoard(), monotonic(), Scope(city=True)
        states = await asyncio.gather(*(shared.state(since) for _ in range(1000)))
        snapshots = await asyncio.gather(*(shared.snapshot(city, since) for _ in range(1000)))
        assert len(set(map(id, states))) == len(set(map(id, snapshots))) == 1
        assert await shared.state(monotonic()) is not states[0], "what is older than it may be is read again"
        assert await shared.snapshot(city, monotonic()) is not snapshots[0]
        camat = Scope(kecamatan=frozenset({self.world.ulu5.kecamatan_id}))
        assert [row["name"] for row in (await shared.snapshot(camat, since)).rows] == ["3-4 Ulu", "5 Ulu"]

    async def test_sockets_that_come_one_after_another_share_a_read_each_second(self) -> None:
        shared, city, asked = shared_board.SharedBoard(), Scope(city=True), []
        began = monotonic()
        for _ in range(50):
            asked.append((since := monotonic(), asyncio.create_task(shared.snapshot(city, since))))
            await asyncio.sleep(0.01)
        lasted_s = monotonic() - began
        snapshots = [(since, await task) for since, task in asked]
        assert all(snapshot.read_at >= since for since, snapshot in snapshots), "as new as each needs it"
        assert len({id(snapshot) for _, snapshot in snapshots}) <= 2 + lasted_s / shared_board.READ_EVERY_S

    async def test_a_snapshot_is_one_text_for_all_who_are_to_see_the_same(self) -> None:
        shared, since = shared_board.SharedBoard(), monotonic()
        snapshot, state = await shared.snapshot(Scope(city=True), since), await shared.state(since)
        text = snapshot.message({"now": "1", "version": 4, "follows": 0}, state)
        assert snapshot.message({"now": "2", "version": 4, "follows": 0}, state) is text
        assert json.loads(text) == {
            "type": "snapshot",
            "now": "1",
            "version": 4,
            "follows": 0,
            "rows": snapshot.rows,
            "feed": snapshot.feed,
            "incident": None,
            "fleet": None,
            "still": [],
        }
        other = json.loads(snapshot.message({"now": "3", "version": 4, "follows": 3}, state))
        assert (other["now"], other["follows"]) == ("3", 3)


class Versions(TransactionTestCase):
    def test_announcements_at_once_get_a_number_each_and_never_wait_for_each_other(self) -> None:
        offices = list(World().offices.values())
        found: list[dict[int, int]] = []

        def announce(turned: bool) -> None:
            try:
                for _ in range(50):
                    pks = [one.pk for one in offices]
                    found.append(BoardVersion.objects.increment(reversed(pks) if turned else pks))
            finally:
                connection.close()

        threads = [Thread(target=announce, args=(n % 2 == 0,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for office_ in offices:
            assert sorted(one[office_.pk] for one in found) == list(range(1, 201))

    def test_an_office_that_is_gone_has_no_version(self) -> None:
        here, gone = World().offices["16.71.01.1001"].pk, 0
        assert not Kelurahan.objects.filter(pk=gone).exists()
        assert BoardVersion.objects.increment({here, gone}) == {here: 1}
