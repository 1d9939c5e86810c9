"""A change is shown before it is made: the button that makes it carries a seal of what was filled in."""

import hashlib
import json

from django.http import HttpRequest

SEAL = "sealed"
APART = (SEAL, "csrfmiddlewaretoken")


def seal(request: HttpRequest) -> str:
    """Of the form as it was sent: whoever changes a field afterwards sees the preview again."""
    said = sorted((name, request.POST.getlist(name)) for name in request.POST if name not in APART)
    return hashlib.sha256(json.dumps([request.path, said]).encode()).hexdigest()


def sealed(request: HttpRequest) -> bool:
    return request.POST.get(SEAL) == seal(request)
