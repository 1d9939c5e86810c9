"""Requests that are too large, sent to a real Daphne: refused while they arrive; nothing of them is kept."""

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.test import Client

from tests.support.base import World
from tests.support.processes import Daphne

pytestmark = pytest.mark.django_db(transaction=True)
MB = 1024 * 1024
PIECE = bytes(MB)
MORE_THAN_IT_TAKES = 200  # MB; the answer must come long before as much is sent


@pytest.fixture
def site() -> Iterator[Daphne]:
    with Daphne() as running:
        yield running


def connected(site: Daphne, *headers: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", site.port), timeout=30)
    head = ("POST /indikasi/1/jelaskan/ HTTP/1.1", f"Host: 127.0.0.1:{site.port}", *headers)
    line.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
    return line


def kept(site: Daphne) -> int:
    """Return the bytes that the process holds in memory or in unnamed files."""
    process = psutil.Process(site.pid)
    unnamed = 0
    for link in Path("/proc", str(process.pid), "fd").iterdir():
        try:
            unnamed += link.stat().st_size if "deleted" in str(link.readlink()) else 0
        except FileNotFoundError:
            continue  # closed after the folder was listed
    return process.memory_info().rss + unnamed


def answer(line: socket.socket) -> bytes:
    received = b""
    while part := line.recv(65536):
        received += part
    return received


def test_three_gigabytes_are_refused_before_they_are_sent(site: Daphne) -> None:
    with connected(site, f"Content-Length: {3 * 1024 * MB}") as line:
        response = answer(line)
    assert response.startswith(b"HTTP/1.1 413 ")
    assert "terlalu besar" in response.decode()


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_who_sends_on_regardless_gets_the_answer_and_fills_nothing(site: Daphne, chunked: bool) -> None:
    before = kept(site)
    with connected(site, "Transfer-Encoding: chunked" if chunked else f"Content-Length: {3 * 1024 * MB}") as line:
        for _ in range(MORE_THAN_IT_TAKES):
            line.sendall(b"%x\r\n%s\r\n" % (MB, PIECE) if chunked else PIECE)
        assert kept(site) - before < 40 * MB
        assert answer(line).startswith(b"HTTP/1.1 413 ")


def test_a_body_within_the_limit_and_a_websocket_pass_as_ever(site: Daphne) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("POST", "/masuk/", bytes(settings.LARGEST_BODY))
    assert connection.getresponse().status == 403  # Django's own answer: no CSRF token
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "c2lkYWsgc2lkYWsgc2lkYQ==",
        "Origin": site.url,
        "Cookie": _cookie(World().walikota),
    }
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("GET", "/ws/papan/", headers=upgrade)
    assert connection.getresponse().status == 101


def _cookie(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
