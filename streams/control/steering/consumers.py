"""The websocket of somebody who steers a camera.

The browser sends {"do": …}: take, take_over, release, beat (every few seconds), move with pan, tilt and zoom (-1…1,
every 0.3 s while a key is held), stop, preset with token, set_home with token, tour with stops [{"token", "dwell_s"}];
all that steers ends a tour. Query string: ?reason=, needed at offices.

It gets {"type": "abilities", "pan_tilt", "zoom"}, {"type": "presets", "presets"} (presets/listing.py), {"type": "tour",
"at": the token of the stop, "" without a tour, "stops"}, {"type": "state", "mine", "holder", "take_over", "away",
"home", "sets_home"} and {"type": "problem", "what", "advice"}. Close codes as in live/consumers.py.
"""

import asyncio
import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

import redis
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from offices.access import sockets
from offices.access.gate import Scope, User, within_places
from streams.cameras.models import Camera
from streams.control.steering import away, homing, leases, rights
from streams.control.steering.helm import Helm
from streams.control.steering.models import SteeringLog
from streams.control.steering.presets import tour
from streams.control.steering.presets.tour_rule import Stop
from streams.control.steering.priority_rule import may_set_home
from streams.control.steering.ptz import bounded
from streams.control.steering.state import steering_state
from streams.live import picture_gate

REASON_NEEDED = 4409
LOOK_AGAIN_S = 5.0


class SteeringConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no type hints
    """One user at one camera. The lease ends with the socket; the motor stops first."""

    user: User = AnonymousUser()
    camera: Camera | None = None
    lease: int | None = None
    helm: Helm | None = None
    priority = 0
    reason = ""
    tasks: tuple[asyncio.Task[None], ...] = ()

    async def connect(self) -> None:
        """Check the rights and send who steers, or close with the reason."""
        await self.accept()
        asked = parse_qs(self.scope["query_string"].decode())
        camera = await self.allowed()
        if camera is None:
            return
        try:
            reason = asked.get("reason", [""])[0]
            self.reason = await database_sync_to_async(rights.admit)(self.user, camera, timezone.now(), reason)
        except picture_gate.ReasonNeeded:
            await self.close(REASON_NEEDED)
            return
        self.camera, self.helm = camera, Helm(camera, self.may_move, self.send_message)
        with suppress(redis.RedisError, OSError):
            await self.channel_layer.group_add(leases.group_of(camera.pk), self.channel_name)
        await self.send_state()
        self.tasks = tuple(asyncio.create_task(work) for work in (self.look_again(), self.helm.run()))

    async def disconnect(self, code: int) -> None:
        """Stop the motor, end the lease and leave."""
        del code  # unused
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        sockets.open_sockets.leave(self.user, self)
        if self.camera is None:
            return
        with suppress(redis.RedisError, OSError):
            await self.channel_layer.group_discard(leases.group_of(self.camera.pk), self.channel_name)
        if self.lease:
            await database_sync_to_async(leases.release)(self.lease, timezone.now())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Do what the browser asks; what it may not do, or can't be read, is ignored."""
        del bytes_data  # unused
        try:
            asked = json.loads(text_data or "")
            does = self.DOES.get(asked["do"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return
        if does and self.camera:
            await does(self, asked)

    async def steering_changed(self, event: dict[str, Any]) -> None:
        """Send who steers now; the motor stops when it is somebody else."""
        del event  # unused
        await self.send_state()

    async def allowed(self) -> Camera | None:
        """Return the camera if this user may steer it now, else close the socket and return None."""
        found = await sockets.user_of_socket(self.scope)
        if found is None:
            await self.close(sockets.NOT_LOGGED_IN)
            return None
        self.user, scope = found
        camera: Camera | None = await database_sync_to_async(self.find)(scope)
        if camera is None:
            await self.close(sockets.NOT_YOURS)
        elif not sockets.open_sockets.enter(self.user, self):
            await self.close(sockets.TOO_MANY)
            return None
        return camera

    def find(self, scope: Scope) -> Camera | None:
        """Return the camera if it is in scope and the user may steer it now."""
        visible = Camera.objects.filter(within_places(scope, "place"), enabled=True)
        camera = visible.select_related("place__kelurahan", "place__kecamatan").filter(
            pk=self.scope["url_route"]["kwargs"]["pk"]
        )
        found = camera.first()
        self.priority = rights.priority_of(scope, found, timezone.now()) if found else 0
        return found if self.priority else None

    async def send_message(self, message: dict[str, Any]) -> None:
        """Send a message to the browser."""
        await self.send(text_data=json.dumps(message))

    async def may_move(self) -> bool:
        """Note that the camera is about to move, if it is still this user's."""
        held: bool = await database_sync_to_async(self.note_move)()
        if not held:
            await self.send_state()
        return held

    def note_move(self) -> bool:
        """Renew the lease and note the movement; False when the lease is lost."""
        now = timezone.now()
        if self.camera is None or self.lease is None or not leases.renew(self.lease, now, moves=True):
            return False
        away.note_move(self.camera, now, self.user)
        return True

    async def look_again(self) -> None:
        """Check every LOOK_AGAIN_S that the user may still steer, and still does."""
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            if await self.allowed() is None:
                self.drop()
                return
            await self.send_state()

    async def send_state(self) -> None:
        """Send who steers."""
        if self.camera is None:
            return
        state = await database_sync_to_async(steering_state)(self.camera, self.lease, self.priority, timezone.now())
        if self.lease and not state["mine"]:
            self.lease = None
            self.drop()
        await self.send(text_data=json.dumps(state))

    def drop(self) -> None:
        """Stop the motor and a tour."""
        if self.helm:
            self.helm.stop()

    # What the browser asks for

    async def do_take(self, asked: dict[str, Any]) -> None:
        """Take the lease, or take it over."""
        camera = await self.allowed()
        if camera is None:
            return
        over = asked["do"] == "take_over"

        def take() -> int | None:
            try:
                lease = leases.take(camera, self.user, self.priority, timezone.now(), self.reason, take_over=over)
            except leases.HeldError:
                return None
            return lease.pk

        self.lease = await database_sync_to_async(take)()
        await self.send_state()

    async def do_release(self, asked: dict[str, Any]) -> None:
        """Give the lease back and send the camera home."""
        del asked  # unused
        if self.lease is None or self.camera is None:
            return
        lease, self.lease = self.lease, None
        self.drop()
        await database_sync_to_async(leases.release)(lease, timezone.now())
        await database_sync_to_async(homing.send_home, thread_sensitive=False)(self.camera, timezone.now())
        await self.send_state()

    async def do_beat(self, asked: dict[str, Any]) -> None:
        """Renew the lease; on a tour also when nothing else is asked for."""
        del asked  # unused
        if self.lease is None or self.helm is None:
            return
        self.helm.watched()
        touring = self.helm.on_tour
        if not await database_sync_to_async(leases.renew)(self.lease, timezone.now(), moves=touring):
            await self.send_state()

    async def do_move(self, asked: dict[str, Any]) -> None:
        """Move at the speeds, until the browser sends others or falls silent."""
        if self.lease and self.helm:
            values = [asked.get(name, 0) for name in ("pan", "tilt", "zoom")]
            if all(isinstance(one, int | float) for one in values):
                pan, tilt, zoom = (bounded(float(one)) for one in values)
                self.helm.move((pan, tilt, zoom))

    async def do_stop(self, asked: dict[str, Any]) -> None:
        """Stop the motor and a tour."""
        del asked  # unused
        self.drop()

    async def do_preset(self, asked: dict[str, Any]) -> None:
        """Move to one of the presets."""
        if self.lease and self.helm:
            self.helm.go(str(asked.get("token")))

    async def do_tour(self, asked: dict[str, Any]) -> None:
        """Go round presets, until the holder steers otherwise or the lease ends."""
        if self.lease is None or self.helm is None or self.camera is None:
            return
        self.helm.watched()
        if stops := self.helm.usable_stops(asked.get("stops")):
            await database_sync_to_async(self.note_tour)(self.camera, stops)
            if self.lease:  # still
                self.helm.start_tour(stops)

    def note_tour(self, camera: Camera, stops: list[Stop]) -> None:
        """Keep the stops for the next time, and log that the tour began."""
        tour.save_stops(camera, stops)
        names = ", ".join(one.name for one in stops)[:500]
        leases.write_log(camera, SteeringLog.What.TOUR, timezone.now(), self.user.pk, reason=names)

    async def do_set_home(self, asked: dict[str, Any]) -> None:
        """Make a preset the camera's home, and send the camera there. An agency's people may not."""
        token = str(asked.get("token"))
        if self.lease is None or self.camera is None or self.helm is None or not may_set_home(self.priority):
            return
        name, camera, by = self.helm.name_of(token), self.camera, self.user.pk or 0
        if name and await self.may_move() and await self.helm.go_now(token):
            await database_sync_to_async(homing.set_home)(camera, token, name, timezone.now(), by)
            await self.send_state()

    DOES = {
        "take": do_take,
        "take_over": do_take,
        "release": do_release,
        "beat": do_beat,
        "move": do_move,
        "stop": do_stop,
        "preset": do_preset,
        "tour": do_tour,
        "set_home": do_set_home,
    }
