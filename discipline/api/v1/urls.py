"""URLs below /api/v1/."""

from typing import Any

from django.urls import URLPattern, path

from discipline.api.v1 import views as v1_views
from discipline.api.v1.api import api
from discipline.api.v1.conditional_get import conditional_get, unknown_address

WRITING = {"api-incidents": ("POST",)}  # what may be asked besides GET and HEAD


def operations() -> list[URLPattern]:
    """Return ninja's URL patterns with their views wrapped, without its root, which our description replaces."""
    patterns: list[Any] = api.urls[0]
    return [
        path(str(pattern.pattern), conditional_get(pattern.callback, WRITING.get(pattern.name, ())), name=pattern.name)
        for pattern in patterns
        if pattern.name != "api-root"
    ]


urlpatterns = [
    path("", v1_views.description, name="api-description"),
    path("openapi.json", v1_views.openapi, name="api-schema"),
    *operations(),
    path("<path:rest>", unknown_address, name="api-missing"),
]
