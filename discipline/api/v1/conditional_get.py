"""What holds for every operation: it is read, never changed, and an answer that is known already is not sent again."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from discipline.api.v1.problems import ApiProblem, not_found

View = Callable[..., HttpResponseBase]


def conditional_get(view: View) -> View:
    """A view of the API. GET and HEAD only; with an ETag, and for the client alone."""

    @login_not_required  # by its token alone
    @csrf_exempt
    @wraps(view)
    def through(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return ApiProblem(
                405, _("API ini hanya untuk dibaca: GET dan HEAD."), headers={"Allow": "GET, HEAD"}
            ).response()
        asked, request.method = request.method, "GET"  # ninja knows no HEAD; the server sends no body after it
        response = view(request, *args, **kwargs)
        request.method = asked
        if response.status_code == 200:
            response = _not_modified_or(request, response)
        if rate := getattr(request, "rate", None):
            for name, value in rate.headers().items():
                response.headers[name] = value
        response.headers["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Authorization"])
        return response

    return through


@conditional_get
def unknown_address(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Any other address below the API's."""
    return not_found().response()


def _not_modified_or(request: HttpRequest, response: Any) -> Any:
    """Weak: compressed on its way it is the same answer in other bytes."""
    etag = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    answer: Any = get_conditional_response(request, etag, None, response)
    answer.headers["ETag"] = etag
    return answer
