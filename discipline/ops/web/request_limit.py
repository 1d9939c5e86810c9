"""Let only so many requests run at once: each has a thread and a connection to PostgreSQL, which takes 100 or 200."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from discipline.ops.web.request_threads import RequestThreads

AT_ONCE = 24

Application = Callable[..., Awaitable[None]]


class LimitedRequests:
    """ASGI application that lets requests beyond AT_ONCE wait their turn.

    Daphne passes a request on when its body has arrived and keeps what a slow client has not read yet, so nobody can
    hold a place for longer than the answer takes to make.
    """

    def __init__(self, application: Application, at_once: int = AT_ONCE) -> None:
        self._application = application
        self._places = asyncio.Semaphore(at_once)
        self._threads = RequestThreads()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Run the request when a place is free."""
        async with self._places, self._threads.thread():
            await self._application(scope, receive, send)
