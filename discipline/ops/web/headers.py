"""What every page tells the browser: what it may load and use, and for whom the page was made."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

FOR_HEADER = "Sidak-For"  # whose page this is: the service worker forgets what it kept for somebody else

# Nothing inline, nothing from elsewhere. blob: is for pictures and live video that scripts put together, data: for
# the small drawings of the administration's styles.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
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
    """Only pages: a policy on a PDF would close the browser's own viewer. What a view says itself stands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # Older browsers do not count sockets as 'self'; ws: also allows wss:.
            policy = POLICY.format(sockets=f"ws://{request.get_host()}")
            response.headers.setdefault("Content-Security-Policy", policy)
            response.headers.setdefault("Permissions-Policy", PERMISSIONS)
            response.headers.setdefault(FOR_HEADER, _reader_tag(request))
        return response


def _reader_tag(request: HttpRequest) -> str:
    """A name for the user that says nothing; empty for nobody."""
    user = getattr(request, "user", None)
    return salted_hmac(FOR_HEADER, str(user.pk)).hexdigest()[:16] if user and user.is_authenticated else ""
