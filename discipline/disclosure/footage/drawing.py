"""Make two pictures of an original: with numbered heads for the clerk, and with hidden ones for the copy."""

from collections.abc import Collection, Iterable

import cv2

from discipline.disclosure.footage.marks_rule import FaceMark, anchors, hidden_heads
from streams.evidence.redaction.still import INK, WHITE, blur_heads, decode_picture, encode_picture

WIDE = 960  # pixels; narrower pictures are enlarged before numbers are drawn


def draw_numbers(jpeg: bytes, marks: Iterable[FaceMark]) -> bytes:
    """Return the original as a JPEG with a box around each numbered head. Raises UnreadableOriginal."""
    image = decode_picture(jpeg)
    height, width = image.shape[:2]
    if width < WIDE:
        width, height = WIDE, round(height * WIDE / width)
        image = cv2.resize(image, (width, height), interpolation=cv2.INTER_CUBIC)
    size, thick = width / 1200, max(2, width // 480)
    for number, box in anchors(marks).items():
        left, top = round(box.x0 * width), round(box.y0 * height)
        right, bottom = round(box.x1 * width), round(box.y1 * height)
        cv2.rectangle(image, (left, top), (right, bottom), INK, thick + 2)
        cv2.rectangle(image, (left, top), (right, bottom), WHITE, thick)
        (wide, high), _below = cv2.getTextSize(str(number), cv2.FONT_HERSHEY_SIMPLEX, size, thick)
        foot = max(top, high + 2 * thick)  # inside the picture when the head is at its upper edge
        corner = (left + wide + 2 * thick, foot - high - 2 * thick)
        cv2.rectangle(image, (left, foot), corner, WHITE, cv2.FILLED)
        cv2.putText(image, str(number), (left + thick, foot - thick), cv2.FONT_HERSHEY_SIMPLEX, size, INK, thick)
    return encode_picture(image)


def hide_others(jpeg: bytes, marks: Iterable[FaceMark], chosen: Collection[int]) -> bytes:
    """Return the picture as a JPEG in which all heads but the chosen ones are hidden. Raises UnreadableOriginal.

    There is no zone in which staff stays to be seen, as there is in other blurred forms.
    """
    return encode_picture(blur_heads(decode_picture(jpeg), hidden_heads(marks, chosen)))
