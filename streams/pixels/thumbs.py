"""A still in few bytes, for a phone on a thin line. What is looked at closely, printed or proven is the whole file."""

import cv2
import numpy as np

WIDTHS = {168, 400}  # pixels: on the film, and on a telephone's page
QUALITY = 60


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
