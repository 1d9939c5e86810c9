"""Keyset pagination: a signed cursor names the last row of a page, so rows added meanwhile don't shift the next one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from discipline.api.v1.problems import unreadable_parameter

Row = TypeVar("Row", bound=Model)
READERS: Mapping[type, Callable[[Any], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    int: int,
    str: str,
}


@dataclass(frozen=True, slots=True)
class ListingOrder:
    """The sort order of a listing: lookups that together identify a row, with their types, all in one direction."""

    listing: str
    keys: tuple[tuple[str, type], ...]
    newest_first: bool = False

    def page(self, rows: QuerySet[Row], cursor: str, limit: int) -> tuple[list[Row], str | None]:
        """Return up to `limit` rows after the cursor ("": from the start), and the next page's cursor or None.

        Raises ApiProblem 422 for a cursor of another listing, or one that isn't ours.
        """
        if cursor:
            rows = rows.filter(self._after(self._read(cursor)))
        names = [f"-{name}" if self.newest_first else name for name, _type in self.keys]
        page = list(rows.order_by(*names)[: limit + 1])
        more, page = len(page) > limit, page[:limit]
        return page, self._cursor(page[-1]) if more else None

    def _cursor(self, row: Model) -> str:
        values = [_lookup_value(row, name) for name, _type in self.keys]
        return self._signer().sign_object([v.isoformat() if isinstance(v, date) else v for v in values])

    def _read(self, cursor: str) -> list[Any]:
        try:
            values = self._signer().unsign_object(cursor)
        except BadSignature as error:
            raise unreadable_parameter("cursor", _("Bukan kursor dari halaman sebelumnya dari daftar ini.")) from error
        return [READERS[kind](value) for (_name, kind), value in zip(self.keys, values, strict=True)]

    def _after(self, values: list[Any]) -> Q:
        """Filter rows after the values: (a, b) is after (x, y) when a is after x, or a = x and b is after y.

        Adds that a is not before x, a redundant condition that an index can serve.
        """
        after = "lt" if self.newest_first else "gt"
        beyond, same = Q(), Q()
        for (name, _type), value in zip(self.keys, values, strict=True):
            beyond |= same & Q(**{f"{name}__{after}": value})
            same &= Q(**{name: value})
        return Q(**{f"{self.keys[0][0]}__{after}e": values[0]}) & beyond

    def _signer(self) -> Signer:
        return Signer(salt=f"sidak.api.{self.listing}")


def _lookup_value(row: Model, lookup: str) -> Any:
    """Return the value that a lookup such as "counter__kelurahan__code" leads to."""
    value: Any = row
    for name in lookup.split("__"):
        value = getattr(value, name)
    return value
