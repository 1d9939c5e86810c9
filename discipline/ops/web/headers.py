"""Set the headers of every page: what the browser may load and use, and which user the page was made for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

FOR_HEADER = "Sidak-For"  # a tag of the user: the service worker deletes what it kept for another one

# Nothing inline, nothing from other origins. blob: is for pictures and live video that scripts assemble, data: for
# small images in the administration's style sheets. {pictures}: the server of map tiles, where .env names one.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:{pictures}",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self' {sockets}",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


class PageHeadersMiddleware:
    """Adds headers to HTML only: a policy on a PDF would disable the browser's viewer. A view's own headers stay."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers that the page lacks."""
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # In older browsers 'self' does not cover WebSockets; ws: also allows wss:.
            tiles = settings.MAP_TILES_ORIGIN
            policy = POLICY.format(sockets=f"ws://{request.get_host()}", pictures=f" {tiles}" if tiles else "")
            response.headers.setdefault("Content-Security-Policy", policy)
            response.headers.setdefault("Permissions-Policy", PERMISSIONS)
            response.headers.setdefault(FOR_HEADER, _reader_tag(request))
        return response


def _reader_tag(request: HttpRequest) -> str:
    """Return a keyed hash of the user's pk, "" for anonymous users."""
    user = getattr(request, "user", None)
    return salted_hmac(FOR_HEADER, str(user.pk)).hexdigest()[:16] if user and user.is_authenticated else ""
