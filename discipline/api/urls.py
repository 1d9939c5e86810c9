"""Addresses below /api/v1/."""

from typing import Any

from django.urls import URLPattern, path

from discipline.api import views
from discipline.api.api import api
from discipline.api.door import guarded, missing


def operations() -> list[URLPattern]:
    """Ninja's own patterns, each behind the door; without its root, whose place the description takes."""
    found: list[Any] = api.urls[0]
    behind = []
    for pattern in found:
        if pattern.name != "api-root":
            behind.append(path(str(pattern.pattern), guarded(pattern.callback), name=pattern.name))
    return behind


urlpatterns = [
    path("", views.description, name="api-description"),
    path("openapi.json", views.openapi, name="api-schema"),
    *operations(),
    path("<path:rest>", missing, name="api-missing"),
]
