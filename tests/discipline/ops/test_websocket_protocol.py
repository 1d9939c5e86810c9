"""The bytes of a board's socket: compressed by a real Daphne for a browser that supports it."""

import socket
import zlib
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.support.base import World
from tests.support.city import whole_city
from tests.support.processes import Daphne

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = "permessage-deflate; client_max_window_bits"  # as browsers request it
PACKED = 0x40  # bit RSV1 of a frame's first byte (RFC 7692)


@pytest.fixture
def site() -> Iterator[Daphne]:
    with Daphne() as running:
        yield running


def first_news(site: Daphne, session: str, extensions: str) -> tuple[bool, bytes]:
    """Return whether the first frame is compressed, and its payload."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as line, line.makefile("rb") as answer:
        head = [
            "GET /ws/papan/ HTTP/1.1",
            f"Host: 127.0.0.1:{site.port}",
            f"Origin: {site.url}",
            f"Cookie: {settings.SESSION_COOKIE_NAME}={session}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: c2lkYWstc2lkYWstc2lkYQ==",
        ]
        head += [f"Sec-WebSocket-Extensions: {extensions}"] if extensions else []
        line.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        while answer.readline().strip():
            pass
        first, length = answer.read(2)
        length = int.from_bytes(answer.read({126: 2, 127: 8}[length]), "big") if length > 125 else length
        return bool(first & PACKED), answer.read(length)


def test_the_whole_city_fits_in_a_few_packets(site: Daphne) -> None:
    world = World()
    whole_city(world, timezone.now())
    client = Client()
    client.force_login(world.walikota)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    plain_packed, plain = first_news(site, session, "")
    assert not plain_packed
    packed, small = first_news(site, session, ASKED)
    assert packed
    assert len(small) < len(plain) / 5
    unpacked = zlib.decompressobj(-zlib.MAX_WBITS).decompress(small + b"\x00\x00\xff\xff")
    assert unpacked[:20] == plain[:20]
    assert abs(len(unpacked) - len(plain)) < 100  # the time in it differs
