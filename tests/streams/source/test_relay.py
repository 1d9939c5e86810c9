"""Programs of the same machine get from a watch what it reads, and the camera has one connection."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest

from streams.source.client.errors import SourceError
from streams.source.client.loop import ReadingLoop
from streams.source.relay import MOST_UNSENT, PictureRelay, key_of
from streams.source.relayed import open_relayed
from tests.support.waiting import wait_until

URL = "rtsp://admin:rahasia@10.0.0.5/live"
KEY = key_of(URL)


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[PictureRelay]:
    loop = ReadingLoop()
    made = PictureRelay(loop, tmp_path)
    made.start()
    loop.start()
    yield made
    loop.stop()
    made.stop()
    assert list(tmp_path.iterdir()) == []


def do(relay: PictureRelay, *works: tuple[str, tuple[object, ...]]) -> None:
    """Call methods of the relay in its loop's thread."""
    for name, arguments in works:
        relay._loop.post(lambda name=name, arguments=arguments: getattr(relay, name)(*arguments))  # type: ignore[misc]


def send(relay: PictureRelay, number: int, keyframe: bool = False, damaged: bool = False) -> None:
    do(relay, ("add", (KEY, b"picture %d" % number, number * 3600, keyframe, damaged, float(number))))


def test_a_reader_gets_whole_groups_and_what_changes_in_the_stream(relay: PictureRelay) -> None:
    do(relay, ("begin", (KEY, "h264", b"sets")))
    with open_relayed(relay.path.parent, URL) or pytest.fail("not relayed") as stream:
        assert (stream.codec, stream.extradata) == ("h264", b"sets")
        for number, (keyframe, damaged) in enumerate(
            [(False, False), (True, False), (False, False), (False, True), (False, False), (True, False)]
        ):
            send(relay, number, keyframe, damaged)
        do(relay, ("begin", (KEY, "h264", b"others")))
        send(relay, 6)
        send(relay, 7, keyframe=True)
        got = list(islice(stream, 4))
        assert [(one.data, one.at, one.keyframe, one.clock) for one in got] == [
            (b"picture %d" % number, number * 3600, keyframe, float(number))
            for number, keyframe in ((1, True), (2, False), (5, True), (7, True))
        ]
        assert stream.extradata == b"others"
        do(relay, ("end", (KEY,)))
        with pytest.raises(SourceError, match="lost"):
            next(iter(stream))
    assert open_relayed(relay.path.parent, URL) is None


def test_what_is_not_read_is_not_relayed(relay: PictureRelay, tmp_path: Path) -> None:
    do(relay, ("begin", (KEY, "h264", b"sets")))
    assert open_relayed(relay.path.parent, URL + "2") is None
    assert open_relayed(tmp_path / "nowhere", URL) is None
    (tmp_path / "relay-1.sock").touch()  # left by a watch that was killed
    assert open_relayed(relay.path.parent, URL) is not None
    (tmp_path / "relay-1.sock").unlink()


def test_a_reader_that_takes_nothing_is_let_go_and_nonsense_too(relay: PictureRelay) -> None:
    do(relay, ("begin", (KEY, "h264", b"sets")))
    stream = open_relayed(relay.path.parent, URL)
    assert stream is not None
    large = b"x" * (MOST_UNSENT // 8)
    for number in range(12):
        do(relay, ("add", (KEY, large, number, True, False, 0.0)))
    wait_until(lambda: relay._readers[KEY] == [], 5)
    stream.close()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
        other.settimeout(5)
        other.connect(str(relay.path))
        other.sendall(b"GET / HTTP/1.1" * 20)
        with suppress(ConnectionResetError):
            assert other.recv(10) == b""


def test_a_watch_that_stands_still_delays_a_reader_by_a_second(tmp_path: Path) -> None:
    loop = ReadingLoop()
    hung = PictureRelay(loop, tmp_path)
    hung.start()  # and the loop not
    began = time.monotonic()
    assert open_relayed(tmp_path, URL) is None
    assert time.monotonic() - began < 3
    hung.stop()
