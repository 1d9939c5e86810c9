"""Write the streams of public points: pictures come in the reading thread, one thread writes them."""

import logging
import queue
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from streams.cameras.models import Camera
from streams.source.hls.cutting import Stretch, StretchCutter
from streams.source.hls.muxing import SegmentMuxer
from streams.source.hls.point_stream import PointStream
from streams.source.hls.public_folder import PublicFolder

log = logging.getLogger(__name__)

MOST_QUEUED = 64  # stretches; when the disk is slower than the cameras, the newest are dropped
TICK_S = 0.5


@dataclass(frozen=True, slots=True)
class PublicStream:
    """What is shown of one camera. code: of its point; live: with video; delay_s: how much later; width: of stills."""

    code: str
    live: bool
    delay_s: float
    width: int = 640


class StreamWriter:
    """Writes the video of the cameras that `show_only` names.

    A folder that can't be written is logged once and tried again with each segment. problem: the last error, "" when
    all is well; dropped: stretches for which there was no room.
    """

    def __init__(self, folder: PublicFolder) -> None:
        self._folder = folder
        self._wanted: Mapping[int, PublicStream] = {}
        self._city: tuple[PublicStream, ...] | None = None
        self._queue: queue.Queue[tuple[int, Stretch]] = queue.Queue(MOST_QUEUED)
        self._streams: dict[int, tuple[PointStream, SegmentMuxer]] = {}  # the writing thread's
        self._stopping = threading.Event()
        self.problem, self.dropped = "", 0
        self._thread = threading.Thread(target=self._run, name="public-video", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what was written stays, so that the next process goes on."""
        self._stopping.set()
        self._thread.join(5)

    def show_only(self, wanted: Mapping[int, PublicStream], city: Collection[PublicStream]) -> None:
        """Write the video of these cameras, by id, and of no others; remove what no watch shows of the whole `city`."""
        self._city = tuple(city)
        self._wanted = {camera: one for camera, one in wanted.items() if one.live}

    def listen(self, camera: Camera) -> "ShownCamera":
        """Return what takes the camera's packets, whether it is shown now or will be."""
        return ShownCamera(camera.pk, self)

    # The reading threads

    def wants(self, camera: int) -> bool:
        """Return whether the camera's video is to be written."""
        return camera in self._wanted

    def put(self, camera: int, stretch: Stretch) -> bool:
        """Queue a stretch; return False when there is no room for it."""
        try:
            self._queue.put_nowait((camera, stretch))
        except queue.Full:
            self.dropped += 1
            return False
        return True

    # The writing thread

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                camera, stretch = self._queue.get(timeout=TICK_S)
            except queue.Empty:
                camera, stretch = 0, None
            try:
                self._drop_unwanted()
                if stretch is not None:
                    self._write(camera, stretch)
                for stream, _ in list(self._streams.values()):
                    stream.show(time.time())
                if stretch is not None and self.problem:
                    log.info("Public video can be written again")
                    self.problem = ""
            except OSError as error:
                self._failed(error)
            except Exception:  # one camera's odd stream must not stop the others
                log.exception("public video of camera %s", camera, extra={"camera": camera})
                self._streams.pop(camera, None)

    def _failed(self, error: OSError) -> None:
        if not self.problem:
            log.warning("Can't write public video, which is tried again: %s", error)
        self.problem = str(error)

    def _drop_unwanted(self) -> None:
        wanted = self._wanted
        for camera, (stream, _) in list(self._streams.items()):
            one = wanted.get(camera)
            if one is None or one.code != stream.code:
                del self._streams[camera]
            else:
                stream.delay_s = one.delay_s
        city, self._city = self._city, None
        if city is not None:
            self._folder.remove_others({one.code for one in city})
            for one in city:
                if not one.live:
                    self._folder.remove_video(one.code)

    def _write(self, camera: int, stretch: Stretch) -> None:
        wanted = self._wanted.get(camera)
        if wanted is None or self._folder.is_closed(wanted.code):
            return
        if camera not in self._streams:
            self._streams[camera] = PointStream(self._folder, wanted.code, wanted.delay_s), SegmentMuxer()
        stream, muxer = self._streams[camera]
        try:
            segments = muxer.segments(stretch)
        except ValueError as error:
            log.debug("camera %s: %s", camera, error)
            stream.after_gap()
            return
        for segment in segments:
            stream.add(segment, time.time(), time.monotonic())


class ShownCamera:
    """The PacketListener of one camera, whose pictures it cuts while the writer wants them."""

    def __init__(self, camera: int, writer: StreamWriter) -> None:
        self._camera, self._writer = camera, writer
        self._began: tuple[str, bytes, float] | None = None
        self._cutter: StretchCutter | None = None

    def begin(self, codec: str, extradata: bytes, tick_s: float) -> None:
        """Take up a connection, or other parameter sets. See PacketListener."""
        self._began = codec, extradata, tick_s
        if self._cutter:
            self._hand_on(self._cutter, self._cutter.begin(codec, extradata, tick_s))

    def add(self, data: bytes, pts: int | None, dts: int | None, keyframe: bool, damaged: bool, clock: float) -> None:
        """Cut off a stretch when this picture completes it. See PacketListener."""
        if self._began is None or not self._writer.wants(self._camera):
            self._cutter = None
            return
        if self._cutter is None:
            self._cutter = StretchCutter()
            self._cutter.begin(*self._began)
        self._hand_on(self._cutter, self._cutter.add(data, pts, dts, keyframe, damaged, clock))

    def end(self, lost: bool) -> None:
        """Complete the stretch when the camera was lost; otherwise only `begin` would do so. See PacketListener."""
        if lost and self._cutter:
            self._hand_on(self._cutter, self._cutter.end())

    def _hand_on(self, cutter: StretchCutter, stretch: Stretch | None) -> None:
        if stretch is not None and not self._writer.put(self._camera, stretch):
            cutter.lost()
