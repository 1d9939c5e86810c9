"""Read one camera by a connection of one's own, with a reading loop just for it."""

import queue
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from streams.source.client.bounds import ReadingBounds
from streams.source.client.errors import SourceError
from streams.source.client.loop import ReadingLoop
from streams.source.stream_picture import StreamPicture

MOST_WAITING = 500  # pictures


class OwnStream:
    """A camera's pictures: iterate over them, or `wait` for each. Raises SourceError when no more will come.

    playing: whether the camera has begun to send; codec and extradata, which may change with a keyframe, are known from
    then on. Any certificate is accepted.
    """

    def __init__(self, url: str, bounds: ReadingBounds | None = None) -> None:
        self.codec, self.extradata, self.playing = "", b"", False
        self._events: queue.SimpleQueue[tuple[str, bytes] | StreamPicture | SourceError] = queue.SimpleQueue()
        self._loop = ReadingLoop(bounds)
        self._loop.start()
        self._loop.open(url, self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._loop.stop()

    def begin(self, timeout_s: float) -> None:
        """Wait until the camera plays. Raises SourceError, also when it does not within timeout_s seconds."""
        try:
            event = self._events.get(timeout=timeout_s)
        except queue.Empty:
            raise SourceError("slow", "no answer in time") from None
        if isinstance(event, SourceError):
            raise event

    def __iter__(self) -> Iterator[StreamPicture]:
        while True:
            picture = self.wait(None)
            assert picture is not None
            yield picture

    def wait(self, timeout_s: float | None) -> StreamPicture | None:
        """Return the next picture; None when there is none within timeout_s seconds."""
        while True:
            try:
                event = self._events.get(timeout=timeout_s)
            except queue.Empty:
                return None
            if isinstance(event, SourceError):
                raise event
            if isinstance(event, StreamPicture):
                return event
            self.codec, self.extradata = event

    # In the loop's thread: see StreamListener

    def opened(self, codec: str, extradata: bytes) -> None:
        """See StreamListener."""
        self.playing = True
        self._events.put((codec, extradata))

    def pin(self, certificate: str) -> None:
        """See StreamListener."""

    def picture(self, data: bytes, at: int, keyframe: bool, damaged: bool, clock: float) -> None:
        """See StreamListener."""
        if self._events.qsize() > MOST_WAITING:
            raise SourceError("behind", "pictures come faster than they are taken")
        self._events.put(StreamPicture(data, at, keyframe, damaged, clock))

    def ended(self, error: SourceError) -> None:
        """See StreamListener."""
        self._events.put(error)
