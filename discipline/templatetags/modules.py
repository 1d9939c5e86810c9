"""A module of static/js/ with all that it imports, fetched at once instead of one after the other."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from discipline.core import asset_graph

register = template.Library()


@register.simple_tag
def module(name: str) -> SafeString:
    """{% module "js/board/board.js" %}"""
    ahead = format_html_join(
        "", '<link rel="modulepreload" href="{}">', ((static(other),) for other in asset_graph.imported_modules(name))
    )
    return format_html('{}<script src="{}" type="module"></script>', ahead, static(name))
