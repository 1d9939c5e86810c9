"""Keep a screen on while the socket of its page is open, and show on it what operators put there."""

import asyncio
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Any, Protocol

import redis
from channels.db import database_sync_to_async
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from discipline.board.screens import showing
from discipline.board.screens.putting import LONGEST_S, group_of
from discipline.board.screens.showing import RENEW_S, ShownSpotlight
from offices.access.gate import Scope, User

JOIN_EVERY_S = 300.0  # the channel layer drops members after a day, and when Valkey loses its data


class ScreenSocket(Protocol):
    """The socket of a wall."""

    user: User
    user_scope: Scope
    channel_layer: Any
    channel_name: str

    async def show_spotlight(self, shown: ShownSpotlight | None) -> None:
        """Show it to the browser, or with None that there is none."""


class ScreenConnection:
    """Connects one wall with its screen. Set `changed` when something was put on it, or the user's scope changed."""

    def __init__(self, wall: ScreenSocket, name: str) -> None:
        self.wall, self.name = wall, name
        self.changed = asyncio.Event()
        self.screen: int | None = None  # its id, once it is on
        self._joined_at = float("-inf")
        self._sent: tuple[ShownSpotlight | None] | None = None  # in a tuple: None is something to send, too

    def send_again(self) -> None:
        """Send soon what is on the screen, even if it is the same."""
        self._sent = None
        self.changed.set()

    async def run(self) -> None:
        """Work until cancelled. Without database or Valkey it tries again after RENEW_S."""
        while True:
            now, shown = timezone.now(), None
            with suppress(DatabaseError, InterfaceError):
                shown = await self._renew(now)
            wait_s = RENEW_S
            if shown:
                until = datetime.fromisoformat(shown.summary["until"])
                wait_s = min(wait_s, max(0.1, (until - timezone.now()).total_seconds()))
            with suppress(TimeoutError):
                await asyncio.wait_for(self.changed.wait(), wait_s)
            self.changed.clear()

    async def end(self) -> None:
        """Record that the screen is off."""
        if self.screen is None:
            return
        with suppress(DatabaseError, InterfaceError):
            await database_sync_to_async(showing.switch_off)(self.screen, self.wall.channel_name)
        with suppress(redis.RedisError, OSError):
            async with asyncio.timeout(LONGEST_S):
                await self.wall.channel_layer.group_discard(group_of(self.screen), self.wall.channel_name)

    async def _renew(self, now: datetime) -> ShownSpotlight | None:
        wall = self.wall
        screen: int = await database_sync_to_async(showing.switch_on)(wall.user, self.name, wall.channel_name, now)
        self.screen = screen
        await self._join(screen)
        shown: ShownSpotlight | None = await database_sync_to_async(showing.shown_on)(screen, wall.user_scope, now)
        if self._sent != (shown,):
            self._sent = (shown,)
            await wall.show_spotlight(shown)
        return shown

    async def _join(self, screen: int) -> None:
        if monotonic() - self._joined_at < JOIN_EVERY_S:
            return
        with suppress(redis.RedisError, OSError):
            async with asyncio.timeout(LONGEST_S):
                await self.wall.channel_layer.group_add(group_of(screen), self.wall.channel_name)
            self._joined_at = monotonic()
