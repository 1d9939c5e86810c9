"""The websocket of one camera's live video.

It sends {"type": "camera", "office", "camera"} (names), then the messages listed in fanout.py. The browser sends
{"got": n}, the number of bytes received so far. Query string: ?stream=main|sub, ?why= (View.Why), ?reason= (required
outside the office's hours), ?form=pictures (JPEGs instead of video). Close codes: 4401 not or no longer logged in, 4403
no such camera for this user, 4409 a reason is needed or its time is over, 4429 the user has too many sockets, 1011
internal error, 1012 the camera's address has changed.
"""

import asyncio
import json
from collections.abc import Coroutine, Sequence
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from offices.access import socket_groups, sockets
from offices.access.gate import User, within_places
from streams.cameras.models import Camera
from streams.live import access_log, picture_gate
from streams.live.fanout import CameraFeed, LiveViewer, hub
from streams.live.models import View

REASON_NEEDED = 4409
LOOK_AGAIN_S = 20.0


class LiveConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no type hints
    """One viewer of one camera. The view is logged before the first picture, and its end on disconnect."""

    feed: CameraFeed | None = None
    seat: LiveViewer | None = None
    view: View | None = None
    tasks: Sequence[asyncio.Task[None]] = ()
    user: User = AnonymousUser()

    async def connect(self) -> None:
        """Check the user's scope, log the view and start sending, or close with the reason."""
        self.asked = {name: values[0] for name, values in parse_qs(self.scope["query_string"].decode()).items()}
        # Accept even to refuse: the browser gets a close code only from an open socket.
        await self.accept()
        await socket_groups.join_live(self)
        camera = await self.allowed()
        if camera is None:
            return
        try:
            self.view = await database_sync_to_async(self.log)(camera)
        except picture_gate.ReasonNeeded:
            await self.close(REASON_NEEDED)
            return
        place = {"type": "camera", "office": camera.place.name, "camera": camera.name}
        await self.send(text_data=json.dumps(place))
        self.attach(camera)
        self.tasks = [asyncio.create_task(self.guarded(work)) for work in (self.send_on(), self.look_again())]

    async def disconnect(self, code: int) -> None:
        """Stop sending and log the end of the view."""
        del code  # unused
        for task in self.tasks:
            task.cancel()
        self.detach()
        await socket_groups.leave_live(self)
        for counted in (sockets.open_sockets, sockets.live_sockets):
            counted.leave(self.user, self)
        if self.view:
            await database_sync_to_async(access_log.close_view)(self.view.pk, timezone.now())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take the number of bytes that have arrived; anything else is ignored."""
        del bytes_data  # unused
        try:
            total = json.loads(text_data or "")["got"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return
        if self.seat and isinstance(total, int):
            self.seat.window.arrived(total)
            self.seat.wake.set()

    async def account_changed(self, event: dict[str, Any]) -> None:
        """Show no more if the user may no longer view the camera: rights were changed, or sessions ended."""
        if event["user"] == self.user.pk and await self.allowed() is None:
            self.detach()

    def attach(self, camera: Camera) -> None:
        """Join the camera's feed."""
        self.url = camera.address(self.asked.get("stream", ""))
        pictures = self.asked.get("form") == "pictures"
        self.feed, self.seat = hub.join(f"{camera.pk}", self.url, pictures=pictures)

    def detach(self) -> None:
        """Leave the feed: nothing more is sent, however long the other end takes to close."""
        if self.feed and self.seat:
            self.feed.leave(self.seat)
            self.seat.wake.set()
        self.feed = self.seat = None

    async def allowed(self) -> Camera | None:
        """Return the camera if this user may see it now, else close the socket and return None."""
        user_and_scope = await sockets.user_of_socket(self.scope)
        if user_and_scope is None:
            await self.close(sockets.NOT_LOGGED_IN)
            return None
        self.user, scope = user_and_scope
        pk = self.scope["url_route"]["kwargs"]["pk"]
        visible = Camera.objects.filter(within_places(scope, "place"), pk=pk, enabled=True)
        camera = await visible.select_related("place__kelurahan", "place__kecamatan").afirst()
        if camera is None:  # unknown, disabled or out of scope: the answer must not reveal which
            await self.close(sockets.NOT_YOURS)
        elif not all(counted.enter(self.user, self) for counted in (sockets.open_sockets, sockets.live_sockets)):
            await self.close(sockets.TOO_MANY)
            return None
        return camera

    def log(self, camera: Camera) -> View:
        """Log the view and return it. Raises picture_gate.ReasonNeeded."""
        why = access_log.asked_why(self.asked.get("why", ""))
        return access_log.open_view(self.user, camera, why, timezone.now(), self.asked.get("reason", ""))

    def log_on(self, camera: Camera) -> View | None:
        """Log that the view goes on, and return it or its successor. Raises picture_gate.ReasonNeeded."""
        return self.view and access_log.continue_view(self.view, self.user, camera, timezone.now())

    async def send_on(self) -> None:
        """Send messages and fragments until detached."""
        seat = self.seat
        while seat and seat is self.seat:
            await seat.wake.wait()
            seat.wake.clear()
            for message in seat.news():
                await self.send(text_data=json.dumps(message))
            while seat is self.seat and (fragment := seat.window.take(monotonic())):
                await self.send(bytes_data=fragment.data)

    async def look_again(self) -> None:
        """Check every LOOK_AGAIN_S that the user may still view the camera, and log that the view is still open.

        An office that has closed is shown on only with a reason, for as long as it counts.
        """
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            camera = await self.allowed()
            if camera is None:
                self.detach()
                return
            if camera.address(self.asked.get("stream", "")) != self.url:
                await self.close(1012)  # the address has changed: the browser reconnects
                return
            try:
                self.view = await database_sync_to_async(self.log_on)(camera)
            except picture_gate.ReasonNeeded:
                self.detach()
                await self.close(REASON_NEEDED)
                return

    async def guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a task; close the socket when it fails, so that no picture looks live and the browser reconnects."""
        try:
            await work
        except Exception:
            await self.close(1011)
            raise
