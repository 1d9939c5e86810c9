"""Let only so many requests run at once: each has a thread and a connection to PostgreSQL, which takes 100 or 200.

Django gives each request of an ASGI server a thread of its own, whose connection ends with it. To open one costs
PostgreSQL a process that has to read the catalogue again, so threads and connections are used again here.
"""

import asyncio
import select
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import psycopg
from asgiref.sync import ThreadSensitiveContext
from django.db import connection

AT_ONCE = 24
KEPT_S = 60  # age at which a connection is closed before the next request
ANSWER_S = 2.0  # for a kept connection to show that it works; else a new one is opened

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


class RequestThreads:
    """A thread for each request that runs, reused. Use from one event loop."""

    def __init__(self) -> None:
        self._idle: list[ThreadPoolExecutor] = []  # the last used one last: few threads do most of the work

    @asynccontextmanager
    async def thread(self) -> AsyncIterator[None]:
        """Run the sync code of the request inside the block in one of the threads."""
        executor = self._idle.pop() if self._idle else ThreadPoolExecutor(1, "request", keep_connection)
        try:
            async with ThreadSensitiveContext(executor=executor):
                yield
        finally:
            self._idle.append(executor)


def keep_connection() -> None:
    """Let the connection of the calling thread outlive the request."""
    connection.settings_dict = {**connection.settings_dict, "CONN_MAX_AGE": KEPT_S}
    # Django asks it before a kept connection is used again, but without a limit: a server that hangs held the page.
    connection.is_usable = partial(answers, ANSWER_S)  # type: ignore[method-assign]


def answers(within_s: float) -> bool:
    """Return whether the calling thread's connection, on which nothing runs, answers in time."""
    driver: psycopg.Connection[object] | None = connection.connection
    if driver is None:
        return False
    deadline, link = time.monotonic() + within_s, driver.pgconn
    poll = select.poll()
    try:
        link.send_query(b"SELECT 1")
        poll.register(link.socket, select.POLLIN)
        while link.is_busy():
            if not poll.poll(max(0.0, 1000 * (deadline - time.monotonic()))):
                return False
            link.consume_input()
        while result := link.get_result():
            if result.status != psycopg.pq.ExecStatus.TUPLES_OK:
                return False
    except psycopg.Error:
        return False
    return True
