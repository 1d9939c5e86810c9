"""The typed query parameters of the lists of incidents, tasks and residents' reports."""

from typing import Annotated, Literal

from django.utils.translation import gettext_noop as _
from pydantic import Field

from discipline.api.v1.city.schemas import COMPLAINT_STATE, INCIDENT_STATE, SLUG, TASK_STATE, Code
from discipline.api.v1.queries import Nothing, OfDays

RowNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]
ONLY_KIND, ONLY_STATE = _("Hanya jenis ini."), _("Hanya keadaan ini.")


class OfIncidents(OfDays):
    """A list of incidents by the day on which they were opened, and by the kelurahan nearest to them."""

    jenis: Code | Nothing = Field(None, description=ONLY_KIND)
    keadaan: INCIDENT_STATE | Nothing = Field(None, description=ONLY_STATE)
    terbuka: Literal["ya", "tidak"] | Nothing = Field(None, description=_("Hanya yang masih, atau tidak lagi terbuka."))


class OfTasks(OfDays):
    """A list of tasks by the day on which they were asked for, and by the kelurahan that was asked."""

    keadaan: TASK_STATE | Nothing = Field(None, description=ONLY_STATE)
    instansi: Annotated[str, Field(pattern=SLUG)] | Nothing = Field(None, description=_("Kode instansi."))
    kejadian: RowNumber | Nothing = Field(None, description=_("Nomor kejadian."))


class OfComplaints(OfDays):
    """A list of reports by the day on which they were sent, and by the kelurahan office that they are about."""

    jenis: Code | Nothing = Field(None, description=ONLY_KIND)
    keadaan: COMPLAINT_STATE | Nothing = Field(None, description=ONLY_STATE)


# Path parameters.
IncidentNumber = Annotated[RowNumber, Field(description=_("Nomor kejadian."))]
TaskNumber = Annotated[RowNumber, Field(description=_("Nomor tugas."))]
ComplaintNumber = Annotated[RowNumber, Field(description=_("Nomor laporan, tanpa RA-."))]
