"""A watch reduced to what relays a camera: a reading loop and its relay."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.source.client.errors import SourceError
from streams.source.client.loop import ReadingLoop
from streams.source.relay import PictureRelay, key_of
from tests.support.odd_camera import OddCamera
from tests.support.waiting import wait_until


class _Relaying:
    def __init__(self, relay: PictureRelay, key: str, reorders: bool) -> None:
        self._relay, self._key, self._reorders = relay, key, reorders
        self._count = 0
        self.playing = False

    def opened(self, codec: str, extradata: bytes) -> None:
        self._relay.begin(self._key, codec, extradata)
        self.playing = True

    def pin(self, certificate: str) -> None: ...

    def picture(self, data: bytes, at: int, keyframe: bool, damaged: bool, clock: float) -> None:
        self._count += 1
        earlier = 9000 if self._reorders and self._count % 2 else 0
        self._relay.add(self._key, data, at - earlier, keyframe, damaged, clock)

    def ended(self, error: SourceError) -> None:
        raise AssertionError(error)


@contextmanager
def relayed(camera: OddCamera, folder: Path, reorders: bool = False) -> Iterator[None]:
    """Read a camera and relay its pictures at a socket in `folder`; on leaving the camera is let go.

    reorders: give them the times of a stream with B pictures.
    """
    loop = ReadingLoop()
    relay = PictureRelay(loop, folder)
    relay.start()
    loop.start()
    listener = _Relaying(relay, key_of(camera.url), reorders)
    connection = loop.open(camera.url, listener)
    wait_until(lambda: listener.playing, 5)
    try:
        yield
    finally:
        connection.close()
        wait_until(lambda: not camera.open, 5)
        loop.stop()
        relay.stop()
