"""An RTSP camera with the oddities of real ones, on loopback: each is a field of CameraOddities."""

import hashlib
import re
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.video.frame import PictureType

from streams.source.h264 import nal_units
from tests.support.rtp_jpeg import MTU, jpeg_payloads

KEYFRAME = 5  # type of a NAL unit
REASONS = {200: "OK", 302: "Found", 401: "Unauthorized", 461: "Unsupported Transport"}


@dataclass(frozen=True)
class CameraOddities:
    """What is odd about a camera.

    status: the answer to a method; silent_first: a video that sends nothing is described first; stamp_speed: of the
    time stamps; algorithm: of the Digest that it asks for, with qop; closes: the
    connection when it asks; udp_only; udp_lost: it sends nothing by UDP; describe_s: how long DESCRIBE takes;
    keyframes: after so many no more come; lose: index of a packet that each keyframe lacks; format: of the SDP; tls:
    what it encrypts with; sessions: a connection more gets 453 for its SETUP; pictures: sent over and over, of
    film() if none, as NAL units, the first picture a keyframe; with the format JPEG as JPEGs.
    """

    status: dict[str, int] = field(default_factory=dict)
    silent_first: bool = False
    stamp_speed: float = 1.0
    algorithm: str = ""
    closes: bool = False
    password: str = "rahasia"
    udp_only: bool = False
    udp_lost: bool = False
    describe_s: float = 0.0
    host: str = "127.0.0.1"
    location: str = ""
    keyframes: int = 10**9
    lose: int = -1
    format: str = "H264"
    fps: int = 25
    tls: ssl.SSLContext | None = None
    sessions: int = 10**9
    pictures: tuple[tuple[bytes, ...], ...] = ()


@cache
def film() -> tuple[tuple[bytes, ...], ...]:
    """Return the NAL units of five pictures of H.264, the first a keyframe with its parameter sets."""
    return filmed_units(np.random.default_rng(1).integers(0, 255, (5, 48, 64, 3), np.uint8), lambda number: number == 0)


def filmed_units(images: Iterable[np.ndarray], is_keyframe: Callable[[int], bool]) -> tuple[tuple[bytes, ...], ...]:
    """Return the NAL units of each picture in H.264; keyframes carry the parameter sets."""
    encoder, units = None, []
    for number, image in enumerate(images):
        if encoder is None:
            encoder = av.CodecContext.create("libx264", "w")
            assert isinstance(encoder, av.VideoCodecContext)
            encoder.height, encoder.width, encoder.pix_fmt = *image.shape[:2], "yuv420p"
            encoder.options = {"tune": "zerolatency", "g": "9999", "sc_threshold": "0", "threads": "1"}
        picture = av.VideoFrame.from_ndarray(image, format="bgr24")
        picture.pict_type = PictureType.I if is_keyframe(number) else PictureType.NONE
        units += [tuple(nal_units(bytes(packet))) for packet in encoder.encode(picture)]
    return tuple(units)


class OddCamera:
    """Serve from entering to leaving the context. `requests` holds the first line of each request."""

    def __init__(self, oddities: CameraOddities | None = None) -> None:
        self.odd = oddities or CameraOddities()
        self.requests: list[str] = []
        self.refused = 0  # logins
        self.open = 0  # connections
        family = socket.AF_INET6 if ":" in self.odd.host else socket.AF_INET
        self._server = socket.create_server((self.odd.host, 0), family=family)
        self.port = self._server.getsockname()[1]
        self._clients: list[socket.socket] = []
        self._sends, self._channel = False, 0
        self._ports: re.Match[str] | None = None

    @property
    def url(self) -> str:
        """The address, with user name and password where there is one."""
        host = f"[{self.odd.host}]" if ":" in self.odd.host else self.odd.host
        login = f"admin:{self.odd.password}@" if self.odd.algorithm else ""
        scheme = "rtsps" if self.odd.tls else "rtsp"
        return f"{scheme}://{login}{host}:{self.port}/live?channel=1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for client in self._clients:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                self._clients.append(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self.open += 1
        self._sends, self._channel, self._ports = False, 0, None  # of the newest connection
        with suppress(OSError, ValueError), self._secured(client) as client, client.makefile("rb") as lines:
            while first := lines.read(1):
                if first == b"$":  # a receiver report
                    lines.read(int.from_bytes(lines.read(3)[1:], "big"))
                    continue
                first += lines.readline()
                fields = {}
                while (line := lines.readline().decode().strip()) != "":
                    name, _, value = line.partition(":")
                    fields[name.lower()] = value.strip()
                method, url, _ = first.decode().split(" ")
                self.requests.append(f"{method} {url}")
                if not self._answer(client, method, url, fields):
                    break
        self.open -= 1

    def _secured(self, client: socket.socket) -> socket.socket:
        if not self.odd.tls:
            return client
        plain, relayed = socket.socketpair()
        encrypted = self.odd.tls.wrap_socket(client, server_side=True)
        threading.Thread(target=_relay, args=(encrypted, relayed), daemon=True).start()
        return plain

    def _answer(self, client: socket.socket, method: str, url: str, fields: dict[str, str]) -> bool:
        """Answer a request; return whether the connection goes on."""
        status, more, body = self.odd.status.get(method, 200), "", ""
        transport = fields.get("transport", "")
        if self.odd.algorithm and method != "OPTIONS" and not self._admits(method, fields.get("authorization", "")):
            status = 401
            more = f'WWW-Authenticate: Digest realm="c", nonce="n", qop="auth", algorithm={self.odd.algorithm}\r\n'
        elif method == "OPTIONS":
            more = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif method == "DESCRIBE":
            time.sleep(self.odd.describe_s)
            body = self._sdp()
            if self.odd.location:
                status, more = 302, f"Location: {self.odd.location}\r\n"
        elif method == "SETUP":
            status = 461 if self.odd.udp_only and "TCP" in transport else status
            status = 453 if self.open > self.odd.sessions else status
            more = f"Session: 7;timeout=1\r\nTransport: {transport};server_port=9-10\r\n"
        elif method in ("PLAY", "GET_PARAMETER"):
            more = "Session: 7\r\n"
        text = f"RTSP/1.0 {status} {REASONS.get(status, 'No')}\r\nCSeq: {fields['cseq']}\r\n{more}"
        client.sendall((text + (f"Content-Length: {len(body)}\r\n" if body else "") + "\r\n" + body).encode())
        if method == "SETUP" and status == 200:
            self._sends = self._sends or not url.endswith("silent")
            if not url.endswith("silent"):
                self._ports = re.search(r"client_port=(\d+)", transport)
                channel = re.search(r"interleaved=(\d+)", transport)
                self._channel = int(channel[1]) if channel else 0
        elif method == "PLAY" and status == 200 and self._sends and not self.odd.udp_lost:
            threading.Thread(target=self._play, args=(client, self._ports), daemon=True).start()
        return method != "TEARDOWN" and not (self.odd.closes and status == 401)

    def _admits(self, method: str, given: str) -> bool:
        """Return whether an Authorization header is right."""
        if not given:
            return False
        has = dict(re.findall(r'(\w+)="?([^",]*)', given))
        made = hashlib.sha256 if self.odd.algorithm == "SHA-256" else hashlib.md5

        def digest(text: str) -> str:
            return made(text.encode()).hexdigest()

        secret, request = digest("admin:c:rahasia"), digest(f"{method}:{has['uri']}")
        right = digest(f"{secret}:n:{has['nc']}:{has['cnonce']}:auth:{request}") == has["response"]
        self.refused += not right
        return bool(right)

    def _sdp(self) -> str:
        video = f"m=video 0 RTP/AVP 96\r\na=rtpmap:96 {self.odd.format}/90000\r\na=control:"
        silent = f"{video}silent\r\n" if self.odd.silent_first else ""
        return f"v=0\r\ns=odd\r\nt=0 0\r\n{silent}{video}track1\r\n"

    def _play(self, client: socket.socket, ports: re.Match[str] | None) -> None:
        udp = socket.socket(self._server.family, socket.SOCK_DGRAM) if ports else None
        pictures = self.odd.pictures or film()
        number = keyframes = 0
        began = time.monotonic()
        with suppress(OSError):
            for count in range(10**9):
                time.sleep(max(0.0, began + count / self.odd.fps - time.monotonic()))
                units = pictures[count % len(pictures)]
                keyframe = self.odd.format == "H264" and any(unit[0] & 31 == KEYFRAME for unit in units)
                if keyframe and keyframes >= self.odd.keyframes:
                    continue
                keyframes += keyframe
                cut = jpeg_payloads if self.odd.format == "JPEG" else _pieces
                payloads = [piece for unit in units for piece in cut(unit)]
                stamp = round(count * 90_000 * self.odd.stamp_speed / self.odd.fps) & 0xFFFFFFFF
                for index, payload in enumerate(payloads):
                    last = index == len(payloads) - 1
                    head = bytes((0x80, last << 7 | 96)) + (number & 0xFFFF).to_bytes(2, "big")
                    packet = head + stamp.to_bytes(4, "big") + b"\0\0\0\5" + payload
                    number += 1
                    if index == self.odd.lose and keyframe:
                        continue
                    if udp and ports:
                        udp.sendto(packet, (self.odd.host, int(ports[1])))
                    else:
                        client.sendall(bytes((0x24, self._channel)) + len(packet).to_bytes(2, "big") + packet)


def _relay(encrypted: ssl.SSLSocket, plain: socket.socket) -> None:
    """Copy both ways until either ends. In one thread: before Python 3.13 two may not use an SSL socket at once."""
    with suppress(OSError), encrypted, plain, selectors.DefaultSelector() as selector:
        selector.register(encrypted, selectors.EVENT_READ, plain)
        selector.register(plain, selectors.EVENT_READ, encrypted)
        while True:
            for key, _ in selector.select():
                source, target = key.fileobj, key.data
                assert isinstance(source, socket.socket)
                # A record of TLS holds 16 KiB at most, so none is left in the SSL socket.
                data = source.recv(2**14)
                if not data:
                    return
                target.sendall(data)


def _pieces(unit: bytes) -> list[bytes]:
    """Return the unit, or its FU-A fragments when it is larger than MTU."""
    if len(unit) <= MTU:
        return [unit]
    parts = [unit[at : at + MTU] for at in range(1, len(unit), MTU)]
    flags = [0x80 * (n == 0) | 0x40 * (n == len(parts) - 1) for n in range(len(parts))]
    return [bytes((unit[0] & 0xE0 | 28, flag | unit[0] & 31)) + part for flag, part in zip(flags, parts, strict=True)]
