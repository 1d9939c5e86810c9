"""Screens of the room: an operator puts an item of the queue on one, and the screen shows what its account may see."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.test import Client, TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from discipline.board import wall_consumer
from discipline.board.screens import putting, showing
from discipline.board.screens.events import may_see
from discipline.board.screens.models import ScreenSpotlight, WallScreen
from discipline.board.screens.showing import CAMERA_IDS, ON_FOR, shown_on, switch_on
from discipline.core.websocket_routes import reverse_websocket
from discipline.incidents.models import Incident
from discipline.incidents.queue import gathering
from discipline.incidents.queue.spotlight.screens import put_on, screens_for
from discipline.incidents.tasks import changes
from offices.access.gate import scope_of
from offices.access.models import Membership
from streams.live.models import View
from streams.source import newest_picture
from tests.support.base import OfficeTestCase, World, member
from tests.support.incidents import an_incident
from tests.support.pictures import forget_pictures
from tests.support.places import camera_at, street_point
from tests.support.sockets import BrowserSocket, open_socket, pictures_of, signed_in

HTMX = {"HX-Request": "true"}


def named(name: str, **more: str) -> str:
    """Return the path of the socket of a wall with this name."""
    return f"{reverse_websocket('wall')}?{urlencode({'layar': name, **more})}"


def at_point() -> dict[str, float]:
    """Return the pin of a new street point with two cameras."""
    point = street_point()
    for name in ("Barat", "Timur"):
        camera_at(point, name)
    return {"latitude": point.latitude or 0.0, "longitude": point.longitude or 0.0}


def put(by: User, incident: Incident, **data: Any) -> Any:
    return signed_in(by).post(reverse("queue-spotlight"), {"key": f"incident:{incident.pk}"} | data, headers=HTMX)


async def rows_with(opened: BrowserSocket, words: str) -> str:
    """Return the next rows that have these words."""
    while words not in (html := str((await opened.receive_kind("rows"))["html"])):
        pass
    return html


async def what_is_shown(opened: BrowserSocket) -> Any:
    """Return the next spotlight of a wall."""
    return (await opened.receive_kind("spotlight"))["spotlight"]


class Screens(TransactionTestCase):
    async def test_a_screen_shows_what_an_operator_puts_on_it_and_both_can_end_it(self) -> None:
        self.enterContext(patch.object(wall_consumer, "PACE_S", 0.05))
        world = await sync_to_async(World)()
        flood = await sync_to_async(lambda: an_incident(world, **at_point()))()
        bayu = await sync_to_async(member)("bayu", Membership.Role.OPERATOR)
        cameras = [link.camera_id async for link in flood.cameras.order_by("camera__name")]
        self.addCleanup(forget_pictures, *cameras)
        for camera in cameras:
            newest_picture.store_picture(camera, b"large", {"at": datetime.now(UTC).isoformat()}, b"street")
        async with (
            open_socket(bayu, f"{reverse_websocket('queue')}?bahasa=id") as queue,
            open_socket(world.ani, named("Dinding  1")) as wall,
        ):
            assert await what_is_shown(wall) is None
            await rows_with(queue, "Dinding 1")
            assert (await sync_to_async(put)(bayu, flood)).status_code == 204
            shown = await what_is_shown(wall)
            assert (shown["title"], shown["by"]) == (f"{flood.number} {flood.title}", "bayu")
            assert shown["pin"] == [flood.latitude, flood.longitude]
            ids = [CAMERA_IDS + camera for camera in cameras]
            assert [tile["id"] for tile in shown["tiles"]] == ids
            await rows_with(queue, "belum tampil")
            await wall.socket.send_json_to({"taken": shown["id"]})
            assert "belum tampil" not in await rows_with(queue, ">tampil<")
            await wall.socket.send_json_to({"see": ids})
            assert await pictures_of(wall) == dict.fromkeys(ids, b"street")
            views = [view.points async for view in View.objects.filter(user=world.ani)]
            assert any(views), "the log of views names the point"
            ended = await sync_to_async(signed_in(bayu).post)(
                reverse("queue-spotlight-end"), {"spotlight": shown["id"]}, headers=HTMX
            )
            assert ended.status_code == 204
            assert await what_is_shown(wall) is None
            await sync_to_async(put)(bayu, flood)
            again = await what_is_shown(wall)
            await wall.socket.send_json_to({"ended": shown["id"]})  # an earlier one: nothing happens
            await wall.socket.send_json_to({"ended": again["id"]})
            assert await what_is_shown(wall) is None
        found = [
            one async for one in ScreenSpotlight.objects.order_by("pk").values_list("ended_by__username", "taken_at")
        ]
        assert [name for name, _taken in found] == ["bayu", "ani"]
        assert await WallScreen.objects.filter(seen_at=None).acount() == 1, "it is off"

    async def test_a_screen_never_shows_what_its_own_account_may_not_see(self) -> None:
        world = await sync_to_async(World)()
        pin = await sync_to_async(at_point)()
        flood = await sync_to_async(an_incident)(world, **pin)
        async with open_socket(world.budi, named("Kelurahan")) as wall:
            assert await what_is_shown(wall) is None
            refused = await sync_to_async(put)(world.ani, flood)
            assert (refused.status_code, await ScreenSpotlight.objects.acount()) == (409, 0)
            screen = await WallScreen.objects.aget()
            places = [one async for one in flood.cameras.values_list("camera__place", flat=True)]
            new = putting.NewSpotlight(f"incident:{flood.pk}", flood.title, "", None, places)
            await sync_to_async(putting.put)(screen, new, world.ani, timezone.now())
            await sync_to_async(changes.ask)(flood, world.ilir35, "Periksa", world.ani, timezone.now())
            # An agency works on it, so that it waits for the room no more. The first spotlight was never shown.
            assert (await sync_to_async(put)(world.ani, flood)).status_code == 204
            shown = await what_is_shown(wall)
            assert (shown["title"], shown["tiles"]) == (f"{flood.number} {flood.title}", [])


class ScreenChoice(OfficeTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.flood = an_incident(self.world, **at_point())
        self.key = f"incident:{self.flood.pk}"
        self.now = timezone.now()

    def on(self, user: User, name: str) -> WallScreen:
        return WallScreen.objects.get(pk=switch_on(user, name, "channel", self.now))

    def test_the_operator_chooses_and_the_last_screen_is_chosen_before(self) -> None:
        west, east = self.on(self.world.ani, "Barat"), self.on(self.world.walikota, "Timur")
        client = Client()
        client.force_login(self.world.ani)
        address = f"{reverse('queue-spotlight')}?key={self.key}"
        form = client.get(address, headers=HTMX)
        assert form.context["form"]["screen"].initial == west.pk
        assert [label for _pk, label in form.context["form"].fields["screen"].choices] == [
            "Barat (ani)",
            "Timur (walikota)",
        ]
        chosen = client.post(reverse("queue-spotlight"), {"key": self.key, "screen": east.pk}, headers=HTMX)
        self.assertContains(chosen, "Dikirim ke layar Timur.")
        assert client.get(address).context["form"]["screen"].initial == east.pk
        for wrong in ("x", "0"):
            sent = client.post(reverse("queue-spotlight"), {"key": self.key, "screen": wrong}, headers=HTMX)
            assert sent.status_code == 422
        wall = f"{reverse('wall')}?titik=T-001&lihat=titik"
        self.assertRedirects(client.get(f"{address}&di=sini"), wall, fetch_redirect_response=False)
        mayor = signed_in(self.world.walikota)
        self.assertRedirects(mayor.get(address), wall, fetch_redirect_response=False)
        assert mayor.post(reverse("queue-spotlight"), {"key": self.key, "screen": west.pk}).status_code == 403

    def test_it_ends_by_itself_is_replaced_and_a_screen_goes_off(self) -> None:
        screen = self.on(self.world.ani, "Barat")
        (item,) = gathering.gather(self.now)
        scope = scope_of(self.world.ani)
        put_on(screen, item, self.world.ani, self.now)
        put_on(screen, item, self.world.walikota, self.now + timedelta(minutes=1))
        found = shown_on(screen.pk, scope, self.now + timedelta(minutes=10))
        assert found
        assert found.summary["by"] == "walikota"
        assert ScreenSpotlight.objects.filter(ended_at=None).count() == 1
        assert shown_on(screen.pk, scope, self.now + timedelta(minutes=11)) is None
        assert [one.screen for one in screens_for(scope, self.now)] == [screen]
        showing.switch_off(screen.pk, "another channel")
        assert screens_for(scope, self.now)
        assert screens_for(scope, self.now + ON_FOR) == []
        putting.forget_old_spotlights(self.now + timedelta(days=31))
        assert not WallScreen.objects.exists()

    def test_a_private_report_is_on_no_screen(self) -> None:
        assert not may_see(scope_of(self.world.ani), "report:1")
        assert not may_see(scope_of(self.world.ani), "nonsense")
        assert may_see(scope_of(self.world.ani), self.key)
        assert not may_see(scope_of(self.world.budi), self.key)
