"""The pictures of false alarms, with what the camat said of them: what the detector should have seen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from streams.detect.crops import as_picture
from streams.detect.evaluation import LabelledPicture
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.pixels.shapes import DrawnZone

Kind = Evidence.Kind
# Full pictures only: what was kept while the counter stood empty is too small to judge again.
KINDS = (Kind.LAST_STAFFED, Kind.FIRST_EMPTY, Kind.DEADLINE, Kind.END)


@dataclass(frozen=True, slots=True)
class ReviewSet:
    stills: list[LabelledPicture]
    false_alarms: int
    lost: int  # pictures that were destroyed or do not open


def review_set() -> ReviewSet:
    """Every picture of an indication that stands as a false alarm because staff was there."""
    alerts = [alert for alert in Alert.objects.filter(outcome=DecisionAct.FALSE_ALARM) if _staff_was_there(alert)]
    rows = Evidence.objects.filter(alerts__in=alerts, form=Evidence.Form.ORIGINAL, kind__in=KINDS).distinct()
    found = list(_stills(rows.select_related("counter")))
    stills = [still for still in found if still]
    return ReviewSet(stills, len(alerts), len(found) - len(stills))


def _staff_was_there(alert: Alert) -> bool:
    standing = alert.decisions.filter(what=DecisionAct.FALSE_ALARM, undone_by=None).order_by("-pk").first()
    return standing is not None and standing.reason == Decision.Reason.STAFF_THERE


def _stills(rows: Iterable[Evidence]) -> Iterator[LabelledPicture | None]:
    for row in rows:
        try:
            data = store.path_of(row).read_bytes()
        except OSError:
            yield None
            continue
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        polygon = tuple((float(x), float(y)) for x, y in row.facts.get("polygon", ()))
        if image is None or len(polygon) < 3:
            yield None
            continue
        zone = DrawnZone(row.pk, row.counter_id, polygon, row.counter.quorum)
        yield LabelledPicture(f"{row.kind} {row.pk}", as_picture(image), zone, staffed=True)
