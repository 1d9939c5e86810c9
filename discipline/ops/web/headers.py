"""Set the headers of every page: what the browser may load, use and keep, and which user the page was made for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
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
    """Adds the headers that a view did not set.

    The policies are for HTML only: on a PDF they would disable the browser's viewer. What a signed-in user is sent
    stays in no cache, as phones are shared, unless its view says otherwise.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers that the page lacks."""
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # In older browsers 'self' does not cover WebSockets; ws: also allows wss:.
            tiles = settings.MAP_TILES_ORIGIN
            policy = POLICY.format(sockets=f"ws://{request.get_host()}", pictures=f" {tiles}" if tiles else "")
            if getattr(response, "embeddable", False):  # a page that other sites may show
                policy = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
            response.headers.setdefault("Content-Security-Policy", policy)
            permissions = PERMISSIONS
            if getattr(response, "asks_for_place", False):  # a page with a button for that
                permissions = permissions.replace("geolocation=()", "geolocation=(self)")
            response.headers.setdefault("Permissions-Policy", permissions)
            response.headers.setdefault(FOR_HEADER, _reader_tag(request))
        if "Cache-Control" not in response.headers and _is_signed_in(request):
            add_never_cache_headers(response)
        return response


def _is_signed_in(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated


def _reader_tag(request: HttpRequest) -> str:
    """Return a keyed hash of the user's pk, "" for anonymous users."""
    return salted_hmac(FOR_HEADER, str(request.user.pk)).hexdigest()[:16] if _is_signed_in(request) else ""
