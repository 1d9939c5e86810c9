"""The evidence of an indication: pictures and clips of the demo's own footage."""

from datetime import datetime, timedelta
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from discipline.alerts.models import Alert
from streams.evidence import store
from streams.evidence.models import Evidence
from tests.support.base import SQUARE
from tests.support.clock import wib
from tests.support.pictures import jpeg
from tests.support.proof import Form, Kind, store_still

FPS = 15


def frame(footage: Path, clip: str) -> np.ndarray:
    """Return the first picture of a clip of the hall."""
    with av.open(str(footage / f"hall-{clip}.h264"), format="h264") as film:
        return next(film.decode(video=0)).to_ndarray(format="bgr24")


def film(footage: Path, clip: str) -> bytes:
    """Return a clip of the hall as fragmented MP4."""
    buffer = BytesIO()
    with (
        av.open(str(footage / f"hall-{clip}.h264"), format="h264") as source,
        av.open(buffer, "w", "mp4", options={"movflags": "frag_keyframe+empty_moov"}) as target,
    ):
        stream = target.add_stream("libx264", rate=FPS, options={"preset": "ultrafast"})
        stream.width, stream.height = source.streams.video[0].width, source.streams.video[0].height
        stream.pix_fmt = "yuv420p"
        for number, picture in enumerate(source.decode(video=0)):
            picture.pts, picture.time_base = number, Fraction(1, FPS)
            target.mux(stream.encode(picture))
        target.mux(stream.encode())
    return buffer.getvalue()


def outlined(image: np.ndarray) -> np.ndarray:
    """Return the picture with the zone's outline."""
    height, width = image.shape[:2]
    points = [np.array([[round(x * width), round(y * height)] for x, y in SQUARE])]
    return cv2.polylines(image.copy(), points, True, (154, 230, 99), 3)


def show(alert: Alert, kind: Evidence.Kind, at: datetime, image: np.ndarray, **facts: Any) -> Evidence:
    """Store an original of the indication with both shown forms; return the original.

    The time is drawn into the picture.
    """
    image = cv2.putText(image.copy(), f"{at:%H:%M:%S}", (8, 30), cv2.FONT_HERSHEY_PLAIN, 1.4, (255, 255, 255))
    original = store_still(alert.counter, kind, Form.ORIGINAL, at, data=jpeg(image), **facts)
    store_still(alert.counter, kind, Form.PLAIN, at, of=original, data=jpeg(image), **facts)
    store_still(alert.counter, kind, Form.DRAWN, at, of=original, data=jpeg(outlined(image)), **facts)
    alert.evidence.add(original)
    return original


def roll(alert: Alert, kind: Evidence.Kind, at: datetime, mp4: bytes) -> Evidence:
    """Store a clip of the indication with its plain form; return the original."""
    facts = {"duration_s": 4.0}
    original = store.store(alert.counter, store.NewEvidence(kind, Form.ORIGINAL, at, mp4, facts), at)
    store.store(alert.counter, store.NewEvidence(kind, Form.PLAIN, at, mp4, facts, original), at)
    alert.evidence.add(original)
    return original


def exhibit(alert: Alert, footage: Path) -> None:
    """Store all the evidence that the absence from 09.42.05 to 10.00.10 should have."""
    staffed, empty = frame(footage, "staffed"), frame(footage, "empty")
    show(alert, Kind.LAST_STAFFED, wib("09:42"), staffed, look="staffed", people=1, step="frame")
    show(alert, Kind.FIRST_EMPTY, wib("09:42:05"), empty)
    for minute in range(43, 60):
        if minute != 52:
            show(alert, Kind.DURING, wib(f"09:{minute}") + timedelta(seconds=10), empty, step="unchanged")
    show(alert, Kind.DEADLINE, wib("09:52:05"), empty)
    show(alert, Kind.END, wib("10:00:10"), staffed, look="staffed", people=1, step="pose")
    roll(alert, Kind.EMPTIED_CLIP, wib("09:41:45"), film(footage, "leaving"))
    roll(alert, Kind.DEADLINE_CLIP, wib("09:51:45"), film(footage, "empty"))
