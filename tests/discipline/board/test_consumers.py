"""Sockets as a browser opens them: by session cookie, through the whole application, over a real Valkey."""

import asyncio
from datetime import timedelta
from unittest.mock import patch

import pytest
from asgiref.sync import sync_to_async
from django.test import TransactionTestCase
from django.utils import timezone

from discipline.board import consumers
from discipline.board import rows as board_rows
from discipline.ops.watch import incident_opening
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import StandingState
from offices.access.models import Membership
from offices.access.sockets import open_sockets
from tests.support.base import MORNING, World
from tests.support.sockets import (
    BOARD,
    PATIENCE_S,
    BrowserSocket,
    announce,
    in_a_thread,
    office,
    office_names,
    open_socket,
    signed_in,
)

ALL = ["35 Ilir", "Kemang Manis", "3-4 Ulu", "5 Ulu"]


class Sockets(TransactionTestCase):
    def setUp(self) -> None:
        self.world = World()

    async def test_each_role_is_shown_own_scope_and_no_more(self) -> None:
        w = self.world
        for user, seen in (
            (w.walikota, ALL),
            (w.ani, ALL),
            (w.budi, ALL[:2]),
            (w.citra, ALL[2:]),
            (w.dewi, ["35 Ilir"]),
            (w.eko, ["5 Ulu"]),
        ):
            async with open_socket(user) as opened:
                message = await opened.receive()
                assert (message["type"], office_names(message)) == ("snapshot", seen), user

    async def test_users_without_a_role_get_a_reason_and_no_messages(self) -> None:
        for user, path, code in (
            (None, BOARD, 4401),
            (self.world.tamu, BOARD, 4403),
            (None, office("16.71.01.1001"), 4401),
            (self.world.tamu, office("16.71.01.1001"), 4403),
        ):
            async with open_socket(user, path) as opened, open_socket(self.world.walikota) as mayor:
                assert await opened.close_code() == code
                await mayor.receive()
                await announce(self.world.counter(self.world.ilir35))
                assert (await mayor.receive())["type"] == "patch"
                assert opened.nothing_came

    async def test_the_begin_and_end_of_a_system_incident_go_to_every_socket(self) -> None:
        w = self.world
        now = timezone.now()
        for user, path in ((w.walikota, BOARD), (w.budi, BOARD), (w.dewi, office("16.71.01.1001"))):
            async with open_socket(user, path) as opened:
                assert (await opened.receive())["incident"] is None
                report = incident_opening.IncidentReport(SystemIncident.Kind.FLEET_BLIND, now, 84, 107)
                await asyncio.to_thread(in_a_thread, incident_opening.open_incident, report, now)
                message = await opened.receive()
                assert message["type"] == "incident", message
                assert (message["incident"]["kind"], message["incident"]["blind"]) == ("fleet_blind", 84)
                assert set(message["incident"]) == {"kind", "since", "blind", "total"}, "no office is named"
                async with open_socket(user, path) as later:
                    assert (await later.receive())["incident"] == message["incident"]
                await SystemIncident.objects.all().aupdate(ended_at=now)
                await asyncio.to_thread(in_a_thread, board_rows.announce_incident)
                assert (await opened.receive())["incident"] is None
                await SystemIncident.objects.all().adelete()

    async def test_an_office_is_open_to_those_who_see_it(self) -> None:
        w = self.world
        path = office("16.71.01.1001")
        for user in (w.walikota, w.ani, w.budi, w.dewi):
            async with open_socket(user, path) as opened:
                assert office_names(await opened.receive()) == ["35 Ilir"]
        for user in (w.citra, w.eko):
            async with open_socket(user, path) as opened:
                assert await opened.close_code() == 4403
        async with open_socket(w.walikota, office("99.99.99.9999")) as opened:
            assert await opened.close_code() == 4403

    async def test_another_site_cannot_open_a_line_with_the_users_cookie(self) -> None:
        client = await sync_to_async(signed_in)(self.world.walikota)
        opened = BrowserSocket(client, BOARD, origin="http://evil.example")
        connected, _ = await opened.socket.connect(timeout=PATIENCE_S)
        assert not connected
        await opened.socket.disconnect()  # left open until the loop ended, it once hung the test

    async def test_news_of_a_kecamatan_reaches_its_camat_and_the_city_but_no_other_camat(self) -> None:
        w = self.world
        counter = w.counter(w.ilir35)
        async with (
            open_socket(w.walikota) as city,
            open_socket(w.budi) as budi,
            open_socket(w.citra) as citra,
            open_socket(w.dewi) as dewi,
        ):
            for opened in (city, budi, citra, dewi):
                await opened.receive()
            alert = await sync_to_async(w.accuse)(counter)
            await announce(counter, alerts=(alert.pk,))
            for opened in (city, budi, dewi):
                patch_ = await opened.receive()
                assert (patch_["type"], office_names(patch_)) == ("patch", ["35 Ilir"])
                assert [message["id"] for message in patch_["feed"]] == [alert.pk]
                assert patch_["rows"][0]["state"] == "absent"
            await announce(w.counter(w.ulu34))
            assert office_names(await citra.receive()) == ["3-4 Ulu"], "nothing came to her before"

    async def test_a_burst_of_flips_becomes_one_message(self) -> None:
        w = self.world
        counters = [w.counter(one) for one in w.offices.values()]
        async with open_socket(w.walikota) as city:
            await city.receive()
            for counter in counters:
                await sync_to_async(w.stand)(counter, StandingState.STAFFED)
            with patch("discipline.board.consumers.GATHER_S", 6.0):  # long enough to gather a burst on a slow machine
                for counter in counters:
                    await announce(counter)
            assert sorted(office_names(await city.receive())) == sorted(ALL)
            await announce(w.counter(w.ulu5))
            assert office_names(await city.receive()) == ["5 Ulu"], "nothing of the burst is left"

    async def test_a_new_line_catches_up_by_snapshot(self) -> None:
        w = self.world
        async with open_socket(w.walikota) as city:
            assert (await city.receive())["feed"] == []
        await sync_to_async(w.accuse)(w.counter(w.ulu5))
        async with open_socket(w.walikota) as city:
            message = await city.receive()
            assert [row["state"] for row in message["rows"] if row["name"] == "5 Ulu"] == ["absent"]
            assert len(message["feed"]) == 1

    async def test_a_user_who_is_deactivated_or_moved_is_cut_off_at_the_next_news(self) -> None:
        w = self.world
        counter = w.counter(w.ilir35)
        with patch.object(consumers, "SCOPE_S", 0):
            async with open_socket(w.budi) as budi, open_socket(w.dewi) as dewi:
                await budi.receive()
                await dewi.receive()
                w.budi.is_active = False
                await w.budi.asave()
                await Membership.objects.filter(user=w.dewi).adelete()
                await announce(counter)
                assert await budi.close_code() == 4401
                assert await dewi.close_code() == 4403

    async def test_a_camat_who_changes_kecamatan_changes_boards(self) -> None:
        w = self.world
        with patch.object(consumers, "SCOPE_S", 0):
            async with open_socket(w.budi) as budi:
                await budi.receive()
                await Membership.objects.filter(user=w.budi).aupdate(kecamatan=w.kecamatan["16.71.02"])
                await announce(w.counter(w.ilir35))
                assert office_names(await budi.receive()) == ["3-4 Ulu", "5 Ulu"]
                await announce(w.counter(w.ulu5))
                # The old kecamatan's message that triggered the check was not forwarded.
                assert office_names(await budi.receive()) == ["5 Ulu"]

    async def test_a_user_has_only_so_many_sockets(self) -> None:
        w = self.world
        with patch.object(open_sockets, "most", 2):
            async with open_socket(w.walikota) as first, open_socket(w.walikota, office("16.71.01.1001")) as second:
                await first.receive()
                await second.receive()
                async with open_socket(w.walikota) as third, open_socket(w.ani) as other:
                    assert await third.close_code() == 4429
                    assert (await other.receive())["type"] == "snapshot", "of another user"
            async with open_socket(w.walikota) as later:
                assert (await later.receive())["type"] == "snapshot", "the others are closed"

    async def test_logging_out_elsewhere_ends_the_line(self) -> None:
        client = await sync_to_async(signed_in)(self.world.walikota)
        opened = BrowserSocket(client, BOARD)
        await opened.socket.connect()
        await opened.receive()
        with patch.object(consumers, "SCOPE_S", 0):
            await sync_to_async(client.logout)()
            await announce(self.world.counter(self.world.ilir35))
            assert await opened.close_code() == 4401
        await opened.socket.disconnect()

    async def test_a_quiet_line_is_heard_to_be_alive(self) -> None:
        with patch.object(consumers, "BEAT_S", 0.05):
            async with open_socket(self.world.walikota) as city:
                await city.receive()
                assert (await city.receive())["type"] == "tick"

    @pytest.mark.slow
    async def test_a_quiet_line_outlives_the_waits_of_the_channel_layer(self) -> None:
        async with open_socket(self.world.walikota) as city:
            await city.receive()
            await asyncio.sleep(6)
            await announce(self.world.counter(self.world.ilir35))
            assert (await city.receive())["type"] == "patch"

    async def test_a_snapshot_is_sent_again_from_time_to_time(self) -> None:
        with patch.multiple(consumers, BEAT_S=0.05, SNAPSHOT_S=0):
            async with open_socket(self.world.dewi) as dewi:
                await dewi.receive()
                assert (await dewi.receive())["type"] == "snapshot"

    async def test_what_a_browser_sends_is_ignored(self) -> None:
        async with open_socket(self.world.walikota) as city:
            await city.receive()
            await city.socket.send_to(text_data="{not json")
            await city.socket.send_to(bytes_data=b"\x00")
            await announce(self.world.counter(self.world.ilir35))
            assert (await city.receive())["type"] == "patch"

    async def test_the_office_socket_carries_its_own_office_only(self) -> None:
        w = self.world
        async with open_socket(w.walikota, office("16.71.01.1001")) as opened:
            await opened.receive()
            await sync_to_async(w.stand)(w.counter(w.kemang), StandingState.GRACE, MORNING + timedelta(minutes=1))
            await announce(w.counter(w.kemang))
            await announce(w.counter(w.ilir35))
            assert office_names(await opened.receive()) == ["35 Ilir"], "nothing came of the other"
