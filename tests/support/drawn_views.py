"""Drawn pictures of an office, BGR, 360 × 640, as a camera would send them: noise, clock, lens and encoder."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import av
import cv2
import numpy as np

from streams.pixels.occupancy import Blind
from streams.pixels.quality import Quality, signature
from streams.pixels.sharpness import edge_sharpness

START = datetime(2025, 11, 24, 1, 0, tzinfo=UTC)
WIDTH, HEIGHT = 640, 360


def room(seed: int = 0) -> np.ndarray:
    """Draw wall, floor, a window, shelves with files, and counters: 360 × 640 × 3."""
    rng = np.random.default_rng(seed)
    image = np.full((HEIGHT, WIDTH, 3), (150, 165, 170), np.uint8)
    image[250:] = (90, 100, 110)
    for _ in range(9):
        x, y = rng.integers(0, 560), rng.integers(20, 200)
        w, h = rng.integers(30, 120), rng.integers(25, 90)
        shade = [int(value) for value in rng.integers(40, 230, 3)]
        cv2.rectangle(image, (int(x), int(y)), (int(x + w), int(y + h)), shade, -1)
        cv2.line(image, (int(x), int(y + h // 2)), (int(x + w), int(y + h // 2)), (30, 30, 30), 4)
    cv2.rectangle(image, (60, 230), (600, 330), (60, 80, 120), -1)
    cv2.rectangle(image, (60, 230), (600, 242), (200, 205, 210), -1)
    return image


def clerk(image: np.ndarray, x: int = 300, size: float = 1.0) -> np.ndarray:
    """Return the picture with a clerk at column `x`."""
    image = image.copy()
    cv2.ellipse(image, (x, 240), (int(45 * size), int(90 * size)), 0, 180, 360, (70, 50, 40), -1)
    cv2.circle(image, (x, int(240 - 105 * size)), int(26 * size), (120, 150, 190), -1)
    return image


def seen(image: np.ndarray, look: int, noise: float = 2.0, clock: bool = True) -> np.ndarray:
    """Return the picture as the camera sends it: with sensor noise and the burnt-in clock; `look` seeds both."""
    rng = np.random.default_rng(look)
    noisy = image + rng.standard_normal(image.shape, dtype=np.float32) * noise
    picture: np.ndarray = np.clip(noisy, 0, 255).astype(np.uint8)
    if clock:
        text = f"24-11-2025 08:{look // 60:02}:{look % 60:02}"
        cv2.putText(picture, text, (10, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 1)
    return picture


def verdicts(
    pictures: Iterable[np.ndarray], every_s: float = 5, reference: np.ndarray | None = None
) -> list[Blind | None]:
    """Return what Quality says about each picture in turn, compared with `reference` if that is given."""
    quality = Quality() if reference is None else Quality(signature(reference), edge_sharpness(reference))
    return [quality.judge(picture, START + timedelta(seconds=i * every_s)) for i, picture in enumerate(pictures)]


def shifted(image: np.ndarray, right: float, down: float = 0.0) -> np.ndarray:
    """Return the same room seen by a camera that was turned; `right` and `down` are shares of the width."""
    wide = cv2.copyMakeBorder(image, 360, 360, 640, 640, cv2.BORDER_WRAP)
    x, y = 640 - round(right * WIDTH), 360 - round(down * WIDTH)
    return wide[y : y + HEIGHT, x : x + WIDTH]


def keyframes(pictures: Sequence[np.ndarray], crf: int = 26) -> list[np.ndarray]:
    """Encode and decode by H.264, each picture as a keyframe."""
    return encoded(pictures, crf, gop=1)


def encoded(pictures: Sequence[np.ndarray], crf: int, gop: int) -> list[np.ndarray]:
    """Encode and decode by H.264 with a keyframe every `gop` pictures; none is dropped."""
    buffer = io.BytesIO()
    height, width = pictures[0].shape[:2]
    with av.open(buffer, "w", format="matroska") as out:
        options = {"preset": "veryfast", "crf": str(crf), "tune": "zerolatency"}
        stream = out.add_stream("libx264", rate=5, options=options)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = width, height, "yuv420p", gop
        for picture in pictures:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        out.mux(stream.encode())
    buffer.seek(0)
    with av.open(buffer, "r") as back:
        return [frame.to_ndarray(format="bgr24") for frame in back.decode(video=0)]
