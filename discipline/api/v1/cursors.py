"""Paging by position: a cursor says after which row a page begins, so that rows that come meanwhile move nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from discipline.api.v1.problems import unreadable_parameter

READERS: Mapping[type, Callable[[Any], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    int: int,
    str: str,
}


@dataclass(frozen=True, slots=True)
class ListingOrder:
    """What a listing is sorted by: lookups that together name one row, each with its type, all in one direction."""

    listing: str
    keys: tuple[tuple[str, type], ...]
    newest_first: bool = False

    def page(self, rows: QuerySet[Any], cursor: str, limit: int) -> tuple[list[Any], str | None]:
        """Up to `limit` rows after the cursor (the first ones for none), and the cursor of the next page or None."""
        if cursor:
            rows = rows.filter(self._after(self._read(cursor)))
        names = [f"-{name}" if self.newest_first else name for name, _type in self.keys]
        found = list(rows.order_by(*names)[: limit + 1])
        more, found = len(found) > limit, found[:limit]
        return found, self._cursor(found[-1]) if more else None

    def _cursor(self, row: Any) -> str:
        values = [_lookup_value(row, name) for name, _type in self.keys]
        return self._signer().sign_object([v.isoformat() if isinstance(v, date) else v for v in values])

    def _read(self, cursor: str) -> list[Any]:
        try:
            values = self._signer().unsign_object(cursor)
        except BadSignature as error:
            raise unreadable_parameter("cursor", _("Bukan kursor dari halaman sebelumnya dari daftar ini.")) from error
        return [READERS[kind](value) for (_name, kind), value in zip(self.keys, values, strict=True)]

    def _after(self, values: list[Any]) -> Q:
        """(a, b) after (x, y) is: a after x, or a = x and b after y. And a not before x: that an index can find."""
        after = "lt" if self.newest_first else "gt"
        beyond, same = Q(), Q()
        for (name, _type), value in zip(self.keys, values, strict=True):
            beyond |= same & Q(**{f"{name}__{after}": value})
            same &= Q(**{name: value})
        return Q(**{f"{self.keys[0][0]}__{after}e": values[0]}) & beyond

    def _signer(self) -> Signer:
        return Signer(salt=f"sidak.api.{self.listing}")


def _lookup_value(row: Any, lookup: str) -> Any:
    """The value at "counter__kelurahan__code"."""
    for name in lookup.split("__"):
        row = getattr(row, name)
    return row
