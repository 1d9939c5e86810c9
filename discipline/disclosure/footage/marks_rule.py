"""Number the people of a picture, and decide which heads stay hidden once some numbers are chosen. Pure.

A head is shown only when everybody whose face is in it is chosen: where two faces are close, both stay hidden.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from streams.evidence.redaction.rule import Head, visitor_heads
from streams.pixels.shapes import Box

SAME = 0.4  # intersection over union from which two boxes are one head, found twice
UNNUMBERED = 0  # chosen when the applicant is seen, but not among the heads that were found


@dataclass(frozen=True, slots=True)
class FaceMark:
    """Where a head is, and the numbers of those whom it may belong to."""

    around: Box
    of: tuple[int, ...]


def marks_of(faces: Iterable[Box], people: Iterable[Box]) -> list[FaceMark]:
    """Number the heads of a picture from 1, from left to right. Boxes are in fractions.

    The top of a person belongs to the faces in it; without one it is the head of somebody who is turned away.
    """
    heads = visitor_heads(faces, people)
    found = _grouped([head.around for head in heads if head.core])
    tops = [head.around for head in heads if not head.core]
    turned_away = [top for top in tops if not any(_holds(top, group[0]) for group in found)]
    groups = dict(enumerate(sorted(found + _grouped(turned_away), key=lambda group: group[0].x0), start=1))
    marks = [FaceMark(box, (number,)) for number, group in groups.items() for box in group]
    for top in tops:
        owners = tuple(n for n, group in groups.items() if group in found and _holds(top, group[0]))
        if owners:
            marks.append(FaceMark(top, owners))
    return marks


def anchors(marks: Iterable[FaceMark]) -> dict[int, Box]:
    """Return for each number the box beside which it is written."""
    found: dict[int, Box] = {}
    for mark in marks:
        if len(mark.of) == 1:
            found.setdefault(mark.of[0], mark.around)
    return found


def hidden_heads(marks: Iterable[FaceMark], chosen: Collection[int]) -> list[Head]:
    """Return the heads to hide when these numbers are the applicant's."""
    return [Head(None, mark.around) for mark in marks if not set(mark.of) <= set(chosen)]


def dump(marks: Iterable[FaceMark]) -> list[list[Any]]:
    """Return the marks as JSON holds them; `load` reads that."""
    return [[mark.around.x0, mark.around.y0, mark.around.x1, mark.around.y1, list(mark.of)] for mark in marks]


def load(stored: Iterable[Sequence[Any]] | None) -> list[FaceMark]:
    """Return the marks that `dump` stored; none for None."""
    return [FaceMark(Box(*box), tuple(numbers)) for *box, numbers in stored or ()]


def _grouped(boxes: Iterable[Box]) -> list[list[Box]]:
    """Put boxes of one head together."""
    groups: list[list[Box]] = []
    for box in boxes:
        for group in groups:
            if _likeness(box, group[0]) >= SAME:
                group.append(box)
                break
        else:
            groups.append([box])
    return groups


def _likeness(one: Box, other: Box) -> float:
    shared = one.overlap(other)
    return shared / (one.area + other.area - shared) if shared else 0.0


def _holds(top: Box, head: Box) -> bool:
    """Return whether the middle of the head is in the top of a person."""
    x, y = (head.x0 + head.x1) / 2, (head.y0 + head.y1) / 2
    return top.x0 <= x <= top.x1 and top.y0 <= y <= top.y1
