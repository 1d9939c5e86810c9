"""The types of single values in parameters and responses: codes, keys, days and enumerations."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from django.utils.translation import gettext_noop as _
from pydantic import BeforeValidator, Field, StringConstraints

from discipline.alerts.decisions.rule import DECISIONS
from discipline.api.access.models import ApiRight
from discipline.staffing.alert_kinds import ACCUSATIONS
from discipline.staffing.rule import State

if TYPE_CHECKING:  # mypy supports no Literal of computed values
    KIND = str
    OUTCOME = str
    OUTCOME_OR_NONE = str
    RIGHT = str
    STATE = str
else:
    KIND = Literal[tuple(kind.value for kind in ACCUSATIONS)]
    OUTCOME = Literal[tuple(outcome.value for outcome in DECISIONS)]
    OUTCOME_OR_NONE = Literal[(*(outcome.value for outcome in DECISIONS), "none")]
    RIGHT = Literal[tuple(right.value for right in ApiRight)]
    STATE = Literal[tuple(state.value for state in State)]

KecamatanCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$")]
KelurahanCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$")]
# Path parameters.
OfficeCode = Annotated[KelurahanCode, Field(description=_("Kode kelurahan."), examples=["16.71.01.1001"])]
Number = Annotated[int, Field(ge=1, le=2**31 - 1, description=_("Nomor indikasi."))]
PlaceKey = Annotated[
    str,
    Field(
        pattern=r"^(kota|[0-9]{2}\.[0-9]{2}\.[0-9]{2}(\.[0-9]{4})?|loket-[0-9]{1,9})$",
        description=_("kota, kode kecamatan atau kelurahan, atau loket- dengan nomor loket."),
        examples=["16.71.01"],
    ),
]
PeriodKey = Annotated[
    str,
    Field(
        pattern=r"^[0-9TW.-]{4,22}$",
        description=_("2026-11-22, 2026-W47, 2026-11, 2026-T4, 2026, atau 2026-11-03..2026-11-09."),
        examples=["2026-W47"],
    ),
]


def _iso_day(value: object) -> object:
    """Accept only 2026-11-23. Pydantic would also take epoch seconds and datetimes, which are mistakes here."""
    if isinstance(value, str) and len(value) != len("2026-11-23"):
        raise ValueError("not a day")
    return value


Day = Annotated[date, BeforeValidator(_iso_day)]
