"""Keep the controls as they were shown to the detector, and show them to it again."""

import zipfile
from collections.abc import Sequence
from io import BytesIO

from streams.detect.api import Detector, Picture
from streams.detect.crops import resized
from streams.detect.relight import surroundings
from streams.pixels.jpeg import decode_jpeg, encode_jpeg
from streams.pixels.occupancy import ShownControl
from streams.pixels.shapes import DrawnZone

QUALITY = 95  # of the JPEG, which is also what the detector is shown
SEEN, MISSED = "seen", "missed"


def encode_shown(part: Picture) -> bytes:
    """Return a zone and its surroundings as they are to be shown and kept."""
    return encode_jpeg(part, QUALITY)


def show_control(detector: Detector, around: Picture, zone: DrawnZone, jpeg: bytes) -> ShownControl:
    """Return the control as the detector sees it.

    around: the picture whose zone and surroundings are replaced by the control. Raises ValueError when it is damaged.
    """
    if (part := decode_jpeg(jpeg)) is None:
        raise ValueError("not a picture")
    rows, columns = surroundings(around, zone)
    height, width = around[rows, columns].shape[:2]
    picture = around.copy()
    picture[rows, columns] = resized(part, width, height)
    (finding,) = detector.detect(picture, [zone])
    return ShownControl(jpeg, finding.people >= zone.quorum)


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
