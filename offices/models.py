"""All models of the app: offices, their counters and hours, and users' roles."""

from offices.access.models import FileAccess, Membership
from offices.access.rights_models import RightsChange
from offices.accounts.models import ChosenLanguage, GivenPassword, SignIn
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
from offices.points.models import Point, PointBasis

__all__ = [
    "Agency",
    "ChosenLanguage",
    "Closure",
    "ClosureRequest",
    "Counter",
    "FileAccess",
    "GivenPassword",
    "HolidayOverride",
    "HoursPlan",
    "Kecamatan",
    "Kelurahan",
    "Membership",
    "Place",
    "Point",
    "PointBasis",
    "RightsChange",
    "Scoped",
    "SignIn",
    "Subject",
    "scope_columns",
    "validity_column",
]
