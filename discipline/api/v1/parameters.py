"""Parameter checks and helpers shared by the operations."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any, Generic, TypedDict, TypeVar

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Status

from discipline.api.access.models import ApiRight
from discipline.api.access.tokens import Caller
from discipline.api.v1 import queries as v1_queries
from discipline.api.v1.problems import QUERY, ApiProblem, unreadable_parameter
from discipline.core import provenance
from offices.access.gate import Scope, within
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


def scope_for(request: HttpRequest, right: ApiRight) -> Scope:
    """Return the client's scope. Raises ApiProblem 403 without the right."""
    caller = caller_of(request)
    if not caller.may(right):
        raise ApiProblem(403, _("Token ini tidak berhak: %(right)s.") % {"right": right.label})
    return caller.scope


Payload = Mapping[str, object]
Answered = dict[str, object]


def api_operation(
    operation: Callable[..., Payload | Status[Payload]],
) -> Callable[..., Answered | Status[Answered]]:
    """Decorate every operation: refuse unknown query parameters, and add `demo` to the response.

    A misspelt filter would otherwise return everything. `demo` is true when the data is invented.
    """

    @wraps(operation)
    def strict(request: HttpRequest, *args: Any, **kwargs: Any) -> Answered | Status[Answered]:
        known = type(kwargs[QUERY]).model_fields if QUERY in kwargs else {}
        for name in request.GET:
            if name not in known:
                raise unreadable_parameter(name, _("Parameter ini tidak dikenal."))
        result = operation(request, *args, **kwargs)
        demo = {"demo": provenance.current_history() is not None}
        if isinstance(result, Status):
            return Status(result.status_code, {**result.value, **demo})
        return {**result, **demo}

    return strict


def offices_filter(request: HttpRequest, path: str, kecamatan: str | None = None, kelurahan: str | None = None) -> Q:
    """Filter rows about counters to the client's scope and by code; `path` leads to the office.

    A code out of scope matches nothing, as an unknown one does. Raises ApiProblem 403 without the right.
    """
    return within(scope_for(request, ApiRight.COUNTERS), path) & _of_areas(path, kecamatan, kelurahan)


def areas_filter(path: str, wanted: v1_queries.OfCounters) -> Q:
    """Filter rows by the codes of a query; `path` leads to the kelurahan."""
    return _of_areas(path, wanted.kecamatan, wanted.kelurahan)


def days_filter(name: str, wanted: v1_queries.OfDays) -> Q:
    """Filter rows by the local days of a query; `name` is the datetime field."""
    condition = Q()
    if wanted.dari:
        condition &= Q(**{f"{name}__gte": day_start(wanted.dari)})
    if wanted.sampai:
        condition &= Q(**{f"{name}__lt": day_end(wanted.sampai)})
    return condition


def _of_areas(path: str, kecamatan: str | None, kelurahan: str | None) -> Q:
    condition, prefix = Q(), f"{path}__" if path else ""
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
