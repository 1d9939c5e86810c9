"""Pass on websockets that a page of this site opened and that exist; refuse others before they are accepted."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from channels.routing import URLRouter
from django.conf import settings
from django.http.request import validate_host
from django.urls import URLPattern

from offices.access.sockets import NOT_YOURS

UNKNOWN = 4404
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class WebsocketGate:
    """ASGI application in front of the routes.

    Close codes, with which websocket_protocol.py answers HTTP 403 and 404: 4403 another origin, 4404 unknown path.
    """

    def __init__(self, routes: list[URLPattern], wrap: Callable[[URLRouter], Any]) -> None:
        self._routes = routes
        self._application = wrap(URLRouter(routes))

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Run the consumer of the path, or refuse."""
        headers = dict(scope["headers"])
        if not is_own_origin(headers.get(b"origin", b"").decode("latin1"), headers.get(b"host", b"").decode("latin1")):
            code = NOT_YOURS
        elif not self._knows(scope["path"]) or "\0" in scope["path"] or b"%00" in scope["query_string"]:
            code = UNKNOWN
        else:
            await self._application(scope, receive, send)
            return
        await receive()  # "connect"
        await send({"type": "websocket.close", "code": code})

    def _knows(self, path: str) -> bool:
        return any(route.pattern.match(path.removeprefix("/")) for route in self._routes)


def is_own_origin(origin: str, host: str) -> bool:
    """Return whether a page of this origin may use the websockets of this host.

    Both are values of headers. The origin must name the same host and port, as for forms (CSRF); the host must be one
    of ALLOWED_HOSTS. Origins of CSRF_TRUSTED_ORIGINS are trusted here, too.
    """
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        page, here = urlsplit(origin), urlsplit(f"//{host}")
        ports = page.port, here.port
    except ValueError:
        return False
    if page.scheme not in ("http", "https") or not page.hostname or not here.hostname:
        return False
    usual = 443 if page.scheme == "https" else 80
    same = page.hostname == here.hostname and (ports[0] or usual) == (ports[1] or usual)
    name = f"[{here.hostname}]" if ":" in here.hostname else here.hostname
    return same and validate_host(name, settings.ALLOWED_HOSTS)
