"""The websocket of an open queue: {"type": "changed"} whenever its rows may have changed, and once when it opens."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import redis
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth.models import AnonymousUser

from discipline.incidents.queue.changes import GROUP, LONGEST_S
from offices.access import socket_groups, sockets
from offices.access.gate import User


class QueueConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no type hints
    """One open queue. Close codes: 4401 not or no longer signed in, 4403 not for this user, 4429 too many sockets."""

    user: User = AnonymousUser()

    async def connect(self) -> None:
        """Check the user, join the group and send the first message."""
        await self.accept()  # even to refuse: the browser gets a close code only from an open socket
        await socket_groups.join_live(self)
        if not await self.allowed():
            return
        with suppress(redis.RedisError, OSError):
            async with asyncio.timeout(LONGEST_S):
                await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.queue_changed({})

    async def disconnect(self, code: int) -> None:
        """Leave the groups."""
        del code  # unused
        sockets.open_sockets.leave(self.user, self)
        await socket_groups.leave_live(self)
        with suppress(redis.RedisError, OSError):
            async with asyncio.timeout(LONGEST_S):
                await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def allowed(self) -> bool:
        """Return whether the user sees the city; close the socket otherwise."""
        found = await sockets.user_of_socket(self.scope)
        if found is None:
            await self.close(sockets.NOT_LOGGED_IN)
            return False
        self.user, scope = found
        if not scope.city:
            await self.close(sockets.NOT_YOURS)
            return False
        if not sockets.open_sockets.enter(self.user, self):
            await self.close(sockets.TOO_MANY)
            return False
        return True

    async def queue_changed(self, event: dict[str, Any]) -> None:
        """Tell the page to ask for the rows."""
        del event  # unused
        await self.send(text_data=json.dumps({"type": "changed"}))

    async def account_changed(self, event: dict[str, Any]) -> None:
        """Close the socket of a user who may no longer see the queue."""
        if event["user"] == self.user.pk:
            await self.allowed()
