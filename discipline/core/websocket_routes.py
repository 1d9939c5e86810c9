"""Addresses of websocket routes, as django.urls.reverse gives those of pages."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.urls import reverse


def reverse_websocket(name: str, *args: object) -> str:
    """Return the path of a route of `websocket_urlpatterns`, beside the root URLconf's `urlpatterns`.

    Raises NoReverseMatch for an unknown name or arguments that do not fit.
    """
    routes: Any = tuple(import_module(settings.ROOT_URLCONF).websocket_urlpatterns)  # hashable: resolvers are cached
    return reverse(name, urlconf=routes, args=args)
