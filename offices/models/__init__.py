"""Who, where, when: the city's offices, their counters, their hours, and who may see what."""

from offices.models.closing import ClosureRequest
from offices.models.members import Membership
from offices.models.places import Counter, Kecamatan, Kelurahan
from offices.models.plans import (
    Closure,
    HolidayOverride,
    HoursPlan,
    Scoped,
    scope_columns,
    validity_column,
)

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
