"""Template tag for the live player's texts, which a page includes once however many players it has."""

from typing import Any

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from streams.cameras import words as cameras_words

register = template.Library()


@register.simple_tag(takes_context=True)
def live_words(context: dict[str, Any]) -> SafeString:
    """Return the texts as JSON for static/js/live/parts.js, the first time per request; later "".

    A page whose players are all created by scripts must call it itself.
    """
    request = context["request"]
    if getattr(request, "live_words_included", False):
        return SafeString("")
    request.live_words_included = True
    return json_script(cameras_words.live_words(), "live-words")
