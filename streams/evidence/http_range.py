"""Parse the HTTP Range header (RFC 9110, section 14) for a single range of bytes. Pure."""

import re

ONE_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII | re.IGNORECASE)


class RangeNotSatisfiable(ValueError):
    """The range is valid but lies outside the file: 416."""


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and last byte (inclusive) requested of a file of `size` bytes.

    None means the whole file: no header, several ranges, or an invalid header, which the RFC says to ignore.
    Raises RangeNotSatisfiable.
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
