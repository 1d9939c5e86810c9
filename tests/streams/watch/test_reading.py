"""Whoever listens to a camera gets its packets from one connection, whatever reads it."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import cv2
import numpy as np
import pytest

from streams.source.client.loop import ReadingLoop
from streams.watch.reading import CameraReading
from streams.watch.retries import RefusedLogins
from tests.support.odd_camera import CameraOddities, OddCamera
from tests.support.waiting import wait_until


class Heard:
    """A PacketListener that notes its calls."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.codec, self.tick_s = "", 0.0
        self.last: tuple[bytes, int | None] = b"", None

    def begin(self, codec: str, extradata: bytes, tick_s: float) -> None:
        del extradata  # unused
        self.codec, self.tick_s = codec, tick_s
        self._note("begin")

    def add(self, data: bytes, pts: int | None, dts: int | None, keyframe: bool, damaged: bool, clock: float) -> None:
        del dts, keyframe, damaged  # unused
        assert abs(time.monotonic() - clock) < 10
        self.last = data, pts
        self._note("add")

    def end(self, lost: bool) -> None:
        self._note("lost" if lost else "left")

    def _note(self, call: str) -> None:
        if self.calls[-1:] != [call]:
            self.calls.append(call)


class Watched:
    """A PictureTaker that wants nothing."""

    def begin(self, codec: str, extradata: bytes) -> None:
        """Take up a connection."""

    def take(self, data: bytes, keyframe: bool, damaged: bool, at: float, clock: float) -> bool:
        del data, keyframe, damaged, at, clock  # unused
        return True


@contextmanager
def read(url: str, heard: Heard) -> Iterator[CameraReading]:
    loop = ReadingLoop()
    loop.start()
    reading = CameraReading("1", url, Watched(), loop, RefusedLogins(), lambda _: None, listeners=[heard])
    reading.start()
    try:
        yield reading
    finally:
        reading.stop()
        reading.join(5)
        loop.stop()


def jpegs() -> tuple[tuple[bytes], ...]:
    shots = (np.full((48, 64, 3), 40 + number % 90, np.uint8) for number in range(300))
    return tuple((cv2.imencode(".jpg", shot)[1].tobytes(),) for shot in shots)


@pytest.mark.parametrize("reader", ["loop", "ffmpeg"])
def test_a_listener_gets_begin_packets_and_end(reader: str) -> None:
    heard = Heard()
    odd = CameraOddities(format="JPEG", pictures=jpegs(), fps=10) if reader == "ffmpeg" else CameraOddities()
    with OddCamera(odd) as camera:
        with read(camera.url, heard) as reading:
            wait_until(lambda: "add" in heard.calls, 20)
            assert reading.reader == reader
        wait_until(lambda: "left" in heard.calls, 10)
    if reader == "ffmpeg":
        assert heard.calls == ["lost", "begin", "add", "left"], "the loop's connection ended before anything played"
    else:
        assert heard.calls == ["begin", "add", "left"]
    assert heard.codec == {"loop": "h264", "ffmpeg": "mjpeg"}[reader]
    assert heard.last[0]
    assert heard.last[1] is not None
    assert heard.tick_s == pytest.approx(1 / 90_000)


def test_a_listener_learns_that_the_camera_was_lost() -> None:
    heard = Heard()
    with ExitStack() as stack, read(stack.enter_context(OddCamera()).url, heard):
        wait_until(lambda: "add" in heard.calls, 20)
        stack.close()
        wait_until(lambda: "lost" in heard.calls, 20)
    assert heard.calls[:3] == ["begin", "add", "lost"]
