"""What the room's queue shows of residents' reports: those that wait for verification."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from discipline.complaints.finding import complaints_in, is_late
from discipline.complaints.models import Complaint
from discipline.complaints.state_rule import ComplaintState
from discipline.incidents.models import Priority
from discipline.incidents.queue.items_rule import ItemKind, QueueAct, QueueItem
from offices.access.gate import Scope

MOST = 200


class ComplaintSource:
    """The reports of the queue. Private ones are shown to the inspectorate alone, as everywhere."""

    def items(self, scope: Scope, now: datetime) -> Iterator[QueueItem]:
        """Yield the reports that wait for verification, those whose deadline comes first before others."""
        waiting = complaints_in(scope).filter(state=ComplaintState.OPEN.value)
        for one in waiting.select_related("kind__incident_kind").order_by("verify_by", "pk")[:MOST]:
            late = is_late(one, now)
            yield QueueItem(
                ItemKind.REPORT,
                one.pk,
                priority_of(one, late=late),
                one.opened_at or one.created_at,
                f"{one.number} {one.kind.name}",
                one.place.name if one.place else one.address,
                _("verifikasi terlambat") if late else one.get_state_display(),
                reverse("complaint", args=[one.pk]),
                may=frozenset() if one.private else frozenset({QueueAct.SPOTLIGHT}),
            )

    def begun_since(self, since: datetime) -> int:
        """Return how many reports that are not private were opened after that moment."""
        return Complaint.objects.filter(opened_at__gt=since, private=False).count()

    def pin(self, scope: Scope, number: int) -> tuple[float, float] | None:
        """Return where the report is, in degrees."""
        found = complaints_in(scope).filter(pk=number, private=False).first()
        return (found.latitude, found.longitude) if found else None


def priority_of(complaint: Complaint, *, late: bool) -> int:
    """Return the usual priority of the type of incident that it would open, high at least for a late one."""
    kind = complaint.kind.incident_kind
    usual = kind.priority if kind else Priority.MEDIUM.value
    return min(usual, Priority.HIGH.value) if late else usual
