"""The lines of a procedure, and the telephone numbers in them. Pure."""

import re
from dataclasses import dataclass

LONGEST_PROCEDURE = 4000
LONGEST_LINE = 300
MOST_LINES = 30
# National short numbers, and those with a trunk 0 or a country's code: 112, 0711-123456, +62 711 123456.
_NUMBER = re.compile(r"(?<![\w+])(?:11[0-9]|129|\+?62[\d -]{7,14}\d|0\d{2,3}[ -]?\d[\d -]{4,9}\d)(?![\w-])")
_BULLET = re.compile(r"^(?:[-*•]|\d{1,2}[.)])(?:\s+|$)")


@dataclass(frozen=True, slots=True)
class LinePart:
    """A piece of a line. tel: the number to call without spaces; "" for words."""

    text: str
    tel: str = ""


def lines_of(text: str) -> list[str]:
    """Return the lines without blank ones and without the numbers or bullets before them."""
    stripped = (_BULLET.sub("", line.strip()).strip() for line in text.splitlines())
    return [line for line in stripped if line]


def parts_of(line: str) -> list[LinePart]:
    """Return the line in pieces, telephone numbers apart."""
    found, end = [], 0
    for match in _NUMBER.finditer(line):
        if match.start() > end:
            found.append(LinePart(line[end : match.start()]))
        found.append(LinePart(match[0], re.sub(r"[ -]", "", match[0])))
        end = match.end()
    if end < len(line):
        found.append(LinePart(line[end:]))
    return found
