"""Steering over a real socket: moves, taking over, tours, and a browser that is gone."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import wraps
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from offices.access.models import Membership
from offices.hours.models import HoursPlan
from streams.cameras.models import Camera
from streams.control.steering import away
from streams.control.steering.models import CameraAway, PresetPicture, SteeringLease, SteeringLog
from streams.control.steering.presets import pictures
from streams.live.public import plan
from streams.live.public.models import PublicPoint
from streams.simulator.onvif import OnvifFace
from streams.simulator.onvif_ptz import PtzHead
from streams.source import newest_picture
from tests.support.base import World, member
from tests.support.pictures import forget_pictures
from tests.support.sockets import BrowserSocket, open_socket
from tests.support.steering import lines
from tests.support.waiting import wait_until

pytest_plugins = ["tests.support.onvif_peers"]
pytestmark = pytest.mark.django_db(transaction=True)
What = SteeringLog.What


def in_a_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    @wraps(test)
    def run(**fixtures: Any) -> None:
        async_to_sync(test)(**fixtures)

    return run


async def until(socket: BrowserSocket, **wanted: Any) -> dict[str, Any]:
    while True:
        state = await socket.receive_kind("state")
        if all(state[name] == value for name, value in wanted.items()):
            return state


async def say(socket: BrowserSocket, do: str, **more: Any) -> None:
    await socket.socket.send_json_to({"do": do, **more})


def path_of(camera: Camera) -> str:
    return f"/ws/kamera/{camera.pk}/kendali/"


@in_a_loop
async def test_a_camera_is_steered_over_the_socket_and_taken_over(
    world: World, point: PublicPoint, head: PtzHead
) -> None:
    camera = point.camera
    assert camera
    runs = await sync_to_async(member)("rudi", Membership.Role.AGENCY, agency=point.place.agency)
    async with AsyncExitStack() as stack:
        rudi, ani = [await stack.enter_async_context(open_socket(one, path_of(camera))) for one in (runs, world.ani)]
        assert not (await rudi.receive_kind("state"))["mine"]
        listed = (await rudi.receive_kind("presets"))["presets"]
        assert [one["name"] for one in listed] == ["Simpang", "Sungai"]
        await say(rudi, "move", pan=1)
        await say(rudi, "take")
        assert not (await until(rudi, mine=True))["sets_home"]
        assert head.moves == [], "nothing moves without the lease"
        assert (await until(ani, holder="rudi"))["take_over"]
        await say(ani, "take")
        assert not (await ani.receive_kind("state"))["mine"]

        await say(rudi, "move", pan=0.5)
        await asyncio.to_thread(wait_until, lambda: head.moving, 10.0)
        assert await CameraAway.objects.filter(camera=camera, back_at=None).aexists()
        assert camera.pk not in await sync_to_async(plan.shown_streams)(timezone.now())
        began = asyncio.get_running_loop().time()
        await asyncio.to_thread(wait_until, lambda: not head.moving, 5.0)
        assert asyncio.get_running_loop().time() - began < 2.2, "stopped by the server, before the camera's own timeout"

        await say(ani, "take_over")
        await until(ani, mine=True)
        assert (await until(rudi, mine=False))["holder"] == "ani"
        moved = len(head.moves)
        await say(rudi, "move", pan=1)
        await say(ani, "preset", token="2")
        await asyncio.to_thread(wait_until, lambda: head.position == (0.5, 0.0, 0.5), 10.0)
        await say(ani, "preset", token="gone")
        assert len(head.moves) == moved
        await say(ani, "release")
        await until(ani, away=False, mine=False)
        assert head.position == (0.0, 0.0, 0.0)
    whole = await sync_to_async(lines)(camera)
    assert [what for what, *_ in whole] == ["taken", "taken_over", "released", "home"]


@in_a_loop
async def test_a_tour_goes_round_on_the_server_until_somebody_steers(
    world: World, point: PublicPoint, head: PtzHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = point.camera
    assert camera
    head.presets["3"] = ("Pasar", (0.0, 0.5, 0.0))
    monkeypatch.setattr(pictures, "STARTS_S", 0.1)
    soon = {"at": (timezone.now() + timedelta(minutes=1)).isoformat()}
    await asyncio.to_thread(newest_picture.store_picture, camera.pk, b"\xff\xd8", soon)
    stops = [{"token": one, "dwell_s": 5} for one in ("3", "2", "1")]
    async with open_socket(world.ani, path_of(camera)) as ani, open_socket(world.walikota, path_of(camera)) as mayor:
        await ani.receive_kind("tour")
        await mayor.receive_kind("tour")
        await say(ani, "tour", stops=stops)
        await say(ani, "take")
        await until(ani, mine=True)
        del head.presets["3"]
        await say(ani, "tour", stops=stops[:1])
        await say(ani, "tour", stops=stops)
        assert "(Pasar)" in (await ani.receive_kind("problem"))["what"]
        assert {one["name"]: one["gone"] for one in (await ani.receive_kind("presets"))["presets"]} == {
            "Simpang": False,
            "Sungai": False,
            "Pasar": True,
        }
        assert (await ani.receive_kind("tour"))["at"] == "2"
        *_, pictured = (await ani.receive_kind("presets"))["presets"][:2]
        assert pictured["picture"] == reverse(
            "camera-preset-picture", args=[camera.pk, PresetPicture.objects.get(token="2").pk]
        )
        assert head.position == (0.5, 0.0, 0.5)
        assert (await ani.receive_kind("tour"))["at"] == "1"
        assert camera.pk in await sync_to_async(away.cameras_away)(timezone.now())

        await say(ani, "move", pan=0.5)
        assert (await ani.receive_kind("tour"))["at"] == ""
        await say(ani, "tour", stops=stops[1:])
        assert (await ani.receive_kind("tour"))["at"] == "2"
        await say(mayor, "take_over")
        await until(mayor, mine=True)
        assert (await ani.receive_kind("tour"))["at"] == ""
    await asyncio.to_thread(forget_pictures, camera.pk)
    whole = await sync_to_async(lines)(camera)
    assert [what for what, *_ in whole] == ["taken", "tour", "tour", "taken_over", "released"]


@in_a_loop
async def test_a_browser_that_is_gone_leaves_no_motor_running(world: World, point: PublicPoint, head: PtzHead) -> None:
    assert point.camera
    async with open_socket(world.ani, path_of(point.camera)) as ani:
        await ani.receive_kind("abilities")
        await say(ani, "take")
        await until(ani, mine=True)
        await say(ani, "move", zoom=1)
        await asyncio.to_thread(wait_until, lambda: head.moving, 10.0)
    assert not head.moving
    assert not await SteeringLease.objects.filter(ended_at=None).aexists()


@in_a_loop
async def test_a_refused_login_is_said_and_not_tried_again(world: World, point: PublicPoint, face: OnvifFace) -> None:
    assert point.camera
    face.password = "lain"
    async with open_socket(world.ani, path_of(point.camera)) as ani:
        assert "login" in (await ani.receive_kind("problem"))["what"]
        await say(ani, "take")
        await until(ani, mine=True)
        asked = len(face.requests)
        await say(ani, "move", pan=1)
        await asyncio.sleep(0.3)
        assert len(face.requests) == asked


@in_a_loop
async def test_an_office_is_steered_by_the_inspectorate_alone_and_with_a_reason(world: World) -> None:
    camera = world.cameras[world.ilir35.pk]

    async def code(user: User, reason: str = "") -> int:
        async with open_socket(user, f"{path_of(camera)}?reason={reason}") as opened:
            output = await opened.socket.receive_output(timeout=30)
            return int(output["code"]) if output["type"] == "websocket.close" else 0

    reason = "memeriksa antrean di luar"
    assert [await code(one, reason) for one in (world.ani, world.dewi, world.walikota)] == [4403] * 3
    assert await code(world.intan) == 4409
    assert await code(world.intan, reason) == 0
    await sync_to_async(HoursPlan.objects.update)(**dict.fromkeys(HoursPlan.DAYS, ""))
    assert (await code(world.ani), await code(world.ani, reason), await code(world.dewi, reason)) == (4409, 0, 4403)
