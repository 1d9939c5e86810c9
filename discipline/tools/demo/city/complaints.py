"""The demo's reports of residents: rubbish that the public reads, and a counter that somebody found empty.

All of it is made up.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from django.contrib.auth import get_user_model

from discipline.alerts.models import Alert
from discipline.complaints import steps
from discipline.complaints.filing import NewComplaint, file_complaint
from discipline.complaints.models import Complaint, ComplaintKind
from discipline.complaints.state_rule import ComplaintState
from discipline.complaints.steps import ComplaintStepWanted, take_complaint_step
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.places.models import Kelurahan, Place


def seed_complaints(now: datetime) -> int:
    """Send a report about rubbish and one about an empty counter; return how many, 0 if there are any."""
    operator = get_user_model().objects.filter(username="operator").first()
    if Complaint.objects.exists() or operator is None:
        return 0
    area = Kelurahan.objects.first()
    if area is None:
        return 0
    at = now - timedelta(hours=20)
    rubbish = _send("rubbish", "Sampah menumpuk di tepi jalan sejak kemarin", None, area, at)
    newest = rubbish.steps.values_list("pk", flat=True).last() or 0
    take_complaint_step(rubbish, ComplaintStepWanted(ComplaintState.VERIFIED, newest), operator, at)
    steps.publish(rubbish, rubbish.text, operator, at, rubbish.address)
    found = Alert.objects.filter(kind__in=ACCUSATIONS, counter__kelurahan__isnull=False, since__lt=now).order_by(
        "-since"
    )
    alert = found.select_related("counter__kelurahan").first()
    office = alert.counter.kelurahan if alert and alert.counter.kelurahan else area
    seen_at = alert.since + timedelta(minutes=5) if alert else now - timedelta(hours=1)
    place = Place.objects.get(kelurahan=office)
    _send("counter", "Loket kosong, antrean tidak dilayani", place, office, now, seen_at)
    return 2


def _send(
    kind: str, text: str, place: Place | None, near: Kelurahan, at: datetime, happened_at: datetime | None = None
) -> Complaint:
    """Send a report about the office, or about a pin at it."""
    new = NewComplaint(
        key=uuid4(),
        kind=ComplaintKind.objects.get(code=kind),
        place=place,
        latitude=near.latitude,
        longitude=near.longitude,
        text=text,
        language="id",
        happened_at=happened_at,
    )
    return file_complaint(new, at).complaint
