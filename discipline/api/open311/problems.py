"""Errors of GeoReport v2: a list of codes and descriptions, in the format of the address."""

from collections.abc import Mapping, Sequence

from django.http import HttpResponse

from discipline.api.open311.formats import MEDIA_TYPES, Value, written


class Open311Problem(Exception):
    """Raised to end a request with a list of errors. status: of HTTP, and the code of each error.

    headers: more headers of the answer.
    """

    def __init__(self, status: int, *descriptions: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(*descriptions)
        self.status, self.descriptions, self.headers = status, descriptions, dict(headers or {})

    def response(self, suffix: str) -> HttpResponse:
        """Return the answer in this format."""
        errors: Sequence[Value] = [{"code": self.status, "description": one} for one in self.descriptions]
        body = written("errors", errors, suffix)
        return HttpResponse(body, status=self.status, content_type=MEDIA_TYPES[suffix], headers=self.headers)
