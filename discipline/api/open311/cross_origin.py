"""Let scripts of any site read the answers of GeoReport v2 (CORS), without the cookies of this site.

It belongs to the resource decorator alone, so no other address can get it. Nothing depends on the origin: answers are
the same for everybody, and what is filed needs a key in the body.
"""

from collections.abc import Sequence

from django.http import HttpResponse

ANY = "*"  # which browsers accept for requests without credentials only
TAKEN = "Content-Type, Idempotency-Key, If-None-Match"  # headers of requests
SHOWN = "ETag, Retry-After"  # headers of answers
A_DAY_S = 86_400  # how long browsers may remember the answer to a preflight; most remember it for less


def allow_any_origin(response: HttpResponse) -> HttpResponse:
    """Let scripts of any site read the answer."""
    response.headers["Access-Control-Allow-Origin"] = ANY
    response.headers["Access-Control-Expose-Headers"] = SHOWN
    return response


def preflight(methods: Sequence[str]) -> HttpResponse:
    """Return the answer to OPTIONS, by which a browser asks whether it may send a request with these methods."""
    allowed = ", ".join((*methods, "OPTIONS"))
    response = HttpResponse(status=204, headers={"Allow": allowed})
    response.headers["Access-Control-Allow-Origin"] = ANY
    response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
    response.headers["Access-Control-Allow-Headers"] = TAKEN
    response.headers["Access-Control-Max-Age"] = str(A_DAY_S)
    return response
