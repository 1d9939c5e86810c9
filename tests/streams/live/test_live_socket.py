"""The socket of a live camera through the whole application: who may view, who must give a reason, what is logged."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

import pytest
from asgiref.sync import sync_to_async
from django.test import Client, TransactionTestCase

from offices.access import sockets
from offices.access.models import Membership
from offices.hours.models import HoursPlan
from streams.cameras.models import Camera
from streams.live import consumers
from streams.live.models import View
from streams.simulator.simulator import Simulator
from tests.support.base import World
from tests.support.places import Kinds
from tests.support.sockets import PATIENCE_S, BrowserSocket, signed_in
from tests.support.waiting import wait_until

WHY = "Lampu menyala, saya periksa"


class LiveSocket(BrowserSocket):
    """A socket of JSON messages and binary fragments."""

    async def next(self) -> dict[str, Any] | bytes:
        output = await self.socket.receive_output(timeout=PATIENCE_S)
        assert output["type"] == "websocket.send", output
        message: dict[str, Any] | bytes = output["bytes"] if output.get("bytes") else json.loads(output["text"])
        return message

    async def until(self, kind: str) -> dict[str, Any]:
        while True:
            message = await self.next()
            if isinstance(message, dict) and message["type"] == kind:
                return message

    async def fragment(self) -> bytes:
        while isinstance(message := await self.next(), dict):
            pass
        return message

    async def refused(self) -> int:
        """Return the close code, after what was already sent."""
        while (output := await self.socket.receive_output(timeout=PATIENCE_S))["type"] == "websocket.send":
            pass
        return int(output["code"])


@asynccontextmanager
async def live(user: Any, camera: int, query: str = "") -> AsyncIterator[LiveSocket]:
    client = user if isinstance(user, Client) else await sync_to_async(signed_in)(user)
    socket = LiveSocket(client, f"/ws/kamera/{camera}/langsung/?{query}")
    connected, _ = await socket.socket.connect(timeout=PATIENCE_S)
    assert connected
    try:
        yield socket
    finally:
        await socket.socket.disconnect()


class LiveSockets(TransactionTestCase):
    @pytest.fixture(autouse=True)
    def _city(self, city: Simulator) -> None:
        self.city = city

    def setUp(self) -> None:
        self.world = World()
        self.camera = self.world.cameras[self.world.ilir35.pk]
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
        Camera.objects.update(url=self.city.url(1), sub_url=self.city.url(2))

    def close_offices(self) -> None:
        HoursPlan.objects.all().delete()

    async def test_each_role_sees_the_cameras_of_its_scope_and_no_others(self) -> None:
        w = self.world
        seeing = (w.walikota, w.ani, w.intan, w.budi, w.dewi)
        for user in seeing:
            async with live(user, self.camera.pk) as socket:
                assert await socket.until("camera") == {
                    "type": "camera", "office": "35 Ilir", "camera": "Ruang pelayanan",
                }, user  # fmt: skip
                assert (await socket.until("init"))["mime"].startswith('video/mp4; codecs="avc1.')
                assert b"moof" in (await socket.fragment())[:16]
        for outsider, code in ((None, 4401), (w.citra, 4403), (w.eko, 4403), (w.tamu, 4403)):
            async with live(outsider, self.camera.pk) as socket:
                assert await socket.close_code() == code, outsider
        assert await View.objects.acount() == len(seeing), "who saw nothing is not in the log of those who looked"

    async def test_cameras_of_other_places_show_to_who_sees_the_place(self) -> None:
        """A kecamatan office's to its camat, not to a lurah there; a point's to the city, without a reason at night."""
        w = self.world
        kinds = await sync_to_async(Kinds.around)(w)
        at = {kind: camera.pk for kind, camera in kinds.cameras.items()}
        for user in (w.ani, w.budi):
            async with live(user, at["kecamatan"]) as socket:
                assert (await socket.until("camera"))["office"] == "Kantor Camat Ilir Barat II"
        await sync_to_async(self.close_offices)()
        async with live(w.walikota, at["point"]) as socket:
            assert (await socket.until("camera"))["office"] == "Bawah Ampera"
        for user, kind, code in (
            (w.citra, "kecamatan", 4403),
            (w.dewi, "kecamatan", 4403),
            (w.budi, "kecamatan", 4409),
            (w.budi, "point", 4403),
            (w.dewi, "point", 4403),
        ):
            async with live(user, at[kind]) as socket:
                assert await socket.close_code() == code, (user, kind)

    async def test_a_camera_out_of_scope_is_refused_like_a_missing_or_disabled_one(self) -> None:
        w = self.world
        await Camera.objects.filter(kelurahan=w.kemang).aupdate(enabled=False)
        off = w.cameras[w.kemang.pk].pk
        messages = []
        for user, camera in ((w.citra, self.camera.pk), (w.citra, 999_999), (w.walikota, 999_999), (w.budi, off)):
            async with live(user, camera) as socket:
                messages.append(await socket.socket.receive_output(timeout=PATIENCE_S))
        assert [one["code"] for one in messages] == [4403] * 4
        assert len({json.dumps(one) for one in messages}) == 1, "they can not be distinguished"

    async def test_one_connection_for_all_and_each_view_is_written_down_with_its_why_and_its_end(self) -> None:
        w, pk = self.world, self.camera.pk
        async with (
            live(w.budi, pk, "why=indication") as one,
            live(w.dewi, pk) as two,
            live(w.ani, pk, "stream=sub") as sub,
        ):
            for socket in (one, two, sub):
                await socket.fragment()
            assert (self.city.viewers("cam001"), self.city.viewers("cam002")) == (1, 1)
            view = await View.objects.aget(user=w.budi)
            assert (view.camera_id, view.why, view.how) == (pk, "indication", "live")
            assert (view.closed, view.ended_at) == (False, None)
        assert [view.ended_at is not None async for view in View.objects.all()] == [True] * 3

    async def test_a_user_has_only_so_many_live_views(self) -> None:
        w = self.world
        with patch.object(sockets.live_sockets, "most", 1):
            async with live(w.walikota, self.camera.pk) as first:
                await first.until("camera")
                async with live(w.walikota, self.camera.pk) as second, live(w.ani, self.camera.pk) as other:
                    assert await second.refused() == 4429
                    await other.until("camera")
            async with live(w.walikota, self.camera.pk) as later:
                await later.until("camera")

    async def test_a_closed_office_asks_why_and_shows_nothing_before(self) -> None:
        await sync_to_async(self.close_offices)()
        for query in ("", "reason=", "reason=ingin%20tahu", "why=spot_check"):
            async with live(self.world.walikota, self.camera.pk, query) as socket:
                assert await socket.close_code() == 4409, query
        assert not await View.objects.aexists()
        async with live(self.world.walikota, self.camera.pk, f"reason={WHY}") as socket:
            await socket.fragment()
        view = await View.objects.aget()
        assert (view.closed, view.reason) == (True, WHY)
        async with live(self.world.citra, self.camera.pk) as socket:
            assert await socket.close_code() == 4403, "who may not look is not asked why"

    async def test_an_office_that_closes_while_one_looks_asks_why(self) -> None:
        with patch.object(consumers, "LOOK_AGAIN_S", 0.2):
            async with live(self.world.budi, self.camera.pk) as socket:
                await socket.fragment()
                await sync_to_async(self.close_offices)()
                assert await socket.refused() == 4409
            async with live(self.world.budi, self.camera.pk, f"reason={WHY}") as socket:
                await socket.fragment()
            async with live(self.world.budi, self.camera.pk) as socket:
                await socket.fragment()
        assert [view.closed async for view in View.objects.order_by("pk")] == [False, True, True]

    async def test_what_changes_while_one_looks_ends_the_picture(self) -> None:
        """A logout elsewhere, a move to another kecamatan, and a new address of the camera."""
        w = self.world
        client = await sync_to_async(signed_in)(w.dewi)
        with patch.object(consumers, "LOOK_AGAIN_S", 0.2):
            async with (
                live(client, self.camera.pk) as dewi,
                live(w.budi, self.camera.pk) as budi,
                live(w.ani, self.camera.pk) as ani,
            ):
                for socket in (dewi, budi, ani):
                    await socket.fragment()
                await sync_to_async(client.logout)()
                assert await dewi.refused() == 4401
                await Membership.objects.filter(user=w.budi).aupdate(kecamatan=w.kecamatan["16.71.02"])
                assert await budi.refused() == 4403
                await ani.fragment()
                assert dewi.nothing_came
                await Camera.objects.filter(pk=self.camera.pk).aupdate(url=self.city.url(5))
                assert await ani.refused() == 1012, "the browser comes again"
        assert not await View.objects.filter(ended_at=None).aexists()

    async def test_what_a_browser_says_is_a_number_or_nothing_and_the_camera_is_let_go_after(self) -> None:
        with patch("streams.live.fanout.LINGER_S", 0.2):
            async with live(self.world.ani, self.camera.pk) as socket:
                await socket.fragment()
                for text in (
                    "{not json",
                    "[]",
                    '{"got": "many"}',
                    '{"got": -5}',
                    '{"got": 1e999}',
                    '{"got": 1000000000}',
                ):
                    await socket.socket.send_to(text_data=text)
                await socket.socket.send_to(bytes_data=b"\x00")
                for _ in range(5):
                    await socket.fragment()
                    await socket.socket.send_to(text_data='{"got": 1000000000}')  # or nothing follows after a second
            await asyncio.to_thread(wait_until, lambda: not self.city.viewers("cam001"))
