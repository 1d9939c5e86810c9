"""Compresses what is text and nothing else: pictures and clips are compressed already, and are sent by parts."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


class TextGZipMiddleware(GZipMiddleware):
    """Django's own, with its random bytes against BREACH; never a part of a file, nor one that is streamed."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        text = response.headers.get("Content-Type", "").startswith(TEXT)
        if not text or response.streaming or response.status_code == 206:
            return response
        return super().process_response(request, response)
