"""The websocket of an open queue.

Messages to the browser: {"type": "rows", "html"}, the rows of templates/incidents/_queue_rows.html, when the socket
opens and whenever they have changed; {"type": "tick"} at least every CHECK_S otherwise.

A query ?jenis= (ItemKind) narrows the rows, ?bahasa= is the language of the page.
"""

import asyncio
import json
from contextlib import suppress
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

import redis
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, InterfaceError

from discipline.incidents.queue.changes import GROUP, LONGEST_S
from discipline.incidents.queue.items_rule import ItemKind
from discipline.incidents.queue.rows import SharedRows, Variant
from offices.access import socket_groups, sockets
from offices.access.gate import Scope, User

GATHER_S = 0.2  # changes of so long become one message
CHECK_S = 15.0  # items begin, and wait too long, without an announcement
JOIN_EVERY_S = 300.0  # the channel layer drops members after a day, and when Valkey loses its data
AT_ONCE = 16  # sockets that join the group: each uses a connection to Valkey, of which redis-py opens 100

shared = SharedRows()
_turns = asyncio.Semaphore(AT_ONCE)


class QueueConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no type hints
    """One open queue. Close codes: 4401 not or no longer signed in, 4403 not for this user, 4429 too many sockets."""

    user: User = AnonymousUser()
    user_scope = Scope()

    async def connect(self) -> None:
        """Check the user, join the group and begin to send rows."""
        await self.accept()  # even to refuse: the browser gets a close code only from an open socket
        await socket_groups.join_live(self)
        if not await self.allowed():
            return
        self.changed, self.joined_at = asyncio.Event(), float("-inf")
        self.sending = asyncio.create_task(self.send_rows())

    async def disconnect(self, code: int) -> None:
        """Leave the groups."""
        del code  # unused
        if hasattr(self, "sending"):
            self.sending.cancel()
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
        self.user, self.user_scope = found
        if not self.user_scope.city:
            await self.close(sockets.NOT_YOURS)
            return False
        if not sockets.open_sockets.enter(self.user, self):
            await self.close(sockets.TOO_MANY)
            return False
        return True

    async def send_rows(self) -> None:
        """Send the rows until cancelled: after changes, and every CHECK_S for what was not announced.

        All queues of the process check at the same moment, so that the rows are rendered once.
        """
        sent, clock = "", asyncio.get_running_loop()
        while True:
            await self.join()
            with suppress(DatabaseError, InterfaceError):  # try again when the database is there
                rows = await shared.html(self._variant())
                await self.send(
                    text_data=json.dumps({"type": "tick"} if rows == sent else {"type": "rows", "html": rows})
                )
                sent = rows
            with suppress(TimeoutError):
                async with asyncio.timeout(CHECK_S - clock.time() % CHECK_S):
                    await self.changed.wait()
                await asyncio.sleep(GATHER_S)
            self.changed.clear()

    async def join(self) -> None:
        """Join the group of announcements. Without Valkey the next check tries again."""
        if monotonic() - self.joined_at < JOIN_EVERY_S:
            return
        with suppress(redis.RedisError, OSError):
            async with _turns, asyncio.timeout(LONGEST_S):
                await self.channel_layer.group_add(GROUP, self.channel_name)
            self.joined_at = monotonic()

    def _variant(self) -> Variant:
        asked = {name: values[0] for name, values in parse_qs(self.scope["query_string"].decode()).items()}
        kind, language = asked.get("jenis", ""), asked.get("bahasa", "")
        known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        return Variant(self.user_scope, kind if kind in list(ItemKind) else "", known)

    async def queue_changed(self, event: dict[str, Any]) -> None:
        """Send the rows soon."""
        del event  # unused
        self.changed.set()

    async def account_changed(self, event: dict[str, Any]) -> None:
        """Close the socket of a user who may no longer see the queue."""
        if event["user"] == self.user.pk:
            await self.allowed()
