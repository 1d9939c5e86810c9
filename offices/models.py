"""Who, where, when: the city's offices, their counters, their hours, and who may see what."""

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
from offices.places.models import Agency, Counter, Kecamatan, Kelurahan, Place, Subject

__all__ = [
    "Agency",
    "Closure",
    "ClosureRequest",
    "Counter",
    "HolidayOverride",
    "HoursPlan",
    "Kecamatan",
    "Kelurahan",
    "Membership",
    "Place",
    "Scoped",
    "Subject",
    "scope_columns",
    "validity_column",
]
