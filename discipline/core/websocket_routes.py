"""Reversing of websocket routes, like django.urls.reverse for views."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.urls import reverse


def reverse_websocket(name: str, *args: object) -> str:
    """Return the path of a named route in `websocket_urlpatterns` of the root URLconf.

    Raises NoReverseMatch for an unknown name or arguments that don't match.
    """
    routes: Any = tuple(
        import_module(settings.ROOT_URLCONF).websocket_urlpatterns
    )  # a tuple, because resolvers are cached by URLconf
    return reverse(name, urlconf=routes, args=args)
