"""Encode pictures as H.264 or H.265 Annex B streams in the form that the demo cameras' clock needs.

The top row of blocks is a separate slice, nothing is reordered, and all films of one size have the same parameter sets,
so that pictures of one film may follow those of another.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import cv2
import numpy as np

from .clips import FPS
from .clock import BLOCK, CELL, INK, PAIRS, PAPER
from .h265 import LETTER_QP

_GREY = 128
_ENLARGED = 4  # letters are drawn this much larger, then scaled down

Size = tuple[int, int]  # width, height
Options = dict[str, object]


@dataclass(frozen=True, slots=True)
class Encoder:
    """An FFmpeg encoder with its options. `file` is FFmpeg's name of the format without a container."""

    name: str
    file: str
    options: Callable[[Size, int], Options]  # from size and number of pictures per GOP

    def film(self, pictures: Iterable[np.ndarray], size: Size, gop: int, fps: int = FPS) -> bytes:
        """Encode BGR pictures of `size`; the clock's row is painted over. gop: pictures from keyframe to keyframe."""
        return self.encode(map(_with_bar, pictures), size, self.options(size, gop), fps)

    def still(self, size: Size, gop: int) -> bytes:
        """Encode one GOP without any change: the pictures after its keyframe may follow any other keyframe."""
        nothing = np.full((size[1] * 3 // 2, size[0]), _GREY, np.uint8)
        return self.encode([nothing] * gop, size, self.options(size, gop))

    def encode(self, planes: Iterable[np.ndarray], size: Size, options: Options, fps: int = FPS) -> bytes:
        """Encode I420 pictures (3/2 height x width uint8)."""
        film = BytesIO()
        with av.open(film, "w", format=self.file) as out:
            stream = out.add_stream(self.name, rate=fps)
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height = size
            stream.pix_fmt = "yuv420p"
            stream.time_base = Fraction(1, fps)
            stream.codec_context.thread_count = 1
            stream.options = options
            for picture in planes:
                out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="yuv420p")))
            out.mux(stream.encode())
        return film.getvalue()


def mp4(pictures: Iterable[np.ndarray], size: Size, fps: int) -> bytes:
    """Encode BGR pictures of `size` as H.264 in an MP4 file that plays while it loads."""
    with tempfile.TemporaryDirectory(prefix="sidak-demo-") as folder:  # FFmpeg can move the index only in a real file
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w", options={"movflags": "+faststart"}) as out:
            stream = out.add_stream("libx264", rate=fps, options={"preset": "veryfast", "crf": "24"})
            stream.width, stream.height = size
            stream.pix_fmt = "yuv420p"
            stream.codec_context.thread_count = 1
            for number, picture in enumerate(pictures):
                frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
                frame.pts = number
                out.mux(stream.encode(frame))
            out.mux(stream.encode())
        return path.read_bytes()


def _x264(size: Size, gop: int) -> Options:
    settings = {
        "keyint": gop,
        "min-keyint": gop,
        "scenecut": 0,
        "bframes": 0,
        "ref": 1,
        "weightp": 0,
        "cabac": 0,
        "threads": 1,
        "sliced-threads": 0,
        "slice-max-mbs": size[0] // BLOCK,
        "slices-max": 2,
    }
    options = {"preset": "veryfast", "tune": "zerolatency", "profile": "baseline", "crf": "25"}
    return {**options, "x264-params": _listed(settings)}


def _x265(size: Size, gop: int, **more: int) -> Options:
    rows = -(-size[1] // BLOCK)
    settings = {
        "keyint": gop,
        "min-keyint": gop,
        "scenecut": 0,
        "open-gop": 0,
        "bframes": 0,
        "ref": 1,
        "weightp": 0,
        "temporal-mvp": 0,
        "sao": 0,
        "ctu": BLOCK,
        "min-cu-size": BLOCK,
        "max-tu-size": BLOCK,
        "qg-size": BLOCK,
        "slices": rows // 2 + 1,  # so that the first has one row; x265 allows 16 NAL units per picture, sets included
        "level-idc": 40,  # lower levels allow fewer slices than the clock needs
        "aq-mode": 0,
        "cutree": 0,
        "rc-lookahead": 0,
        "pools": 1,
        "frame-threads": 1,
        "info": 0,
        "log-level": "none",
    }
    return {"preset": "superfast", "crf": "25", "x265-params": _listed(settings | more)}


def _listed(settings: Mapping[str, object]) -> str:
    return ":".join(f"{name}={value}" for name, value in settings.items())


ENCODERS = {"h264": Encoder("libx264", "h264", _x264), "h265": Encoder("libx265", "hevc", _x265)}


def letters(codec: str) -> bytes:
    """Return the blocks of clock.PAIRS in order: raw samples for H.264, one encoded picture each for H.265."""
    blocks = list(_blocks())
    if codec == "h264":
        return b"".join(block.tobytes() for block in blocks)
    size = (BLOCK, BLOCK)
    return ENCODERS[codec].encode(blocks, size, _x265(size, 1, qpmin=LETTER_QP, qpmax=LETTER_QP))


def _blocks() -> Iterator[np.ndarray]:
    """Yield each pair as an I420 picture of one block."""
    drawn = {character: letter(character) for pair in PAIRS for character in pair}
    for pair in PAIRS:
        block = np.full((BLOCK * 3 // 2, BLOCK), _GREY, np.uint8)
        block[:BLOCK] = np.concatenate([drawn[character] for character in pair], axis=1)
        yield block


def letter(character: str) -> np.ndarray:
    """Return a character as BLOCK x CELL luma, as overlaid."""
    large = np.full((_ENLARGED * BLOCK, _ENLARGED * CELL), PAPER, np.uint8)
    cv2.putText(large, character, (2, 52), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (INK,), 5, cv2.LINE_AA)
    return cv2.resize(large, (CELL, BLOCK), interpolation=cv2.INTER_AREA)


def _with_bar(image: np.ndarray) -> np.ndarray:
    """Convert a BGR picture to I420, with the paper colour where the clock goes."""
    height, width = image.shape[:2]
    planes = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8)
    planes[:BLOCK] = PAPER
    planes[height:].reshape(2, -1)[:, : BLOCK // 2 * width // 2] = _GREY
    return planes
