"""Addresses below /api/v1/."""

from typing import Any

from django.urls import URLPattern, path

from discipline.api.v1 import views as v1_views
from discipline.api.v1.api import api
from discipline.api.v1.conditional_get import conditional_get, unknown_address


def operations() -> list[URLPattern]:
    """Ninja's own patterns, each behind the door; without its root, whose place the description takes."""
    found: list[Any] = api.urls[0]
    behind = []
    for pattern in found:
        if pattern.name != "api-root":
            behind.append(path(str(pattern.pattern), conditional_get(pattern.callback), name=pattern.name))
    return behind


urlpatterns = [
    path("", v1_views.description, name="api-description"),
    path("openapi.json", v1_views.openapi, name="api-schema"),
    *operations(),
    path("<path:rest>", unknown_address, name="api-missing"),
]
