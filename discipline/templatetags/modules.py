"""Template tag for JavaScript modules, which preloads their imports so that they load in parallel."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from discipline.core import asset_graph

register = template.Library()


@register.simple_tag
def module(name: str) -> SafeString:
    """Render the script element of a module, and modulepreload links: {% module "js/board/board.js" %}."""
    preloads = format_html_join(
        "", '<link rel="modulepreload" href="{}">', ((static(other),) for other in asset_graph.imported_modules(name))
    )
    return format_html('{}<script src="{}" type="module"></script>', preloads, static(name))
