"""Tags for the parts of which a board shows hundreds. Their HTML is kept by all that it depends on."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from discipline.board.payloads import IndicationRow, OfficeRow
from discipline.templatetags.live import day_of, lasting

register = template.Library()

TILES = 1024
FEED_ROWS = 1024


class _Values:
    """The values of a template, equal to others that are written alike."""

    __slots__ = ("key", "values")

    def __init__(self, **values: Any) -> None:
        self.values = values
        self.key = repr(values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Values) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)


@register.simple_tag
def office_tile(row: OfficeRow) -> SafeString:
    """Render the tile of an office: {% office_tile row %}."""
    return _tile(get_language(), lasting(row["timed_from"]), _Values(row=row))


@register.simple_tag
def feed_rows(feed: Sequence[IndicationRow], named: set[int]) -> SafeString:
    """Render indications with their days, newest first; those of offices (ids) that are not `named` are hidden."""
    language, day, rendered = get_language(), "", []
    for alert in feed:
        before, day = day, day_of(alert["since"])
        texts = (language, day, lasting(alert["since"], alert["ended_at"]))
        hidden = alert["kelurahan_id"] not in named
        rendered.append(_feed_row(texts, _Values(alert=alert, same_day=day == before, unnamed=hidden)))
    return mark_safe("".join(rendered))  # noqa: S308 each is a rendered template


# The texts before `values` depend on the language and the present moment as well.


@lru_cache(TILES)
def _tile(_language: str | None, _lasting: str, values: _Values) -> SafeString:
    return mark_safe(get_template("board/tile.html").render(values.values))  # noqa: S308 a rendered template


@lru_cache(FEED_ROWS)
def _feed_row(_texts: tuple[str | None, str, str], values: _Values) -> SafeString:
    alert, unnamed = values.values["alert"], values.values["unnamed"]
    named = None if not unnamed else ()
    shown = {"alert": alert, "days": True, "same_day": values.values["same_day"], "named": named}
    return mark_safe(get_template("alerts/row.html").render(shown))  # noqa: S308 a rendered template
