"""Recorded minutes of a camera, with real files, without a camera."""

import hashlib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

from streams.cameras.models import Camera
from streams.evidence.recording.finished import FinishedMinute, moment_of, ticks_of
from streams.evidence.recording.minute_file import MinuteFacts, MinuteMaker
from streams.evidence.recording.models import RecordedMinute
from streams.source.codecs.video_format import FORMATS
from streams.source.fmp4 import TICKS, CodedPicture
from streams.source.ring import Packet
from tests.support.filming import FPS, filmed

ENCODERS = {"h264": "libx264", "hevc": "libx265"}


@cache
def film(size: tuple[int, int] = (320, 180), codec: str = "h264") -> list[Packet]:
    """Return six seconds of a moving square, encoded once."""
    return filmed(ENCODERS[codec], size, **{"x265-params": "log-level=none:repeat-headers=1:bframes=0"})


def record_minute(
    camera: Camera,
    begins: datetime,
    gap: str = "",
    repeats: int = 1,
    size: tuple[int, int] = (320, 180),
    codec: str = "h264",
    packets: list[Packet] | None = None,
) -> RecordedMinute:
    """Record `repeats` times six seconds, or `packets`, from a moment on as one file, and return its row."""
    packets, form = packets or film(size, codec), FORMATS[codec]
    parameters = form.parameter_sets_of(packets[0].data)
    assert parameters
    facts = MinuteFacts(camera.pk, camera.place_id, "street", gap, begins.isoformat())
    maker = MinuteMaker(parameters, facts)
    coded = (
        CodedPicture(form.to_length_prefixed(one.data), ticks_of(begins) + number * TICKS // FPS, 0, one.keyframe)
        for number, one in enumerate(packets * repeats)
    )
    data = b"".join([*map(maker.add, coded), maker.close()])
    path = f"{begins:%Y-%m-%d/%H}/{camera.pk}/{begins:%M%S}000.mp4"
    file = Path(settings.RECORDING_DIR) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    arrived = moment_of(maker.layout.ends) + timedelta(milliseconds=120)
    row = FinishedMinute(facts, maker.layout, arrived, hashlib.sha256(data).hexdigest(), path).row()
    row.save()
    return row
