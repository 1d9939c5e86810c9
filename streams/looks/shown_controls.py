"""Keep the controls as they were shown to the detector, and show them to it again."""

import zipfile
from collections.abc import Sequence
from io import BytesIO

import cv2
import numpy as np

from streams.detect.api import Detector, Picture
from streams.detect.crops import as_picture, resized
from streams.detect.relight import surroundings
from streams.pixels.occupancy import ShownControl
from streams.pixels.shapes import DrawnZone

QUALITY = 95  # of the JPEG, which is also what the detector is shown
SEEN, MISSED = "seen", "missed"


def encode_shown(part: Picture) -> bytes:
    """Return a zone and its surroundings as they are to be shown and kept."""
    return cv2.imencode(".jpg", part, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()


def decode_shown(jpeg: bytes) -> Picture:
    """Return the picture of a JPEG. Raises ValueError when it is none."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) if jpeg else None
    if image is None:
        raise ValueError("not a picture")
    return as_picture(image)


def pack(controls: Sequence[ShownControl]) -> bytes:
    """Return the controls as a ZIP archive of JPEGs, named 01-seen.jpg or 01-missed.jpg in the order of showing."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for number, control in enumerate(controls, 1):
            name = f"{number:02d}-{SEEN if control.seen else MISSED}.jpg"
            archive.writestr(zipfile.ZipInfo(name), control.jpeg)  # a ZipInfo has a fixed date
    return buffer.getvalue()


def unpack(data: bytes) -> list[ShownControl]:
    """Return the controls of an archive by `pack`. Raises ValueError when it is damaged."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = sorted(archive.namelist())
            return [ShownControl(archive.read(name), name.endswith(f"-{SEEN}.jpg")) for name in names]
    except zipfile.BadZipFile as error:
        raise ValueError(str(error)) from error


def show_again(
    detector: Detector, around: Picture, zone: DrawnZone, controls: Sequence[ShownControl]
) -> list[ShownControl]:
    """Return the controls as the detector sees them now.

    around: the picture of that moment, whose zone and surroundings each control replaces. Raises ValueError when a
    control is damaged.
    """
    rows, columns = surroundings(around, zone)
    height, width = around[rows, columns].shape[:2]
    again = []
    for control in controls:
        picture = around.copy()
        picture[rows, columns] = resized(decode_shown(control.jpeg), width, height)
        (finding,) = detector.detect(picture, [zone])
        again.append(ShownControl(control.jpeg, finding.people >= zone.quorum))
    return again
