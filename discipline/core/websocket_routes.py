"""Addresses of websocket routes, as django.urls.reverse gives those of pages."""

from importlib import import_module

from django.conf import settings
from django.urls import reverse


def reverse_websocket(name: str, *args: object) -> str:
    """Return the path of a route of `websocket_urlpatterns`, beside the root URLconf's `urlpatterns`.

    Raises NoReverseMatch for an unknown name or arguments that do not fit.
    """
    routes = tuple(import_module(settings.ROOT_URLCONF).websocket_urlpatterns)  # hashable: Django keeps the resolver
    return reverse(name, urlconf=routes, args=args)  # type: ignore[arg-type]  # a tuple of routes is fine
