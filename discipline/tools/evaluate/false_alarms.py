"""Pictures of false alarms, labelled by the camat's decision, to evaluate the detector on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from streams.detect.crops import as_picture
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.looks.evaluation import LabelledPicture
from streams.pixels.jpeg import decode_jpeg
from streams.pixels.shapes import DrawnZone

Kind = Evidence.Kind
# Full pictures only: those kept during the absence are too small to judge again.
KINDS = (Kind.LAST_STAFFED, Kind.FIRST_EMPTY, Kind.DEADLINE, Kind.END)


@dataclass(frozen=True, slots=True)
class ReviewSet:
    """The pictures to evaluate, how many false alarms they come from, and how many of the pictures are lost."""

    stills: list[LabelledPicture]
    false_alarms: int
    lost: int  # pictures that were destroyed or do not open


def review_set() -> ReviewSet:
    """Return the pictures of every indication whose standing decision is a false alarm because staff was there."""
    alerts = [alert for alert in Alert.objects.filter(outcome=DecisionAct.FALSE_ALARM) if _staff_was_there(alert)]
    rows = Evidence.objects.filter(alerts__in=alerts, form=Evidence.Form.ORIGINAL, kind__in=KINDS).distinct()
    pictures = list(_stills(rows.select_related("counter")))
    stills = [still for still in pictures if still]
    return ReviewSet(stills, len(alerts), len(pictures) - len(stills))


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
