"""The Range header of HTTP (RFC 9110, section 14), for one range of bytes. Pure."""

import re

ONE_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII | re.IGNORECASE)


class RangeNotSatisfiable(ValueError):
    """Well put, but nothing of the file lies there: 416."""


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte (both included) of a file of `size` bytes that are asked for.

    None when the whole file is to be sent: no header, several ranges, or nonsense, which the RFC says to ignore.
    """
    found = ONE_RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        start, end = size - min(int(last), size), size - 1
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return None
    if start >= size:
        raise RangeNotSatisfiable(header)
    return start, end
