"""Reduce pictures: stills for phones on slow connections, previews, and tiles for the wall.

For printing and as evidence the whole file is used instead.
"""

import cv2
import numpy as np

WIDTHS = {168, 400}  # pixels: in the filmstrip, and on a phone's page
QUALITY = 60
PREVIEW_WIDTH, PREVIEW_QUALITY = 640, 70
TILE_WIDTH, TILE_QUALITIES = 320, (60, 40, 20)
LARGEST_TILE = 15_000  # bytes; 107 tiles every five seconds make 2.6 Mbit/s


def shrink_jpeg(jpeg: bytes, width: int) -> bytes:
    """Return the JPEG scaled down to `width` pixels, or unchanged when it is no wider.

    Raises ValueError when it is not a picture.
    """
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
    """Encode a height x width x 3 uint8 BGR picture as a JPEG, at most TILE_WIDTH pixels wide.

    It has at most LARGEST_TILE bytes, except for pure noise.
    """
    height, width = image.shape[:2]
    if width > TILE_WIDTH:
        size = (TILE_WIDTH, round(height * TILE_WIDTH / width))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    jpeg = b""
    for quality in TILE_QUALITIES:
        jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        if len(jpeg) <= LARGEST_TILE:
            break
    return jpeg


def encode_preview(image: np.ndarray) -> bytes:
    """Encode a height x width x 3 uint8 BGR picture as a JPEG of 15 to 30 KB, at most PREVIEW_WIDTH pixels wide."""
    height, width = image.shape[:2]
    if width > PREVIEW_WIDTH:
        size = (PREVIEW_WIDTH, round(height * PREVIEW_WIDTH / width))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, PREVIEW_QUALITY])[1].tobytes()
