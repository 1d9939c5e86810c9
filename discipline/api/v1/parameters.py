"""Parameter checks and helpers shared by the operations."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any, Generic, TypedDict, TypeVar

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from discipline.api.access.tokens import Caller
from discipline.api.v1 import queries as v1_queries
from discipline.api.v1.problems import QUERY, unreadable_parameter
from discipline.core import provenance
from offices.access.gate import within
from offices.hours.schedule import ZONE

Item = TypeVar("Item")


class PagePayload(TypedDict, Generic[Item]):
    """A schemas.Page without `demo`."""

    items: Sequence[Item]
    next: str | None


def caller_of(request: HttpRequest) -> Caller:
    """Return the authenticated client of the request and its scope."""
    caller: Caller = request.auth  # type: ignore[attr-defined]  # set by ninja
    return caller


def api_operation(operation: Callable[..., Mapping[str, object]]) -> Callable[..., dict[str, object]]:
    """Decorate every operation: refuse unknown query parameters, and add `demo` to the response.

    A misspelt filter would otherwise return everything. `demo` is true when the data is invented.
    """

    @wraps(operation)
    def strict(request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, object]:
        known = type(kwargs[QUERY]).model_fields if QUERY in kwargs else {}
        for name in request.GET:
            if name not in known:
                raise unreadable_parameter(name, _("Parameter ini tidak dikenal."))
        return {**operation(request, *args, **kwargs), "demo": provenance.current_history() is not None}

    return strict


def offices_filter(request: HttpRequest, path: str, kecamatan: str | None = None, kelurahan: str | None = None) -> Q:
    """Filter rows to the client's scope and by code; `path` leads to the office.

    A code out of scope matches nothing, as an unknown one does.
    """
    condition = within(caller_of(request).scope, path)
    prefix = f"{path}__" if path else ""
    if kecamatan:
        condition &= Q(**{f"{prefix}kecamatan__code": kecamatan})
    if kelurahan:
        condition &= Q(**{f"{prefix}code": kelurahan})
    return condition


def check_day_order(wanted: v1_queries.OfDays) -> None:
    """Raise ApiProblem 422 when the last day is before the first."""
    if wanted.dari and wanted.sampai and wanted.sampai < wanted.dari:
        raise unreadable_parameter("sampai", _("Tanggal akhir mendahului tanggal awal."))


def day_start(day: date) -> datetime:
    """Return the midnight in WIB at which the day begins."""
    return datetime.combine(day, time(), tzinfo=ZONE)


def day_end(day: date) -> datetime:
    """Return the midnight in WIB at which the day ends; for date.max, which has none, that at which it begins."""
    return day_start(day) + timedelta(days=1) if day < date.max else day_start(day)


def page_payload(items: Sequence[Item], next_cursor: str | None) -> PagePayload[Item]:
    """Return a page of a listing; `next_cursor` is None on the last one."""
    return {"items": items, "next": next_cursor}
