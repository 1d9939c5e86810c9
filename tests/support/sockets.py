"""WebSockets as a browser opens them: by session cookie, through the whole application, over Valkey."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from discipline.asgi import application
from discipline.board import rows as board_rows
from offices.places.models import Counter
from streams.pixels.wall_tiles import HEAD

BOARD = "/ws/papan/"
PATIENCE_S = 30


def signed_in(user: User | None) -> Client:
    """Return a client with a session of `user`, without a session for None."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


class BrowserSocket:
    """A socket that sends the session cookie of `client`."""

    def __init__(self, client: Client, path: str, origin: str = "http://localhost") -> None:
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        headers = [(b"host", b"localhost"), (b"origin", origin.encode())]
        if cookie:
            headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie.value}".encode()))
        self.socket = WebsocketCommunicator(application, path, headers=headers)

    async def receive(self) -> dict[str, Any]:
        """Return the next message, which must be JSON."""
        message: dict[str, Any] = await self.socket.receive_json_from(timeout=PATIENCE_S)
        return message

    async def receive_kind(self, kind: str) -> dict[str, Any]:
        """Return the next message of this type; skip those before it, which must be JSON, too."""
        while (message := await self.receive())["type"] != kind:
            pass
        return message

    async def close_code(self) -> int:
        """Return the code with which the server closes. Raises AssertionError on a message before that."""
        output = await self.socket.receive_output(timeout=PATIENCE_S)
        assert output["type"] == "websocket.close", output
        return int(output["code"])

    async def silent(self, seconds: float) -> bool:
        """Return whether no message comes for that many seconds."""
        return bool(await self.socket.receive_nothing(timeout=seconds))

    @property
    def nothing_came(self) -> bool:
        """Whether no message of the server waits to be received."""
        return bool(self.socket.output_queue.empty())


@asynccontextmanager
async def open_socket(user: User | None, path: str = BOARD) -> AsyncIterator[BrowserSocket]:
    """Connect as `user`; disconnect on leaving."""
    opened = BrowserSocket(await sync_to_async(signed_in)(user), path)
    connected, _ = await opened.socket.connect(timeout=PATIENCE_S)
    assert connected
    try:
        yield opened
    finally:
        await opened.socket.disconnect()


def office(code: str) -> str:
    """Return the path of an office's socket."""
    return f"/ws/kantor/{code}/"


def in_a_thread(work: Callable[..., object], *arguments: object) -> None:
    """Call `work` and close the connection that it opened in this thread."""
    try:
        work(*arguments)
    finally:
        connection.close()


def _announce(*counters: Counter, alerts: tuple[int, ...] = ()) -> None:
    try:
        board_rows.announce_changes({counter.pk for counter in counters}, set(alerts))
    finally:
        connection.close()


async def announce(*counters: Counter, alerts: tuple[int, ...] = ()) -> None:
    """Announce changes as `watch` does: from a plain thread with its own connection."""
    await asyncio.to_thread(_announce, *counters, alerts=alerts)


def office_names(message: dict[str, Any]) -> list[str]:
    """Return the names in the message's rows."""
    return [row["name"] for row in message["rows"]]


def records(message: bytes) -> dict[int, bytes]:
    """Return a message's JPEGs by office id."""
    found, place = {}, 0
    while place < len(message):
        office, _, length = HEAD.unpack_from(message, place)
        place += HEAD.size + length
        found[office] = message[place - length : place]
    return found


async def pictures_of(opened: BrowserSocket) -> dict[int, bytes]:
    """Return the next message of pictures; skip the board's messages before it."""
    while True:
        output = await opened.socket.receive_output(timeout=PATIENCE_S)
        if output.get("bytes"):
            return records(output["bytes"])
