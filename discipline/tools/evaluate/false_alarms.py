"""Pictures on which people found the detector wrong, to evaluate it on.

False alarms are labelled by the camat's decision; counters that were empty although the camera saw staff, by who laid a
resident's report beside the record.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.complaints.reviews.models import CameraMistake
from streams.cameras.models import Zone
from streams.detect.crops import as_picture
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.live.recordings.preview import image_of, preview_at
from streams.looks.evaluation import LabelledPicture
from streams.pixels.jpeg import decode_jpeg
from streams.pixels.shapes import DrawnZone

Kind = Evidence.Kind
# Full pictures only: those kept during the absence are too small to judge again.
KINDS = (Kind.LAST_STAFFED, Kind.FIRST_EMPTY, Kind.DEADLINE, Kind.END)


@dataclass(frozen=True, slots=True)
class ReviewSet:
    """The pictures to evaluate, how many false alarms and mistakes they come from, and how many of them are lost."""

    stills: list[LabelledPicture]
    false_alarms: int
    mistakes: int  # of cameras that saw staff at an empty counter
    lost: int  # pictures that were destroyed or do not open


def review_set() -> ReviewSet:
    """Return the pictures of every indication whose standing decision is a false alarm because staff was there.

    Then what was recorded at each mistake that stands, with the zone as it is: as lost, if it was drawn later.
    """
    alerts = [alert for alert in Alert.objects.filter(outcome=DecisionAct.FALSE_ALARM) if _staff_was_there(alert)]
    rows = Evidence.objects.filter(alerts__in=alerts, form=Evidence.Form.ORIGINAL, kind__in=KINDS).distinct()
    mistakes = [_recorded(mistake) for mistake in CameraMistake.objects.standing()]
    pictures = [*_stills(rows.select_related("counter")), *mistakes]
    stills = [still for still in pictures if still]
    return ReviewSet(stills, len(alerts), len(mistakes), len(pictures) - len(stills))


def _recorded(mistake: CameraMistake) -> LabelledPicture | None:
    """Return the recorded picture, None when there is none or its zone has changed."""
    zone = Zone.objects.select_related("camera").filter(subject__counter=mistake.counter).first()
    if zone is None or zone.changed_at > mistake.seen_at:
        return None
    preview = preview_at(zone.camera, mistake.seen_at)
    image = image_of(preview) if preview else None
    if image is None:
        return None
    polygon = tuple((float(x), float(y)) for x, y in zone.polygon)
    drawn = DrawnZone(mistake.pk, mistake.counter_id, polygon, mistake.counter.quorum)
    return LabelledPicture(f"report {mistake.complaint_id}", as_picture(image), drawn, staffed=False)


def _staff_was_there(alert: Alert) -> bool:
    decision = alert.decisions.filter(what=DecisionAct.FALSE_ALARM, undone_by=None).order_by("-pk").first()
    return decision is not None and decision.reason == Decision.Reason.STAFF_THERE


def _stills(rows: Iterable[Evidence]) -> Iterator[LabelledPicture | None]:
    """Yield a labelled picture for each row, None where the file is gone or unusable."""
    for row in rows:
        try:
            data = store.path_of(row).read_bytes()
        except OSError:
            yield None
            continue
        image = decode_jpeg(data)
        polygon = tuple((float(x), float(y)) for x, y in row.facts.get("polygon", ()))
        if image is None or row.counter is None or len(polygon) < 3:
            yield None
            continue
        zone = DrawnZone(row.pk, row.counter.pk, polygon, row.counter.quorum)
        yield LabelledPicture(f"{row.kind} {row.pk}", as_picture(image), zone, staffed=True)
