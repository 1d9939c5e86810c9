"""Parse the HTTP Range header (RFC 9110, section 14) for a single range of bytes, and answer it."""

import re

from django.http import HttpRequest, HttpResponse

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


def whole_or_part(request: HttpRequest, data: bytes, etag: str, kind: str) -> HttpResponse:
    """Return the data of a content type, or the part of it that the request asks for: 206, or 416 when it has none."""
    header = request.headers.get("Range", "") if request.headers.get("If-Range", etag) == etag else ""
    try:
        part = parse_range(header, len(data))
    except RangeNotSatisfiable:
        response = HttpResponse(status=416)
        response.headers["Content-Range"] = f"bytes */{len(data)}"
        return response
    if part is None:
        response = HttpResponse(data, content_type=kind)
    else:
        start, end = part
        response = HttpResponse(data[start : end + 1], status=206, content_type=kind)
        response.headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
    response.headers["Accept-Ranges"] = "bytes"
    return response
