"""Parts of pictures, as the models are given them."""

import cv2
import numpy as np

from streams.detect.api import Picture
from streams.pixels.shapes import Box, DrawnZone

EDGE = 0.97  # a zone that reaches below this part of the picture's height ends with the picture
BORDER, GREY = 0.25, 114  # of the part's height, and its grey level


def cut(image: Picture, place: Box, zone: DrawnZone | None = None, median: int = 0) -> tuple[Picture, Box]:
    """Return a copy of the part of the picture at that place, and its exact place after rounding to pixels.

    zone: when this zone ends with the picture, the part gets a grey border below: whom the picture's edge cuts off
    then looks cut off, and without the border like nothing. median: size in pixels of a median filter that takes the
    grain out of the part, 0 for none.
    """
    height, width = image.shape[:2]
    x0, y0 = min(int(place.x0 * width), width - 1), min(int(place.y0 * height), height - 1)
    x1, y1 = max(x0 + 1, int(place.x1 * width)), max(y0 + 1, int(place.y1 * height))
    part: Picture = np.ascontiguousarray(image[y0:y1, x0:x1])
    if median:
        part = as_picture(cv2.medianBlur(part, median))
    if zone is not None and zone.bounds.y1 >= EDGE:
        border = round(BORDER * (y1 - y0))
        part = as_picture(cv2.copyMakeBorder(part, 0, border, 0, 0, cv2.BORDER_CONSTANT, value=(GREY,) * 3))
        y1 += border
    return part, Box(x0 / width, y0 / height, x1 / width, y1 / height)


def letterboxed(part: Picture, side: int) -> tuple[Picture, Box]:
    """Return the part as large as it fits into a black square of side × side pixels, and its place in the square."""
    height, width = part.shape[:2]
    scale = side / max(height, width)
    across, down = max(1, round(width * scale)), max(1, round(height * scale))
    left, above = (side - across) // 2, (side - down) // 2
    square: Picture = np.zeros((side, side, 3), np.uint8)
    square[above : above + down, left : left + across] = resized(part, across, down)
    return square, Box(left / side, above / side, (left + across) / side, (above + down) / side)


def resized(image: Picture, width: int, height: int) -> Picture:
    """Return the picture in that size; when that is smaller, by areas, which averages a dark camera's noise away."""
    smaller = image.shape[1] > width or image.shape[0] > height
    return as_picture(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR))


def rgb(image: Picture) -> Picture:
    """Return a BGR picture as RGB."""
    return as_picture(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))


def as_picture(image: cv2.typing.MatLike) -> Picture:
    """Return what OpenCV made of a picture under the type that it has; nothing is copied."""
    return np.asarray(image, np.uint8)
