"""Addresses that pages hand to scripts, and the menu entry that a page belongs to."""

from typing import Any

from django import template
from django.urls import resolve, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from discipline.core.websocket_routes import reverse_websocket

register = template.Library()


@register.simple_tag
def ws_url(name: str, *args: object) -> str:
    """{% ws_url 'office' office.code %}: the path of a websocket route, without host. Raises NoReverseMatch."""
    return reverse_websocket(name, *args)


@register.simple_tag(takes_context=True)
def current(context: dict[str, Any], *names: str, page: str = "page", section: str = "") -> SafeString:
    """Return the aria-current attribute of a menu entry that leads to the pages `names`, or nothing.

    `page`: its value on those pages. `section`: its value on the pages below them, whose routes begin with the same
    part; empty: none.
    """
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None:  # an unknown address, or a page drawn without a request
        return SafeString("")
    value = ""
    if match.view_name in names:
        value = page
    elif section and _part(match.route) in {_part(resolve(reverse(name)).route) for name in names}:
        value = section
    return format_html(' aria-current="{}"', value) if value else SafeString("")


def _part(route: str) -> str:
    return route.partition("/")[0]
