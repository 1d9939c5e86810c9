"""All models of the app: offices, their counters and hours, and users' roles."""

from offices.access.models import Membership
from offices.hours.models import (
    Closure,
    ClosureRequest,
    HolidayOverride,
    HoursPlan,
    Scoped,
    scope_columns,
    validity_column,
)
from offices.places.models import Counter, Kecamatan, Kelurahan

__all__ = [
    "Closure",
    "ClosureRequest",
    "Counter",
    "HolidayOverride",
    "HoursPlan",
    "Kecamatan",
    "Kelurahan",
    "Membership",
    "Scoped",
    "scope_columns",
    "validity_column",
]
