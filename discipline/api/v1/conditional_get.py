"""The wrapper of every operation: its methods, an ETag for what is read, and private caching."""

import hashlib
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from discipline.api.v1.problems import ApiProblem, not_found

View = Callable[..., HttpResponse]


def conditional_get(view: View, others: Sequence[str] = ()) -> View:
    """Wrap a view of the API: no login or CSRF check, 405 for all but GET, HEAD and `others`, ETag, rate limits."""
    allowed = ("GET", "HEAD", *others)

    @login_not_required  # the API authenticates by token
    @csrf_exempt
    @wraps(view)
    def through(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in allowed:
            words = _("Alamat ini hanya untuk %(methods)s.") % {"methods": ", ".join(allowed)}
            return ApiProblem(405, words, headers={"Allow": ", ".join(allowed)}).response()
        method = request.method
        if method == "HEAD":
            request.method = "GET"  # ninja has no HEAD; the server drops the body
        response = view(request, *args, **kwargs)
        request.method = method
        if response.status_code == 200 and method != "POST":
            response = _with_etag(request, response)
        if rate := getattr(request, "rate", None):
            for name, value in rate.headers().items():
                response.headers[name] = value
        response.headers["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Authorization"])
        return response

    return through


@conditional_get
def unknown_address(_request: HttpRequest, rest: str) -> HttpResponse:
    """Return 404 for any other URL below /api/v1/."""
    del rest  # unused
    return not_found().response()


def _with_etag(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the response with an ETag, or 304. The ETag is weak, as compression on the way changes the bytes."""
    etag = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    conditional = get_conditional_response(request, etag, None, response) or response
    conditional.headers["ETag"] = etag
    return conditional
