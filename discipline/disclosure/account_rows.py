"""Read the rows of one table that are about an account, for a copy of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Field, Q
from django.utils import timezone
from django.utils.functional import Promise

from offices.access.models import FileAccess
from offices.places.models import Kelurahan

CHUNK = 2000  # rows read at a time
ACCOUNT_KEY = "account:{}:"  # how the keys of FileAccess begin that stand for copies of this account's data


@dataclass(frozen=True, slots=True)
class AccountRows:
    """Rows of one table about an account: those whose column `by`, any of them, is the account's key.

    `name` is of the file, without its ending. `columns` are paths as in a query, separated by spaces; a column with
    choices is followed by its words. Without `by` the rows are the log's lines about copies of this account.
    """

    name: str
    title: str | Promise
    model: str  # app.Model
    by: tuple[str, ...]
    columns: str

    def rows(self, user: User) -> Iterator[dict[str, Any]]:
        """Yield the rows as JSON-ready dictionaries, oldest first. Words are in the active language."""
        columns = self.columns.split()
        words = {path: choices for path in columns if (choices := self._choices(path))}
        offices = dict(Kelurahan.objects.values_list("pk", "name")) if "offices" in columns else {}
        found = apps.get_model(self.model)._default_manager.filter(self._condition(user)).order_by("pk").distinct()
        for row in found.values(*columns).iterator(CHUNK):
            told = {}
            for path, value in row.items():
                key = path.replace("__", ".")
                told[key] = [offices.get(pk, str(pk)) for pk in value] if path == "offices" else json_ready(value)
                if path in words and value not in (None, ""):
                    told[f"{key}_label"] = words[path].get(value, value)
            yield told

    def _condition(self, user: User) -> Q:
        if not self.by:
            return Q(kind=FileAccess.Kind.COPY, key__startswith=ACCOUNT_KEY.format(user.pk))
        condition = Q()
        for path in self.by:
            condition |= Q(**{path: user.pk})
        return condition

    def _choices(self, path: str) -> dict[Any, str]:
        """Return the words of a column's values; empty for a column without choices."""
        model = apps.get_model(self.model)
        *way, last = path.split("__")
        for name in way:
            related = model._meta.get_field(name).related_model
            assert related is not None
            assert not isinstance(related, str)
            model = related
        field = model._meta.get_field(last)
        choices = getattr(field, "flatchoices", ()) if isinstance(field, Field) else ()
        return {value: str(label) for value, label in choices}


def json_ready(value: Any) -> Any:
    """Return the value as JSON holds it: moments in WIB with their offset, what JSON doesn't know as text."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [json_ready(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool | dict) else str(value)
