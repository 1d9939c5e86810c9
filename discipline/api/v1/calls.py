"""The type of a webhook call's body."""

from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext_noop as _
from pydantic import Field

from discipline.api.access.models import EVENTS_OF
from discipline.api.v1.city.schemas import AgencyTask, Complaint, Incident
from discipline.api.v1.schemas import Envelope, Indication

if TYPE_CHECKING:  # mypy supports no Literal of computed values
    EVENT = str
else:
    EVENT = Literal[(*(f"{topic}.{event}" for topic, events in EVENTS_OF.items() for event in events), "test")]
ONLY = _("Hanya dalam peristiwanya.")


class Call(Envelope):
    """The body of a webhook call: what it is about, as the API answers when it is sent."""

    id: str = Field(description=_("Sama dengan Idempotency-Key."))
    event: EVENT
    indication: Indication | None = Field(None, description=ONLY)
    incident: Incident | None = Field(None, description=ONLY)
    task: AgencyTask | None = Field(None, description=ONLY)
    complaint: Complaint | None = Field(None, description=ONLY)
