"""Send a file, or the range of it that a player asks for, a piece at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from streams.evidence.http_range import RangeNotSatisfiable, parse_range

AT_ONCE = 256 * 1024  # bytes


def send_file(request: HttpRequest, path: Path, name: str, kind: str, *, download: bool) -> HttpResponseBase:
    """Return the response: 200, 206 for a range, 416 for one that the file doesn't have. Raises FileNotFoundError."""
    size = path.stat().st_size
    try:
        part = parse_range(request.headers.get("Range", ""), size)
    except RangeNotSatisfiable:
        refused = HttpResponse(status=416)
        refused.headers["Content-Range"] = f"bytes */{size}"
        return refused
    first, last = part or (0, size - 1)
    # Django would read all of a plain iterator into memory before it sends it by ASGI.
    pieces = _later if isinstance(request, ASGIRequest) else _pieces
    response = StreamingHttpResponse(pieces(path, first, last), status=206 if part else 200, content_type=kind)
    if part:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    response.headers["Content-Length"] = str(last - first + 1)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Disposition"] = content_disposition_header(download, name) or "inline"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _pieces(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(AT_ONCE, left))):
            left -= len(piece)
            yield piece


async def _later(path: Path, first: int, last: int) -> AsyncIterator[bytes]:
    pieces = _pieces(path, first, last)
    try:
        while piece := await asyncio.to_thread(next, pieces, b""):
            yield piece
    finally:
        pieces.close()  # type: ignore[attr-defined]  # a generator
