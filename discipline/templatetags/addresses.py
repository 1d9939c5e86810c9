"""Template tags for websocket paths and the current entry of menus."""

from django import template
from django.template import Context
from django.urls import resolve, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from discipline.core.websocket_routes import reverse_websocket
from offices.access.page_before import address_before

register = template.Library()


@register.simple_tag
def ws_url(name: str, *args: object) -> str:
    """Return the path of a websocket route: {% ws_url 'office' office.code %}. Raises NoReverseMatch."""
    return reverse_websocket(name, *args)


@register.simple_tag(takes_context=True)
def page_before(context: Context) -> str:
    """Return the address of the page whose form was sent, or the board's."""
    return address_before(context["request"])


@register.simple_tag(takes_context=True)
def current(context: Context, *names: str, page: str = "page", section: str = "") -> SafeString:
    """Return the aria-current attribute of a menu entry for the URL names `names`, empty on other pages.

    `page` is its value on those pages; `section`, if not empty, on pages whose routes have the same first part.
    """
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None:  # an unknown path, or a template rendered without a request
        return SafeString("")
    value = ""
    if match.view_name in names:
        value = page
    elif section and _part(match.route) in {_part(resolve(reverse(name)).route) for name in names}:
        value = section
    return format_html(' aria-current="{}"', value) if value else SafeString("")


def _part(route: str) -> str:
    return route.partition("/")[0]
