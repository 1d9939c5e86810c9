"""Answer requests with NUL characters, which PostgreSQL can't store, with 400 instead of an error of the server."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from discipline.api.v1.api import PREFIX
from discipline.api.v1.problems import ApiProblem

MARK = "NUL (0x00)"  # in the messages of psycopg and of Python


class RefuseNulMiddleware:
    """Refuse NUL in the path and the query; in a body, when a view passes it on to the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Raise BadRequest for a NUL in the address; the API answers in its own form."""
        if "\0" in request.path_info or b"\0" in unquote_to_bytes(request.META.get("QUERY_STRING", "")):
            if request.path_info.startswith(f"{PREFIX}/"):
                return ApiProblem(400, _("Alamat berisi karakter NUL.")).response()
            raise BadRequest("NUL in the address")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Turn the database's refusal of a NUL into BadRequest."""
        del request  # unused
        if isinstance(exception, DataError | ValueError) and MARK in str(exception):
            raise BadRequest("NUL in the request") from exception
