"""Hide visitors' heads in pictures, and draw zone, boxes and a caption. No Django, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import cv2
import fontpkg
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from streams.evidence.redaction.rule import Head
from streams.pixels.jpeg import decode_jpeg, encode_jpeg
from streams.pixels.shapes import Box, DrawnZone

CELLS = (4, 5)  # colours across and down that are left of a head, whatever its size
QUALITY = 88  # JPEG
INK, PAPER, WHITE = (26, 29, 33), (243, 238, 232), (255, 255, 255)
COLOURS = {"staffed": (154, 230, 99), "empty": (130, 138, 255)}  # BGR
UNKNOWN = (218, 209, 201)
LETTER = 1 / 26  # of the picture's width: 13 px when a phone shows the picture 350 px wide

Picture = np.ndarray[Any, Any]


class UnreadableOriginal(ValueError):
    """The original can't be decoded; the text gives the reason."""


def decode_picture(jpeg: bytes) -> Picture:
    """Return the picture as height x width x 3 uint8 BGR. Raises UnreadableOriginal."""
    image = decode_jpeg(jpeg)
    if image is None:
        raise UnreadableOriginal("not a picture")
    return image


def encode_picture(image: Picture) -> bytes:
    """Encode as JPEG, without the original's metadata and thumbnail."""
    return encode_jpeg(image, QUALITY)


def blur_heads(image: Picture, heads: Iterable[Head], *zones: DrawnZone) -> Picture:
    """Return a copy in which each head is reduced to a few colours.

    Inside a zone only the face itself (Head.core) is hidden, so that what the counter is judged by stays visible.
    """
    shown = image.copy()
    height, width = image.shape[:2]
    staff = np.zeros((height, width), np.uint8)
    for zone in zones:  # one by one, as fillPoly leaves the overlap of two polygons empty
        cv2.fillPoly(staff, [_pixels(zone.polygon, width, height)], 1)
    for head in heads:
        x0, y0, x1, y1 = _within(head.around, width, height)
        if x0 >= x1 or y0 >= y1:
            continue
        few = cv2.resize(image[y0:y1, x0:x1], CELLS, interpolation=cv2.INTER_AREA)
        cloud = cv2.resize(few, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
        hidden = staff[y0:y1, x0:x1] == 0
        if head.core:
            cx0, cy0, cx1, cy1 = _within(head.core, width, height)
            hidden[cy0 - y0 : cy1 - y0, cx0 - x0 : cx1 - x0] = True
        shown[y0:y1, x0:x1][hidden] = cloud[hidden]
    return shown


def draw_findings(image: Picture, facts: Mapping[str, Any], caption: Sequence[str]) -> Picture:
    """Return a copy with the zone's outline and the detected boxes, and the caption's lines in a margin below."""
    height, width = image.shape[:2]
    picture = image.copy()
    thin = max(2, round(width / 320))
    outline = [_pixels(facts["polygon"], width, height)] if facts.get("polygon") else []
    colour = COLOURS.get(facts.get("look", ""), UNKNOWN)
    for x0, y0, x1, y1, *_ in facts.get("boxes", ()):
        left, top, right, bottom = _within(Box(x0, y0, x1, y1), width, height)
        cv2.rectangle(picture, (left, top), (right, bottom), INK, thin + 2)
        cv2.rectangle(picture, (left, top), (right, bottom), WHITE, thin)
    cv2.polylines(picture, outline, True, INK, thin + 3, cv2.LINE_AA)
    cv2.polylines(picture, outline, True, colour, thin, cv2.LINE_AA)
    return np.vstack([picture, _margin(width, caption)])


def _margin(width: int, caption: Sequence[str]) -> Picture:
    size, edge = max(11, round(width * LETTER)), round(width / 40)
    sheet = Image.new("RGB", (width, 2 * edge + round(1.35 * size * len(caption))), PAPER)
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(caption):
        letters = _font(size)
        room = (width - 2 * edge) / max(1.0, letters.getlength(line))
        letters = _font(int(size * min(1.0, room)) or 1)  # a long name is set smaller rather than cut
        pen.text((edge, edge + round(1.35 * size * number)), line, INK, letters)
    return cv2.cvtColor(np.asarray(sheet), cv2.COLOR_RGB2BGR)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """Return the font of the printed documents, as OpenCV's own fonts are ASCII only."""
    return ImageFont.truetype(str(fontpkg.path("IBM Plex Sans Condensed", weight=700)), size)


def _pixels(polygon: Iterable[Sequence[float]], width: int, height: int) -> Picture:
    return np.array([(round(x * width), round(y * height)) for x, y in polygon], np.int32)


def _within(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """Return x0, y0, x1, y1 in pixels, clipped to the picture, never smaller than the box."""
    x0, y0 = max(0, int(box.x0 * width)), max(0, int(box.y0 * height))
    return x0, y0, min(width, int(np.ceil(box.x1 * width))), min(height, int(np.ceil(box.y1 * height)))
