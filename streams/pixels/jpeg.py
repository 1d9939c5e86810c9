"""Encode and decode JPEG files, and scale pictures down. Pictures are height x width x 3 uint8 BGR."""

from typing import Any

import cv2
import numpy as np

Picture = np.ndarray[Any, Any]


def decode_jpeg(data: bytes) -> Picture | None:
    """Return the picture, or None when `data` is none."""
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None


def encode_jpeg(image: Picture, quality: int) -> bytes:
    """Return the picture as a JPEG file; quality: 1 to 100."""
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def narrowed(image: Picture, width: int) -> Picture:
    """Return the picture scaled down to `width` pixels; itself when it is no wider."""
    height, whole = image.shape[:2]
    if whole <= width:
        return image
    return cv2.resize(image, (width, max(1, round(height * width / whole))), interpolation=cv2.INTER_AREA)
