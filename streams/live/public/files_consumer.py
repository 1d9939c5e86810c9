"""Send the files of public points, in front of Django: no session, no database, no thread of a request.

nginx sends the same files with the same headers where it is installed (deploy/nginx). A file that is gone is a 404, an
address that asks too often gets a 429, on these files and on the public's pages.
"""

import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from offices.accounts.visits import client_of
from offices.places.locations.models import POINT_CODE
from streams.live.public.address_limit import AddressLimit
from streams.source.hls.playlist_rule import PLAYLIST, STILL, is_public_name, largest_age_s

FILES, PAGES = "/langsung/", ("/publik/", "/aspirasi/")
CODE = re.compile(POINT_CODE, re.ASCII)
TARGET = re.compile(rb"^#EXT-X-TARGETDURATION:(\d+)$", re.MULTILINE)
TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".m4s": "video/mp4", ".mp4": "video/mp4", ".jpg": "image/jpeg"}
RETRY_S = b"2"

Application = Callable[..., Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class PublicFiles:
    """ASGI application that sends the files below FILES and passes all else on."""

    def __init__(self, application: Application, folder: Path | None = None) -> None:
        self._application = application
        self._folder = folder
        # A viewer of live video makes one request every two seconds, a page some ten at first.
        self._files, self._pages = AddressLimit(600, 60), AddressLimit(120, 10)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer a request."""
        path = scope["path"]
        limit = self._files if path.startswith(FILES) else self._pages if path.startswith(PAGES) else None
        if limit and not limit.admit(address_of(scope), time.monotonic()):
            await _answer(send, 429, [(b"retry-after", RETRY_S), (b"cache-control", b"no-store")])
        elif path.startswith(FILES):
            await self._send_file(scope, send)
        else:
            await self._application(scope, receive, send)

    async def _send_file(self, scope: dict[str, Any], send: Any) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, [(b"allow", b"GET, HEAD")])
            return
        found = self._read(scope["path"].removeprefix(FILES))
        if found is None:
            await _answer(send, 404, [(b"cache-control", b"public, max-age=1")])
            return
        headers, body = found
        asked = dict(scope["headers"]).get(b"if-none-match", b"")
        tag = dict(headers)[b"etag"]
        if asked.strip() == b"*" or tag in (one.strip().removeprefix(b"W/") for one in asked.split(b",")):
            await _answer(send, 304, headers)
        else:
            headers.append((b"content-length", str(len(body)).encode()))
            await _answer(send, 200, headers, b"" if scope["method"] == "HEAD" else body)

    def _read(self, path: str) -> tuple[Headers, bytes] | None:
        """Return headers and content of a file, None when there is none. Files in memory need no thread."""
        code, _, name = path.partition("/")
        if not CODE.fullmatch(code) or not is_public_name(name):
            return None
        file = Path(self._folder or settings.HLS_FOLDER) / code / name
        try:
            with file.open("rb") as opened:
                body, changed = opened.read(), file.stat().st_mtime_ns
        except OSError:
            return None
        target = TARGET.search(body) if name == PLAYLIST else None
        modified = datetime.fromtimestamp(changed // 1_000_000_000, UTC)
        headers = {
            "content-type": TYPES[file.suffix],
            "cache-control": largest_age_s(name, int(target[1]) if target else 1),
            "etag": f'"{changed:x}-{len(body):x}"',
            "last-modified": format_datetime(modified, usegmt=True),
        }
        if name == STILL:
            headers["access-control-expose-headers"] = "Last-Modified"
        return [(key.encode(), value.encode()) for key, value in headers.items()], body


def address_of(scope: dict[str, Any]) -> str:
    """Return the address of the client that makes the request."""
    forwarded = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin1")
    return client_of(forwarded, str((scope.get("client") or ("",))[0]))


async def _answer(send: Any, status: int, headers: Headers, body: bytes = b"") -> None:
    always = [(b"access-control-allow-origin", b"*"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *always]})
    await send({"type": "http.response.body", "body": body})
