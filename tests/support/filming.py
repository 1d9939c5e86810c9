"""Encoded packets as a camera sends them, without a camera."""

import io
from fractions import Fraction
from typing import Any

import av
import numpy as np

from streams.source.ring import Packet

FPS, SECONDS = 15, 6


def filmed(codec: str = "libx264", size: tuple[int, int] = (320, 180), **options: str) -> list[Packet]:
    """Encode a moving square as Annex B with parameter sets before every keyframe; `options` are the encoder's."""
    coder: Any = av.CodecContext.create(codec, "w")
    coder.width, coder.height = size
    coder.pix_fmt, coder.framerate, coder.time_base = "yuv420p", Fraction(FPS), Fraction(1, 90_000)
    coder.gop_size = 2 * FPS
    coder.options = {"preset": "ultrafast", "x265-params": "log-level=none:repeat-headers=1", **options}
    packets = []
    for number in range(FPS * SECONDS):
        image = np.full((size[1], size[0], 3), 60, np.uint8)
        image[40:100, 2 * number : 2 * number + 60] = 200
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts = 90_000 * 1000 + number * 6000
        packets += coder.encode(frame)
    packets += coder.encode(None)
    return [Packet(bytes(packet), packet.pts, packet.dts, bool(packet.is_keyframe)) for packet in packets]


def times(data: bytes) -> list[float]:
    """Return the presentation time of each picture of a video file, in seconds."""
    with av.open(io.BytesIO(data), "r") as file:
        return [frame.time for frame in file.decode(video=0)]
