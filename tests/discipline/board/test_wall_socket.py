"""The wall's socket: pictures for those who may see them, at the client's own pace, and none of closed offices."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.test import TransactionTestCase

from discipline.board import wall_consumer
from discipline.board.street_points.rows import ROW_IDS
from discipline.staffing.models import StandingState
from offices.hours.models import HoursPlan
from offices.places.models import Kelurahan
from streams.live.models import View
from streams.source import newest_picture
from tests.support.base import World
from tests.support.pictures import forget_pictures
from tests.support.public_points import public_point
from tests.support.sockets import announce, office_names, open_socket, pictures_of
from tests.support.waiting import wait_until_async

WALL = "/ws/dinding/"
REASON = "Laporan lampu menyala semalaman"


class Walls(TransactionTestCase):
    def setUp(self) -> None:
        self.world = World()
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
        for pace, quick in (("PACE_S", 0.05), ("TILE_S", 0.1)):
            self.enterContext(patch.object(wall_consumer, pace, quick))
        self.enterContext(patch.object(newest_picture, "SHARED_S", 0.0))
        self.at = datetime.now(UTC)
        self.addCleanup(self.forget)

    def forget(self) -> None:
        forget_pictures(*(camera.pk for camera in self.world.cameras.values()))

    def film(self, *offices: Kelurahan, shows: bytes = b"room") -> None:
        self.at += timedelta(seconds=5)
        for office in offices:
            newest_picture.store_picture(self.world.cameras[office.pk].pk, b"large", {"at": self.at.isoformat()}, shows)

    async def test_each_role_gets_pictures_of_own_scope_and_others_are_refused(self) -> None:
        w = self.world
        everywhere = list(w.offices.values())
        self.film(*everywhere)
        for user, offices in (
            (w.walikota, everywhere),
            (w.ani, everywhere),
            (w.intan, everywhere),
            (w.budi, [w.ilir35, w.kemang]),
            (w.citra, [w.ulu34, w.ulu5]),
            (w.dewi, [w.ilir35]),
        ):
            async with open_socket(user, WALL) as opened:
                message = await opened.receive_kind("snapshot")
                assert office_names(message) == [office.name for office in offices], user
                await opened.socket.send_json_to({"see": [office.pk for office in everywhere]})
                assert set(await pictures_of(opened)) == {office.pk for office in offices}, user
        for outsider, path, code in (
            (None, WALL, 4401),
            (w.tamu, WALL, 4403),
            (w.budi, f"{WALL}?kantor=16.71.02.1004", 4403),
            (w.budi, f"{WALL}?kantor=16.71.01.1001,16.71.02.1004", 4403),
            (w.dewi, f"{WALL}?kecamatan=16.71.01&kantor=16.71.01.1007", 4403),
        ):
            async with open_socket(outsider, path) as opened:
                assert await opened.close_code() == code, path
        assert await View.objects.acount() == 6

    async def test_points_come_beside_offices_and_not_to_who_sees_none(self) -> None:
        w = self.world
        point = await sync_to_async(public_point)()
        self.film(w.ilir35)
        newest_picture.store_picture(point.camera_id or 0, b"large", {"at": self.at.isoformat()}, b"street")
        asked = [w.ilir35.pk, ROW_IDS + point.place_id]
        async with open_socket(w.ani, f"{WALL}?lihat=semua") as opened:
            await opened.receive_kind("snapshot")
            await opened.socket.send_json_to({"see": asked})
            assert await pictures_of(opened) == {asked[0]: b"room", asked[1]: b"street"}
        view = await View.objects.aget(user=w.ani)
        assert (len(view.offices), view.points) == (len(w.offices), [point.place_id])
        await sync_to_async(self.client.force_login)(w.intan)
        log = await sync_to_async(self.client.get)("/akses-kamera/")
        self.assertContains(log, "Layar pantau, 1 titik")
        self.assertContains(log, point.place.point_name)
        async with open_socket(w.budi, f"{WALL}?lihat=titik") as opened:
            assert await opened.close_code() == 4403

    async def test_only_what_is_on_the_screen_and_new_is_sent(self) -> None:
        w = self.world
        self.film(w.ilir35, w.kemang, w.ulu5, shows=b"first")
        async with open_socket(w.ani, WALL) as opened:
            see = {"see": [w.ilir35.pk, w.kemang.pk]}
            await opened.socket.send_json_to(see)
            assert await pictures_of(opened) == {w.ilir35.pk: b"first", w.kemang.pk: b"first"}
            self.film(w.kemang, w.ulu5, shows=b"second")
            await announce(w.counter(w.kemang))
            await opened.receive_kind("patch")  # no picture is sent before it is requested
            await opened.socket.send_json_to(see)
            assert await pictures_of(opened) == {w.kemang.pk: b"second"}
            await opened.socket.send_json_to({"see": []})
            self.film(w.kemang, shows=b"third")
            await announce(w.counter(w.kemang))
            await opened.receive_kind("patch")  # and none is sent now
            for nonsense in ("x", "[]", "3", '{"see": "all"}', '{"see": [{}, null, "1", 999999999]}', "{" * 200_000):
                await opened.socket.send_to(text_data=nonsense)
            await opened.socket.send_to(bytes_data=b"\x00")
            await opened.socket.send_json_to(see)
            assert await pictures_of(opened) == {w.kemang.pk: b"third"}

    async def test_an_office_that_closes_is_taken_off_the_wall_until_somebody_says_why(self) -> None:
        w = self.world
        self.film(w.ilir35, w.ulu5)
        with patch.object(wall_consumer, "PLACED_S", 0.1):
            async with open_socket(w.ani, WALL) as opened:
                see = {"see": [w.ilir35.pk, w.ulu5.pk]}
                await opened.socket.send_json_to(see)
                assert set(await pictures_of(opened)) == {w.ilir35.pk, w.ulu5.pk}
                closed = dict.fromkeys(HoursPlan.DAYS, "")
                await HoursPlan.objects.acreate(name="Tutup", kelurahan=w.ulu5, priority=9, **closed)
                await opened.socket.send_json_to(see)
                assert await pictures_of(opened) == {w.ulu5.pk: b""}
                await opened.socket.send_json_to({"reason": "cek"})
                refused = await opened.receive_kind("closed")
                assert (refused["until"], bool(refused["problem"])) == (None, True)
                await opened.socket.send_json_to({"reason": REASON})
                assert (await opened.receive_kind("closed"))["until"]
                await opened.socket.send_json_to(see)
                assert await pictures_of(opened) == {w.ulu5.pk: b"room"}
            async with open_socket(w.ani, WALL) as anew:
                await anew.socket.send_json_to(see)
                assert await pictures_of(anew) == {w.ilir35.pk: b"room", w.ulu5.pk: b""}, "no reason on this line"
        views = [(view.closed, view.reason, view.ended_at is not None) async for view in View.objects.order_by("pk")]
        assert views == [(False, "", True), (True, REASON, True), (False, "", True)]

    async def test_the_log_says_who_looked_and_ends_when_nobody_asks_any_more(self) -> None:
        w = self.world
        self.film(w.ilir35)
        with patch.object(wall_consumer, "LEFT_S", 0.3):
            async with open_socket(w.budi, WALL) as opened:
                await opened.receive_kind("snapshot")
                assert not await View.objects.aexists(), "nothing was shown yet"
                await opened.socket.send_json_to({"see": [w.ilir35.pk]})
                await pictures_of(opened)
                view = await View.objects.select_related("user").aget()
                assert (view.user, view.how, view.offices) == (w.budi, "wall", sorted([w.ilir35.pk, w.kemang.pk]))
                ended = View.objects.filter(pk=view.pk, ended_at__isnull=False)
                await wait_until_async(ended.aexists)  # the page rests in the background
                self.film(w.ilir35)
                await opened.socket.send_json_to({"see": [w.ilir35.pk]})
                await pictures_of(opened)
                assert await View.objects.filter(ended_at=None).acount() == 1
        assert await View.objects.filter(ended_at=None).acount() == 0

    async def test_standings_of_offices_not_on_the_wall_are_not_sent(self) -> None:
        w = self.world
        async with open_socket(w.ani, f"{WALL}?kantor=16.71.01.1001") as opened:
            assert office_names(await opened.receive_kind("snapshot")) == ["35 Ilir"]
            for office in (w.kemang, w.ilir35):
                await sync_to_async(w.stand)(w.counter(office), StandingState.STAFFED)
            await announce(w.counter(w.kemang))
            await announce(w.counter(w.ilir35))
            assert office_names(await opened.receive_kind("patch")) == ["35 Ilir"]

    async def test_a_wall_ends_with_the_session_of_its_viewer(self) -> None:
        with patch("discipline.board.consumers.SCOPE_S", 0.0), patch("discipline.board.consumers.BEAT_S", 0.1):
            async with open_socket(self.world.dewi, WALL) as opened:
                await opened.receive_kind("snapshot")
                await Session.objects.all().adelete()
                while (output := await opened.socket.receive_output(timeout=5))["type"] != "websocket.close":
                    pass
                assert output["code"] == 4401
