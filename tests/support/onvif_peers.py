"""Cameras that answer ONVIF badly, and one of another make: the server of ipycam."""

import importlib.util
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from ipaddress import ip_network
from types import SimpleNamespace
from typing import Any

import pytest

from streams.simulator.onvif import OnvifFace


@pytest.fixture
def own_machine_allowed(settings: Any) -> None:
    """Allow cameras on the loopback."""
    settings.CAMERA_NETWORKS = [ip_network("127.0.0.0/8")]


def needs_ipycam() -> None:
    """Skip the test where ipycam is not installed; with REQUIRE_IPYCAM=1 it fails then."""
    if importlib.util.find_spec("ipycam") is None:
        (pytest.fail if os.environ.get("REQUIRE_IPYCAM") == "1" else pytest.skip)("pip install --no-deps ipycam")


@contextmanager
def ipycam_server(
    user: str = "", password: str = "", *, announced: bool = False, motor: Any = None, mended: bool = False
) -> Iterator[int]:
    """Serve ipycam's ONVIF service, without its picture and RTSP, and yield its port.

    announced: by WS-Discovery; motor: its PTZController; mended: its answers name the namespaces that they
    use without.
    """
    from ipycam.config import CameraConfig  # noqa: PLC0415 it may be missing
    from ipycam.discovery import WSDiscoveryServer  # noqa: PLC0415
    from ipycam.http import IPCameraHTTPHandler  # noqa: PLC0415
    from ipycam.onvif import ONVIFService  # noqa: PLC0415

    config = CameraConfig(local_ip="192.0.2.7", username=user, password=password, main_fps=25, sub_fps=15)
    camera = SimpleNamespace(config=config, onvif=ONVIFService(config))
    camera.onvif.ptz = motor
    if mended:
        answer = camera.onvif.handle_action

        def name_them(action: str, body: str) -> Any:
            text = answer(action, body)
            used, named = (set(re.findall(rule, text or "")) for rule in (r"<(\w+):", r"xmlns:(\w+)="))
            names = "".join(f' xmlns:{one}="http://www.onvif.org/ver20/ptz/wsdl"' for one in sorted(used - named))
            return text.replace(":Envelope", f":Envelope{names}", 1) if names else text

        camera.onvif.handle_action = name_them
    server = HTTPServer(("127.0.0.1", 0), type("Bound", (IPCameraHTTPHandler,), {"camera": camera}))
    config.onvif_port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    announcing = WSDiscoveryServer(camera.onvif) if announced else None
    if announcing:
        announcing.start()
    try:
        yield server.server_port
    finally:
        if announcing:
            announcing.stop()
        server.shutdown()
        server.server_close()


@contextmanager
def raw_server(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Listen on the loopback, call `serve` with each connection in a thread of its own, and yield the port."""

    def one(connection: socket.socket) -> None:
        with connection:
            try:
                serve(connection)
            except OSError:
                return  # the client has had enough

    def accept() -> None:
        while True:
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


class RewritingFace(OnvifFace):
    """A face whose good answers pass through `rewrite(name of the request, text)`."""

    rewrite: Any = None

    def answer(self, request: str, authorization: str) -> tuple[int, str]:
        """Answer as a face does, and let the text be rewritten."""
        status, text = super().answer(request, authorization)
        return status, self.rewrite(self.requests[-1], text) if status == 200 and self.rewrite else text
