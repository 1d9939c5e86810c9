"""Hide visitors' heads in clips and encode them again as H.264. No Django.

The first pass detects heads a few times a second; the second hides in each picture all heads detected shortly before
or after it, so that one missed detection shows no face.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np

from streams.evidence.redaction.rule import Head, HeadSighting, heads_at
from streams.evidence.redaction.still import UnreadableOriginal, blur_heads
from streams.pixels.shapes import DrawnZone
from streams.source.decoding import BOUNDED

LOOK_S = 0.3  # between detections; in that time a walking person moves by two head widths
WIDEST = 1280  # pixels; larger pictures are scaled down
LONGEST_S = 180.0  # clips are 40 s; a damaged one that claims to last hours must not block the worker
CLOCK = Fraction(1, 90_000)

Picture = np.ndarray[Any, Any]


def blur_clip(
    film: bytes, zones: Sequence[DrawnZone], look: Callable[[Picture], tuple[Head, ...]]
) -> tuple[bytes, int]:
    """Return the blurred clip as MP4, and the largest number of heads hidden in one picture.

    `look` returns the visitors' heads of a height x width x 3 BGR picture. Pictures keep their times, sound is
    dropped, and the index comes first, so that it plays while loading. Raises UnreadableOriginal.
    """
    try:
        seen = list(_looks(film, look))
        if not seen:
            raise UnreadableOriginal("no picture in the clip")
        return _encode_blurred(film, zones, seen), max(len(sighting.heads) for sighting in seen)
    except (av.error.FFmpegError, ValueError, IndexError) as error:
        raise UnreadableOriginal(str(error)) from error


def picture_at(film: bytes, at_s: float) -> Picture:
    """Return the picture shown at_s seconds after the clip's beginning in full size, the last one if it ends before.

    Nothing in it is hidden. Raises UnreadableOriginal.
    """
    try:
        with av.open(BytesIO(film), "r") as clip:
            video = clip.streams.video[0]
            video.codec_context.options = dict(BOUNDED)
            found = first = None
            for frame in clip.decode(video):
                if frame.time is None:
                    continue
                first = frame.time if first is None else first
                if found is not None and frame.time - first > at_s:
                    break
                found = frame
            if found is None:
                raise UnreadableOriginal("no picture in the clip")
            return found.to_ndarray(format="bgr24")
    except (av.error.FFmpegError, ValueError, IndexError) as error:
        raise UnreadableOriginal(str(error)) from error


def _pictures(film: bytes) -> Iterator[tuple[float, Picture]]:
    """Yield each picture with its time in the clip, in seconds."""
    with av.open(BytesIO(film), "r") as clip:
        video = clip.streams.video[0]
        video.codec_context.options = dict(BOUNDED)
        first = None
        for frame in clip.decode(video):
            if frame.pts is None or frame.time_base is None:
                continue
            at = float(frame.pts * frame.time_base)
            first = at if first is None else first
            if at - first > LONGEST_S:
                raise UnreadableOriginal(f"longer than {LONGEST_S:.0f} s")
            scale = min(1.0, WIDEST / frame.width)
            width, height = (int(side * scale) // 2 * 2 for side in (frame.width, frame.height))  # even, for 4:2:0
            yield at - first, frame.to_ndarray(format="bgr24", width=width, height=height)


def _rate(film: bytes) -> Fraction:
    with av.open(BytesIO(film), "r") as clip:
        return clip.streams.video[0].average_rate or Fraction(15)


def _looks(film: bytes, look: Callable[[Picture], tuple[Head, ...]]) -> Iterator[HeadSighting]:
    due = 0.0
    for at_s, image in _pictures(film):
        if at_s >= due:
            yield HeadSighting(at_s, look(image))
            due = at_s + LOOK_S


def _encode_blurred(film: bytes, zones: Sequence[DrawnZone], seen: list[HeadSighting]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="sidak-clip-") as folder:  # FFmpeg can move the index only in a real file
        path = Path(folder) / "clip.mp4"
        _write(path, film, zones, seen)
        return path.read_bytes()


def _write(path: Path, film: bytes, zones: Sequence[DrawnZone], seen: list[HeadSighting]) -> None:
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as out:
        stream = None
        last = -1
        for at_s, image in _pictures(film):
            if stream is None:
                rate = _rate(film)  # gives the last picture a duration
                stream = out.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "24"})
                stream.height, stream.width = image.shape[:2]
                stream.pix_fmt, stream.time_base = "yuv420p", CLOCK
                # By default it is 1 / rate: pictures closer than that would get equal times, which the file refuses.
                stream.codec_context.time_base = CLOCK
                stream.codec_context.thread_count = 1
            frame = av.VideoFrame.from_ndarray(blur_heads(image, heads_at(seen, at_s), *zones), format="bgr24")
            last = max(last + 1, round(at_s / CLOCK))  # the encoder fails on two pictures with equal pts
            frame.pts, frame.time_base = last, CLOCK
            out.mux(stream.encode(frame))
        if stream is not None:
            out.mux(stream.encode())
