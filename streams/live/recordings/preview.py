"""Small stills of recorded moments, decoded on demand. At most a few at a time, as each costs some 20 ms."""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from streams.cameras.models import Camera
from streams.evidence.recording.finished import ticks_of
from streams.evidence.recording.models import RecordedMinute
from streams.live.recordings.finding import minutes_between, playable
from streams.live.recordings.keyframes import BrokenFile, keyframe_before, read_keyframe
from streams.pixels.jpeg import encode_jpeg, narrowed
from streams.source.mp4_file import MuxError, decode_keyframe

WIDTH, QUALITY = 480, 70
AT_ONCE = 2  # of one process
PATIENCE_S = 2.0
_places = threading.BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """Too many previews are being made."""


class Preview(NamedTuple):
    """A keyframe that can be shown. tag: the same for the same picture."""

    minute: RecordedMinute
    offset: int

    @property
    def tag(self) -> str:
        """What identifies the picture."""
        return f"{self.minute.sha256[:16]}-{self.offset}"


def preview_at(camera: Camera, moment: datetime) -> Preview | None:
    """Return the preview of a moment, None when it was not recorded."""
    minute = minutes_between(camera, moment, moment + timedelta(milliseconds=1)).last()
    if minute is None:
        return None
    keyframes = playable(minute).keyframes
    return Preview(minute, keyframe_before(keyframes, ticks_of(moment)).offset) if keyframes else None


def jpeg_of(preview: Preview) -> bytes | None:
    """Return the picture as a small JPEG, None when its file is gone or broken. Raises Busy."""
    if not _places.acquire(timeout=PATIENCE_S):
        raise Busy
    try:
        image = image_of(preview)
        return None if image is None else encode_jpeg(narrowed(image, WIDTH), QUALITY)
    finally:
        _places.release()


def image_of(preview: Preview) -> NDArray[np.uint8] | None:
    """Return the picture as it was recorded, None when its file is gone or broken."""
    try:
        head = playable(preview.minute).keyframes[0].offset
        path = Path(settings.RECORDING_DIR) / preview.minute.path
        return decode_keyframe(read_keyframe(path, head, preview.offset))
    except (OSError, BrokenFile, MuxError):
        return None
