"""Pictures in few bytes: stills for a phone on a thin line, previews, and tiles of a wall.

What is looked at closely, printed or proven is the whole file.
"""

import cv2
import numpy as np

WIDTHS = {168, 400}  # pixels: on the film, and on a telephone's page
QUALITY = 60
PREVIEW_WIDTH, PREVIEW_QUALITY = 640, 70
TILE_WIDTH, TILE_QUALITIES = 320, (60, 40, 20)
LARGEST_TILE = 15_000  # bytes: 107 of them every five seconds are 2.6 Mbit/s


def shrink_jpeg(jpeg: bytes, width: int) -> bytes:
    """A JPEG of that width, in its own proportions; the same bytes when it is no wider. ValueError: not a picture."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError("not a picture")
    height, whole = image.shape[:2]
    if whole <= width:
        return jpeg
    size = (width, round(height * width / whole))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()


def encode_tile(image: np.ndarray) -> bytes:
    """A JPEG of at most LARGEST_TILE bytes in all but pure noise, at most TILE_WIDTH wide, of an H×W×3 uint8 BGR
    picture."""
    height, width = image.shape[:2]
    if width > TILE_WIDTH:
        size = (TILE_WIDTH, round(height * TILE_WIDTH / width))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    made = b""
    for quality in TILE_QUALITIES:
        made = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        if len(made) <= LARGEST_TILE:
            break
    return made


def encode_preview(image: np.ndarray) -> bytes:
    """A JPEG of about 15 to 30 KB, at most PREVIEW_WIDTH wide, of an H×W×3 uint8 BGR picture."""
    height, width = image.shape[:2]
    if width > PREVIEW_WIDTH:
        size = (PREVIEW_WIDTH, round(height * PREVIEW_WIDTH / width))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, PREVIEW_QUALITY])[1].tobytes()
