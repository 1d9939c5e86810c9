"""Every websocket × every role, by day and by night. A new one fails here until it is entered in the table."""

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.test import TransactionTestCase

from discipline.core.websocket_routes import reverse_websocket
from discipline.urls import websocket_urlpatterns
from offices.hours.models import HoursPlan
from tests.support import access_things
from tests.support.access_expected import LIKE
from tests.support.access_rows import AGENCY, OFFICE, ROLES
from tests.support.base import World
from tests.support.places import camera_at, street_point
from tests.support.sockets import PATIENCE_S, open_socket

pytestmark = pytest.mark.once

CAMERA = "camera of that office"
OPEN, LOG_IN, NOT_YOURS, REASON = "open", 4401, 4403, 4409

#                   anonymous mayor operator camat other camat lurah other lurah inspectorate no role
EVERYBODY_INSIDE = (LOG_IN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, NOT_YOURS)
WHO_SEES_THE_CITY = (LOG_IN, OPEN, OPEN, *(NOT_YOURS,) * 4, OPEN, NOT_YOURS)
WHO_SEES_IT = (LOG_IN, OPEN, OPEN, OPEN, NOT_YOURS, OPEN, NOT_YOURS, OPEN, NOT_YOURS)
WHO_SAYS_WHY = (LOG_IN, REASON, REASON, REASON, NOT_YOURS, REASON, NOT_YOURS, REASON, NOT_YOURS)
WHO_STEERS_IT = (LOG_IN, *(NOT_YOURS,) * 6, REASON, NOT_YOURS)
WHO_STEERS_IT_CLOSED = (LOG_IN, NOT_YOURS, REASON, *(NOT_YOURS,) * 4, REASON, NOT_YOURS)

# By name: the arguments, what each role gets while the office is open, and while it is closed and no reason is given.
SOCKETS: dict[str, tuple[list[str], tuple[str | int, ...], tuple[str | int, ...]]] = {
    "board": ([], EVERYBODY_INSIDE, EVERYBODY_INSIDE),
    "wall": ([], EVERYBODY_INSIDE, EVERYBODY_INSIDE),  # it leaves closed offices out
    "queue": ([], WHO_SEES_THE_CITY, WHO_SEES_THE_CITY),
    "office": ([OFFICE], WHO_SEES_IT, WHO_SEES_IT),
    "camera-live": ([CAMERA], WHO_SEES_IT, WHO_SAYS_WHY),
    "camera-steering": ([CAMERA], WHO_STEERS_IT, WHO_STEERS_IT_CLOSED),
}


async def outcome(user: User | None, path: str) -> str | int:
    """Return OPEN when a message comes, else the code with which the socket is closed."""
    async with open_socket(user, path) as opened:
        output = await opened.socket.receive_output(timeout=PATIENCE_S)
    return int(output["code"]) if output["type"] == "websocket.close" else OPEN


def test_every_socket_is_in_the_table() -> None:
    assert {route.name for route in websocket_urlpatterns} == SOCKETS.keys()


class Sockets(TransactionTestCase):
    def setUp(self) -> None:
        self.world = World()
        self.users = {role: access_things.user_of(self.world, role) for role in (*ROLES, *LIKE)}

    async def check(self, closed: bool) -> None:
        camera = str(self.world.cameras[self.world.ilir35.pk].pk)
        for name, (arguments, *expected) in SOCKETS.items():
            path = reverse_websocket(name, *(camera if one == CAMERA else one for one in arguments))
            of_role = dict(zip(ROLES, expected[closed], strict=True))
            for role, code in (of_role | {one: of_role[like] for one, like in LIKE.items()}).items():
                assert await outcome(self.users[role], path) == code, (name, role)

    async def test_every_role_gets_what_the_table_says(self) -> None:
        always = dict.fromkeys(HoursPlan.DAYS, "00:00-24:00")
        await sync_to_async(HoursPlan.objects.update)(**always, on_holidays=True)
        await self.check(closed=False)

    async def test_the_camera_of_a_point_opens_to_its_agency_and_the_city(self) -> None:
        camera = await sync_to_async(lambda: camera_at(street_point()))()
        path = reverse_websocket("camera-live", str(camera.pk))
        for role, code in (("ani", OPEN), (AGENCY, OPEN), ("budi", NOT_YOURS), ("tamu", NOT_YOURS)):
            assert await outcome(self.users[role], path) == code, role

    async def test_the_camera_of_a_point_is_steered_by_its_agency_operators_and_the_mayor(self) -> None:
        camera = await sync_to_async(lambda: camera_at(street_point()))()
        path = reverse_websocket("camera-steering", str(camera.pk))
        may = dict.fromkeys(("ani", "walikota", AGENCY), OPEN)
        for role, code in (may | dict.fromkeys(("intan", "budi", "tamu"), NOT_YOURS)).items():
            assert await outcome(self.users[role], path) == code, role

    async def test_a_closed_office_asks_for_a_reason_where_the_table_says_so(self) -> None:
        await sync_to_async(HoursPlan.objects.update)(**dict.fromkeys(HoursPlan.DAYS, ""))
        await self.check(closed=True)
