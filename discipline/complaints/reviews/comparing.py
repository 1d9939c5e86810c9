"""Record what a person found by laying a report about a counter beside the record."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from discipline.complaints import steps
from discipline.complaints.counter_check import CounterCheck, CounterLine
from discipline.complaints.models import Complaint
from discipline.complaints.reviews.models import AlertConfirmation, CameraMistake
from discipline.complaints.seen_rule import CounterSeen, SeenOutcome
from discipline.complaints.state_rule import ComplaintStepRefused
from offices.access.gate import Scope, User
from offices.places.models import Counter
from streams.evidence.recording.rights import recorded_cameras
from streams.live.recordings.finding import was_recorded


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a person found. counter, text: of CAMERA_WRONG, which counter it was and how that is known."""

    outcome: SeenOutcome
    counter: int | None = None
    text: str = ""


def compare(complaint: Complaint, found: Comparison, check: CounterCheck, by: User, now: datetime) -> None:
    """Record it. Raises ComplaintStepRefused for what `check` does not bear out."""
    assert by.pk is not None
    if found.outcome is SeenOutcome.CONFIRMED and not check.alerts:
        raise ComplaintStepRefused(ComplaintStepRefused.NO_INDICATION)
    wrong = found.outcome is SeenOutcome.CAMERA_WRONG
    if wrong and (not found.text.strip() or found.counter not in {line.counter for line in seen_staffed(check)}):
        raise ComplaintStepRefused(ComplaintStepRefused.MISTAKE)
    with transaction.atomic():
        steps.compare(complaint, found.outcome, by, now, found.text if wrong else "")
        if found.outcome is SeenOutcome.CONFIRMED:
            for alert in check.alerts:
                known = {"at": now, "by_id": by.pk}
                AlertConfirmation.objects.get_or_create(complaint=complaint, alert=alert, defaults=known)
        if wrong and found.counter is not None:
            mistake = {"seen_at": check.at, "text": found.text.strip(), "at": now, "by_id": by.pk}
            CameraMistake.objects.get_or_create(complaint=complaint, counter_id=found.counter, defaults=mistake)


def seen_staffed(check: CounterCheck) -> list[CounterLine]:
    """Return the counters at which the camera saw staff: only there may it have been wrong."""
    return [line for line in check.counters if line.seen is CounterSeen.STAFFED]


def recorded_then(check: CounterCheck, scope: Scope) -> dict[int, int]:
    """Return, by counter, the camera that was recorded then and whose recordings the user may see."""
    if not scope.inspects:
        return {}
    counters = Counter.objects.filter(pk__in=[line.counter for line in check.counters], subject__zone__isnull=False)
    cameras = recorded_cameras(scope).in_bulk(list(counters.values_list("subject__zone__camera", flat=True)))
    shown = {pk for pk, camera in cameras.items() if was_recorded(camera, check.at - check.around, check.at)}
    pairs = counters.values_list("pk", "subject__zone__camera")
    return {counter: camera for counter, camera in pairs if camera in shown}
