"""Tie a confirmation to the form that was previewed.

The preview page's save button carries a hash (the seal) of the submitted form and works only with the same values.
"""

import hashlib
import json

from django.http import HttpRequest

SEAL = "sealed"
UNSEALED = (SEAL, "csrfmiddlewaretoken")


def seal(request: HttpRequest) -> str:
    """Return the SHA-256 of the path and the submitted fields; a field changed afterwards brings up a new preview."""
    fields = sorted((name, request.POST.getlist(name)) for name in request.POST if name not in UNSEALED)
    return hashlib.sha256(json.dumps([request.path, fields]).encode()).hexdigest()


def sealed(request: HttpRequest) -> bool:
    """Return whether the submitted form is the one that was previewed."""
    return request.POST.get(SEAL) == seal(request)
