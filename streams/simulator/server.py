"""RTSP 1.0 server (RFC 2326) for many cameras on one port, with RTP interleaved in the connection."""

import asyncio
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from urllib.parse import urlsplit

from streams.simulator.auth import RtspAuth
from streams.simulator.camera import SimulatedCamera
from streams.simulator.scenes import SimulatedFault

from . import rtp

METHODS = ("OPTIONS", "DESCRIBE", "SETUP", "PLAY", "GET_PARAMETER", "TEARDOWN")
REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    461: "Unsupported Transport",
    501: "Not Implemented",
}
WAITING_BYTES = 256 * 1024  # a viewer with more unsent bytes skips to the next keyframe
REQUEST_BYTES = 16 * 1024
SLOW_S = 20.0  # a viewer that stays behind this long is disconnected


@dataclass(frozen=True, slots=True)
class Request:
    """An RTSP request; header names are in lower case."""

    method: str
    url: str
    headers: Mapping[str, str]

    @property
    def camera(self) -> str:
        """The camera's name, from the path."""
        return urlsplit(self.url).path.strip("/").split("/")[0]


class RtspConnection(asyncio.Protocol):
    """One client's connection, which is also the Viewer of a camera. `open_ones` holds all open connections."""

    transport: asyncio.Transport

    def __init__(
        self, cameras: Mapping[str, SimulatedCamera], guard: RtspAuth | None, open_ones: set["RtspConnection"]
    ) -> None:
        self._cameras, self._guard, self._open = cameras, guard, open_ones
        self._received = bytearray()
        self._nonce = secrets.token_hex(16)
        self._session = ""
        self._camera: SimulatedCamera | None = None
        self._slow = self._skipping = False
        self._letting_go: asyncio.TimerHandle | None = None

    # the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Register the connection."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.set_write_buffer_limits(high=WAITING_BYTES)
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the camera and unregister."""
        del exc  # unused
        self._stop_playing()
        self.resume_writing()
        self._open.discard(self)

    def pause_writing(self) -> None:
        """Skip pictures until the client catches up, and disconnect it after SLOW_S."""
        self._slow = self._skipping = True
        self._letting_go = asyncio.get_running_loop().call_later(SLOW_S, self.close)

    def resume_writing(self) -> None:
        """Send again, from the next keyframe on."""
        self._slow = False
        if self._letting_go:
            self._letting_go.cancel()
            self._letting_go = None

    # as a viewer

    def send(self, data: bytes | bytearray, *, key: bool) -> None:
        """Send a picture, unless the client is behind."""
        if self._slow or (self._skipping and not key):
            return
        self._skipping = False
        self.transport.write(data)

    def report(self, data: bytes) -> None:
        """Send a sender report, unless the client is behind."""
        if not self._slow:
            self.transport.write(data)

    def close(self) -> None:
        """Leave the camera and drop the connection."""
        self._stop_playing()
        self.transport.abort()

    def _stop_playing(self) -> None:
        if self._camera:
            self._camera.leave(self)

    # requests

    def data_received(self, data: bytes) -> None:
        """Answer all complete requests; the client's RTCP is ignored."""
        self._received += data
        while self._received:
            complete = self._skip_rtcp() if self._received[:1] == b"$" else self._take_request()
            if not complete:
                return

    def _skip_rtcp(self) -> bool:
        """Drop one interleaved packet; False when it is incomplete."""
        if len(self._received) < 4:
            return False
        length = 4 + int.from_bytes(self._received[2:4], "big")
        if len(self._received) < length:
            return False
        del self._received[:length]
        return True

    def _take_request(self) -> bool:
        """Answer one request; False when it is incomplete or the connection is being closed."""
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            if len(self._received) > REQUEST_BYTES:
                self.close()
            return False
        request = self._parse(bytes(self._received[:end]))
        body = request.headers.get("content-length", "0") if request else "0"
        length = end + 4 + (int(body) if body.isdecimal() else 0)
        if length > REQUEST_BYTES:
            self.close()
            return False
        if len(self._received) < length:
            return False
        del self._received[:length]
        if request is None:
            self._answer(None, 400)
            self.transport.close()
            return False
        self._handle(request)
        return not self.transport.is_closing()

    @staticmethod
    def _parse(head: bytes) -> Request | None:
        first, *lines = head.decode("utf-8", "replace").lstrip("\r\n").split("\r\n")
        parts = first.split(" ")
        if len(parts) != 3 or not parts[2].startswith("RTSP/1."):
            return None
        pairs = (line.partition(":") for line in lines)
        return Request(parts[0], parts[1], {name.strip().lower(): value.strip() for name, _, value in pairs})

    def _answer(self, request: Request | None, status: int, *headers: str, body: str = "") -> None:
        lines = [f"RTSP/1.0 {status} {REASONS[status]}"]
        if request and "cseq" in request.headers:
            lines.append(f"CSeq: {request.headers['cseq']}")
        lines += ["Server: Sidak simulator", f"Date: {formatdate(usegmt=True)}", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.transport.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    def _handle(self, request: Request) -> None:
        if "cseq" not in request.headers:
            return self._answer(request, 400)
        if request.method not in METHODS:
            return self._answer(request, 501)
        camera = self._cameras.get(request.camera)
        if camera and camera.act.fault is SimulatedFault.REFUSE:
            return self.close()
        if request.method == "OPTIONS":
            return self._answer(request, 200, "Public: " + ", ".join(METHODS))
        if not self._admits(request, camera):
            return self._answer(request, 401, *self._challenges())
        if camera is None:
            return self._answer(request, 404)
        if request.method == "DESCRIBE":
            return self._describe(request, camera)
        if request.method == "SETUP":
            return self._setup(request, camera)
        return self._handle_in_session(request, camera)

    def _handle_in_session(self, request: Request, camera: SimulatedCamera) -> None:
        if request.method == "GET_PARAMETER" and "session" not in request.headers:
            return self._answer(request, 200)
        if not self._session or camera is not self._camera:
            return self._answer(request, 455 if request.method == "PLAY" and not self._session else 454)
        if request.headers.get("session", "").split(";")[0] != self._session:
            return self._answer(request, 454)
        session = f"Session: {self._session}"
        if request.method == "PLAY":
            sequence, timestamp = camera.upcoming()
            info = f"RTP-Info: url={_base(request.url)}trackID=0;seq={sequence};rtptime={timestamp}"
            self._answer(request, 200, session, "Range: npt=now-", info)
            return camera.join(self)
        if request.method == "TEARDOWN":
            self._stop_playing()
            self._session = ""
        return self._answer(request, 200, session)

    def _challenges(self) -> list[str]:
        guard = self._guard or RtspAuth("", "")
        return [f"WWW-Authenticate: {challenge}" for challenge in guard.challenges(self._nonce)]

    def _admits(self, request: Request, camera: SimulatedCamera | None) -> bool:
        if camera and camera.act.fault is SimulatedFault.UNAUTHORIZED:
            return False
        if self._guard is None:
            return True
        return self._guard.admits(request.method, request.headers.get("authorization", ""), self._nonce)

    def _describe(self, request: Request, camera: SimulatedCamera) -> None:
        codec = camera.clip.codec
        lines = [
            "v=0",
            f"o=- {camera.number} 1 IN IP4 0.0.0.0",
            f"s={request.camera}",
            "c=IN IP4 0.0.0.0",
            "t=0 0",
            "a=control:*",
            "a=range:npt=now-",
            f"m=video 0 RTP/AVP {rtp.PAYLOAD_TYPE}",
            "b=AS:400",
            f"a=rtpmap:{rtp.PAYLOAD_TYPE} {codec.name}/{rtp.CLOCK_HZ}",
            f"a=fmtp:{rtp.PAYLOAD_TYPE} {codec.fmtp}",
            f"a=framerate:{camera.fps}",
            "a=control:trackID=0",
        ]
        base = f"Content-Base: {_base(request.url)}"
        body = "\r\n".join(lines) + "\r\n"
        self._answer(request, 200, base, "Content-Type: application/sdp", body=body)

    def _setup(self, request: Request, camera: SimulatedCamera) -> None:
        offers = request.headers.get("transport", "").split(",")
        if not any(re.match(r"\s*RTP/AVP/TCP\b", offer) and "interleaved" in offer for offer in offers):
            return self._answer(request, 461)
        self._stop_playing()
        self._camera = camera
        self._session = self._session or secrets.token_hex(8)
        channels = f"{rtp.RTP_CHANNEL}-{rtp.RTCP_CHANNEL}"  # the same for all viewers, which share the bytes
        transport = f"Transport: RTP/AVP/TCP;unicast;interleaved={channels}"
        return self._answer(request, 200, transport, f"Session: {self._session};timeout=60")


def _base(url: str) -> str:
    """Return the URL that the track's URL is relative to."""
    return re.sub(r"/(trackID=0)?$", "", url) + "/"
