"""Pictures and clips of a demo office whose visitors show their faces."""

from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from io import BytesIO
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream

from streams.pixels.shapes import DrawnZone
from streams.simulator.layouts import LAYOUTS, Layout
from streams.simulator.stage import Stage

HALL = LAYOUTS["hall"]
DESK = DrawnZone(1, 1, HALL.zone)
RIGHT = 1.5  # metres from the clerk: beside the counter, outside the zone
TICK = Fraction(1, 90_000)  # seconds


@cache
def stage(layout: Layout, clerk: bool) -> Stage:
    """Return the office with or without the clerk at the desk."""
    x, z = layout.clerk
    office, painted = Stage(layout), Stage(layout)
    if clerk:
        painted.room = office.picture((x, layout.head, z, 0.0))
    return painted


def room(clerk: bool = True, visitor: float | None = RIGHT, layout: Layout = HALL) -> np.ndarray:
    """Draw the clerk at the desk and a visitor `visitor` metres to the right, both facing the camera: BGR, 640 × 360.

    No visitor is drawn when `visitor` is None.
    """
    x, z = layout.clerk
    return stage(layout, clerk).picture(None if visitor is None else (x + visitor, layout.head + 0.1, z, 0.0))


def face_of(visitor: float, layout: Layout = HALL) -> tuple[slice, slice]:
    """Return the rows and columns of that visitor's face."""
    x, z = layout.clerk
    u, v = layout.lens.see(x + visitor, layout.head - 0.05, z)
    return slice(int(v * 360) - 12, int(v * 360) + 12), slice(int(u * 640) - 10, int(u * 640) + 10)


def film(
    pictures: Iterable[np.ndarray], fps: int = 15, codec: str = "libx264", times: Iterable[float] | None = None
) -> bytes:
    """Encode the BGR pictures as MP4, as a clip of evidence is stored: `fps` a second, or at these `times` (s)."""
    moments = None if times is None else iter(times)
    buffer = BytesIO()
    with av.open(buffer, "w", format="mp4") as out:
        stream = cast(VideoStream, out.add_stream(codec, rate=fps, options={"preset": "ultrafast"}))
        stream.time_base = Fraction(1, fps)
        stream.pix_fmt = "yuv420p"
        if moments is not None:
            stream.codec_context.time_base = stream.time_base = TICK
        for image in pictures:
            if not stream.codec_context.is_open:
                stream.height, stream.width = image.shape[:2]
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            if moments is not None:
                frame.pts, frame.time_base = round(next(moments) / TICK), TICK
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return buffer.getvalue()


def pictures_of(clip: bytes) -> list[np.ndarray]:
    """Decode the clip into BGR pictures."""
    with av.open(BytesIO(clip), "r") as source:
        return [frame.to_ndarray(format="bgr24") for frame in source.decode(video=0)]


def times_of(clip: bytes) -> list[float]:
    """Return the times of the clip's pictures, in seconds from the first."""
    with av.open(BytesIO(clip), "r") as source:
        times = [float(frame.time or 0) for frame in source.decode(video=0)]
    return [one - times[0] for one in times]


def seconds(clip: bytes) -> float:
    """Return the duration of the clip."""
    with av.open(BytesIO(clip), "r") as source:
        return float((source.duration or 0) / av.time_base)
