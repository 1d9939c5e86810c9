"""The notice that many cameras can't be read: on pages, over sockets, and remembered in Valkey."""

from datetime import timedelta
from unittest.mock import patch

from asgiref.sync import sync_to_async
from django.test import TransactionTestCase
from django.utils import timezone

from discipline.board import consumers
from discipline.board.fleet_notice import KEY, current_notice
from discipline.core.heartbeats import LIMITS_S, Part
from discipline.core.models import Heartbeat
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import StandingState
from streams.servers import valkey
from tests.support.base import OfficeTestCase, World
from tests.support.sockets import BOARD, BrowserSocket, office, open_socket

LOST = "3 dari 4 kamera tidak terbaca."


def see(world: World, blind: int) -> None:
    """Make so many of the four cameras unreadable, for ten minutes already."""
    for number, counters in enumerate(world.counters.values()):
        state = StandingState.UNKNOWN if number < blind else StandingState.STAFFED
        for counter in counters:
            world.stand(counter, state, timezone.now() - timedelta(minutes=10))


class Notice(OfficeTestCase):
    def setUp(self) -> None:
        valkey.client().delete(KEY)

    def test_it_stays_down_to_the_lower_bound(self) -> None:
        shown = []
        for blind in (0, 2, 3, 2, 1, 2):
            see(self.world, blind)
            shown.append(current_notice(None))
        assert shown == [None, None, {"blind": 3, "total": 4}, {"blind": 2, "total": 4}, None, None]

    def test_cameras_that_are_off_or_watch_nothing_are_not_counted(self) -> None:
        see(self.world, 4)
        for camera in list(self.world.cameras.values())[:2]:
            camera.enabled = False
            camera.save()
        assert current_notice(None) is None
        assert not valkey.client().exists(KEY)

    def test_a_system_incident_takes_its_place(self) -> None:
        see(self.world, 3)
        now = timezone.now()
        incident = SystemIncident.objects.create(kind="fleet_blind", since=now, raised_at=now, blind=3, total=4)
        self.client.force_login(self.world.ani)
        assert self.client.get("/").context["fleet"] is None
        incident.ended_at = now
        incident.save()
        assert self.client.get("/").context["fleet"] == {"blind": 3, "total": 4}

    def test_every_page_has_it_and_only_operators_are_led_to_the_cameras(self) -> None:
        see(self.world, 3)
        for user, leads in ((self.world.ani, True), (self.world.walikota, False), (self.world.dewi, False)):
            self.client.force_login(user)
            for path in ("/", "/dinding/", "/kantor/16.71.01.1001/", "/kantor/16.71.01.1001/langsung/"):
                page = self.client.get(path).content.decode()
                assert LOST in page
                assert ("Periksa kamera" in page) is leads, (user, path)
        see(self.world, 0)
        assert "kamera tidak terbaca.</span>" not in self.client.get("/").content.decode()


class Live(TransactionTestCase):
    def setUp(self) -> None:
        valkey.client().delete(KEY)
        self.world = World()
        self.enterContext(patch.object(consumers, "CHECK_S", 0.2))
        see(self.world, 0)

    async def test_open_pages_get_it_and_lose_it_without_an_announcement(self) -> None:
        w = self.world
        for user, path in ((w.walikota, BOARD), (w.dewi, office("16.71.01.1001"))):
            async with open_socket(user, path) as opened:
                assert (await opened.receive_kind("snapshot"))["fleet"] is None
                await sync_to_async(see)(w, 3)
                assert await self.heard(opened) == {"blind": 3, "total": 4}
                async with open_socket(user, path) as later:
                    assert (await later.receive_kind("snapshot"))["fleet"] == {"blind": 3, "total": 4}
                await sync_to_async(see)(w, 1)
                assert await self.heard(opened) is None

    async def test_open_pages_hear_what_stands_still_and_what_works_again(self) -> None:
        w = self.world
        for user, path in ((w.walikota, BOARD), (w.dewi, office("16.71.01.1001"))):
            await Heartbeat.objects.aupdate_or_create(part=Part.SWEEP, defaults={"at": timezone.now()})
            async with open_socket(user, path) as opened:
                assert (await opened.receive_kind("snapshot"))["still"] == []
                await Heartbeat.objects.aupdate(at=timezone.now() - timedelta(seconds=LIMITS_S[Part.SWEEP] + 1))
                assert (await opened.receive_kind("incident"))["still"] == ["sweep"]
                async with open_socket(user, path) as later:
                    assert (await later.receive_kind("snapshot"))["still"] == ["sweep"]
                await Heartbeat.objects.aupdate(at=timezone.now())
                assert (await opened.receive_kind("incident"))["still"] == []

    async def heard(self, opened: BrowserSocket) -> object:
        message = await opened.receive_kind("incident")
        assert message["incident"] is None
        return message["fleet"]
