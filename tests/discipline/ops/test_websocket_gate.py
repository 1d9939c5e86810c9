"""Websockets that are refused before they are accepted: of other sites and ports, and of unknown paths."""

import socket

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import SimpleTestCase, TransactionTestCase, override_settings

from discipline.asgi import application
from discipline.ops.web.daphne_options import daphne_options
from discipline.ops.web.websocket_gate import UNKNOWN, is_own_origin
from tests.support.paths import ROOT
from tests.support.processes import Daphne
from tests.support.sockets import BrowserSocket, signed_in


@override_settings(ALLOWED_HOSTS=["sidak.example", "[::1]"], CSRF_TRUSTED_ORIGINS=["https://proxy.example:8443"])
class Origins(SimpleTestCase):
    def test_the_same_host_and_port(self) -> None:
        for origin, host in (
            ("https://sidak.example", "sidak.example"),
            ("https://sidak.example", "sidak.example:443"),
            ("http://sidak.example:8000", "sidak.example:8000"),
            ("http://SIDAK.example", "sidak.example"),
            ("http://[::1]:8000", "[::1]:8000"),
            ("https://proxy.example:8443", "sidak.example"),
        ):
            assert is_own_origin(origin, host), (origin, host)

    def test_nobody_else(self) -> None:
        for origin, host in (
            ("http://sidak.example:9000", "sidak.example:8000"),
            ("http://sidak.example", "sidak.example:8000"),
            ("https://evil.example", "sidak.example"),
            ("https://evil.example", "evil.example"),
            ("https://proxy.example", "sidak.example"),
            ("null", "sidak.example"),
            ("", "sidak.example"),
            ("https://sidak.example", ""),
            ("https://sidak.example:x", "sidak.example"),
            ("https://[", "sidak.example"),
        ):
            assert not is_own_origin(origin, host), (origin, host)


class Refused(TransactionTestCase):
    async def test_a_page_of_another_port_cannot_use_the_users_cookie(self) -> None:
        client = await sync_to_async(signed_in)(None)
        opened = BrowserSocket(client, "/ws/papan/", origin="http://localhost:9000")
        assert await opened.socket.connect() == (False, 4403)

    async def test_unknown_paths_end_without_an_error(self) -> None:
        headers = [(b"host", b"localhost"), (b"origin", b"http://localhost")]
        for path in ("/ws/", "/ws/x/", "/", "/ws/kamera/x/langsung/", "/ws/kantor/%00/", "/ws/dinding/?kantor=%00"):
            opened = WebsocketCommunicator(application, path, headers=headers)
            opened.scope["path"] = opened.scope["path"].replace("%00", "\0")  # as Daphne passes it on
            assert await opened.connect() == (False, UNKNOWN), path
            await opened.wait()


@pytest.mark.django_db(transaction=True)
def test_a_browser_gets_403_and_404() -> None:
    def status(site: Daphne, path: str, origin: str) -> bytes:
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{site.port}", f"Origin: {origin}", "Connection: Upgrade"]
        lines += ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: c2lkYWstc2lkYWstc2lkYQ=="]
        with socket.create_connection(("127.0.0.1", site.port), timeout=30) as line:
            line.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            return line.makefile("rb").readline().split()[1]

    with Daphne() as site:
        assert status(site, "/ws/papan/", site.url) == b"101"
        assert status(site, "/ws/papan/", "http://127.0.0.1:1") == b"403"
        assert status(site, "/ws/unknown/", site.url) == b"404"
        assert status(site, "/ws/kantor/%00/", site.url) == b"404"


def test_the_procfile_starts_daphne_with_the_same_options() -> None:
    (web,) = [line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("web:")]
    assert " ".join(daphne_options(8000)) in web
