"""What a request may ask for, and the parts that operations share."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from discipline.api.access.tokens import Caller
from discipline.api.v1 import queries as v1_queries
from discipline.api.v1.problems import QUERY, unreadable_parameter
from discipline.core import provenance
from offices.access.gate import within
from offices.hours.schedule import ZONE


def caller_of(request: HttpRequest) -> Caller:
    """Who asks; every operation has been authenticated."""
    found: Caller = request.auth  # type: ignore[attr-defined]
    return found


def api_operation(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Every operation. Refuses a parameter that there is none of: a filter misspelt would else tell of everything; and
    says of what it answers whether it is made up."""

    @wraps(operation)
    def strict(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        known = type(kwargs[QUERY]).model_fields if QUERY in kwargs else {}
        for name in request.GET:
            if name not in known:
                raise unreadable_parameter(name, _("Parameter ini tidak dikenal."))
        return operation(request, *args, **kwargs) | {"demo": provenance.current_history() is not None}

    return strict


def offices_filter(request: HttpRequest, path: str, kecamatan: str | None = None, kelurahan: str | None = None) -> Q:
    """Rows of the client's scope, narrowed by code. A code out of scope finds nothing, like one that is not there."""
    wanted = within(caller_of(request).scope, path)
    prefix = f"{path}__" if path else ""
    if kecamatan:
        wanted &= Q(**{f"{prefix}kecamatan__code": kecamatan})
    if kelurahan:
        wanted &= Q(**{f"{prefix}code": kelurahan})
    return wanted


def check_day_order(wanted: v1_queries.OfDays) -> None:
    if wanted.dari and wanted.sampai and wanted.sampai < wanted.dari:
        raise unreadable_parameter("sampai", _("Tanggal akhir mendahului tanggal awal."))


def day_start(day: date) -> datetime:
    """Midnight in Palembang."""
    return datetime.combine(day, time(), tzinfo=ZONE)


def day_end(day: date) -> datetime:
    """Midnight after it; the last day that a date can be has none, and nothing lies beyond it."""
    return day_start(day) + timedelta(days=1) if day < date.max else day_start(day)


def page_payload(found: tuple[Sequence[Any], str | None]) -> dict[str, Any]:
    items, following = found
    return {"items": items, "next": following}
