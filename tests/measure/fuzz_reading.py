"""Feed mutated answers, descriptions and packets of cameras to the reading loop's parts, guided by coverage.

    make fuzz                      installs atheris (Python 3.11 to 3.13) and runs for a minute
    make fuzz ARGS=-runs=1000000   any option of libFuzzer

Only SourceError may be raised, and what is held must stay bounded. Hypothesis tests the same parts in `make test`.
"""

import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["streams.source.client", "streams.source.rtp"]):
    from streams.source.client.bounds import ReadingBounds
    from streams.source.client.errors import SourceError
    from streams.source.client.messages import MOST_BODY, MOST_HEAD
    from streams.source.client.session import RtspSession, parse_address
    from streams.source.client.stream import StreamReception
    from streams.source.rtp.pictures import MOST_PICTURE

ADDRESS = parse_address("rtsp://admin:rahasia@camera/live")
BOUNDS = ReadingBounds()
PIECE = 700  # bytes that come at once
MOST_WAITING = MOST_HEAD + MOST_BODY + 65_539
SDP = (
    "v=0\r\ns=camera\r\nt=0 0\r\na=control:*\r\nm=audio 0 RTP/AVP 0\r\na=control:track0\r\n"
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 {codec}/90000\r\na=fmtp:96 packetization-mode=1;"
    "sprop-parameter-sets=Z0LADdoCgLZCAAADAAIAAAMAeKEAAA==,aM4fIA==;sprop-max-don-diff={don}\r\na=control:track1\r\n"
)
PLAYS = "RTSP/1.0 200 OK\r\nCSeq: 4\r\nSession: 7\r\nRTP-Info: url=x;seq=1;rtptime=0\r\n\r\n"
SET_UP = "RTSP/1.0 200 OK\r\nCSeq: 3\r\nSession: 7;timeout=20\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n"
OPTIONS = "RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER\r\n\r\n"
LOGIN = 'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="c", nonce="n", qop="auth"\r\n\r\n'
H264: tuple[bytes, ...] = (
    b"\x67\x42\xc0\x0d",
    b"\x68\xce\x1f\x20",
    b"\x78\x00\x04\x67\x42\xc0\x0d\x00\x03\x68\xce\x1f",
)
H264 += (b"\x7c\x85\x88\x84", b"\x7c\x05\x11\x22", b"\x7c\x45\x33\x44", b"\x41\x9a\x55", b"\x65\x88\x80\x10")
H265: tuple[bytes, ...] = (
    b"\x40\x01\x0c\x01",
    b"\x42\x01\x01\x01",
    b"\x44\x01\xc1\x72",
    b"\x60\x01\x00\x04\x40\x01\x0c\x01\x00\x02\x42\x01",
)
H265 += (b"\x62\x01\x93\xaf\x11", b"\x62\x01\x13\x22", b"\x62\x01\x53\x33", b"\x02\x01\xd0\x44", b"\x26\x01\xaf\x55")
REPORT = b"\x80\xc8\x00\x06\0\0\0\5\xe8\x11\x22\x33\x44\x55\x66\x77\0\0\x0e\x10\0\0\0\1\0\0\0\2"


def conversation(codec: str, units: tuple[bytes, ...], don: int = 0, login: bool = False) -> bytes:
    """Return all that a camera sends, from its first answer to some pictures."""
    body = SDP.format(codec=codec, don=don)
    described = (
        f"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Base: rtsp://camera/live/\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    said = (OPTIONS + LOGIN * login + described + body + SET_UP + PLAYS).encode()
    for number, unit in enumerate(units * 3):
        head = bytes((0x80, 0x60 | 0x80 * (number % 3 == 2))) + number.to_bytes(2, "big")
        packet = head + (number // 3 * 3600).to_bytes(4, "big") + b"\0\0\0\5" + unit
        said += b"$\0" + len(packet).to_bytes(2, "big") + packet
    return said + b"$\1" + len(REPORT).to_bytes(2, "big") + REPORT


class Listener:
    """Takes whatever comes."""

    def opened(self, codec: str, extradata: bytes) -> None:
        """See StreamListener."""

    def pin(self, certificate: str) -> None:
        """See StreamListener."""

    def picture(self, data: bytes, at: int, keyframe: bool, damaged: bool, clock: float) -> None:
        """See StreamListener."""

    def ended(self, error: SourceError) -> None:
        """See StreamListener."""


def read(data: bytes) -> None:
    """Read what a camera sends. Raises SourceError, and AssertionError when too much is held."""
    streams: list[StreamReception] = []

    def play() -> None:
        assert session.track is not None
        stream = StreamReception(session.track, Listener(), BOUNDS, 0.0)
        session.hand_packets_to(stream.assembler.packet, lambda data, at, end: stream.rtcp(data[at:end]))
        stream.begin()
        streams.append(stream)

    session = RtspSession(ADDRESS, lambda: (5000, 5001), play)
    session.begin(0.0)
    for number, at in enumerate(range(0, len(data), PIECE)):
        now = number * 0.1
        session.outgoing.clear()
        for stream in streams:
            stream.clock = now
        session.receive(data[at : at + PIECE], now)
        session.tick(now)
        assert session.waiting <= MOST_WAITING, session.waiting
        for stream in streams:
            stream.check(now)
            stream.receiver_report(now)
            assert stream.assembler.waiting <= MOST_PICTURE + PIECE


def try_input(data: bytes) -> None:
    """Run one input; any exception but SourceError is a find."""
    with suppress(SourceError):
        read(data)


def main() -> None:
    """Fuzz with seeds of both codecs, with and without a login."""
    seeds = [conversation("H264", H264), conversation("H264", H264, login=True)]
    seeds += [conversation("H265", H265), conversation("H265", H265, don=1)]
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds):
            Path(folder, f"seed-{number}").write_bytes(seed)
        options = sys.argv[1:] or ["-max_total_time=60"]
        atheris.Setup([sys.argv[0], *options, "-max_len=4096", "-timeout=10", folder], try_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
