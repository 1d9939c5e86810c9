"""Where a form that was sent came from."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse


def address_before(request: HttpRequest) -> str:
    """Return the path and query of the page of this site that sent the request, or else the board's."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or not page.path.startswith("/") or page.path.startswith("//"):
        return reverse("board")
    return f"{page.path}?{page.query}" if page.query else page.path
