"""Compress text responses only: pictures and clips are compressed already and are served in ranges."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json", "application/geo+json", "application/manifest+json", "image/svg+xml")


class TextGZipMiddleware(GZipMiddleware):
    """Django's middleware, with its random bytes against BREACH, for text neither streamed nor partial (206)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress the response if it is eligible."""
        text = response.headers.get("Content-Type", "").startswith(TEXT)
        if not text or response.streaming or response.status_code == 206:
            return response
        return super().process_response(request, response)
