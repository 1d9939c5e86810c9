"""Switch hints on at the demo's points of a queue, of water and of rubbish, each drawn on the street by day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model

from streams.cameras.models import Camera
from streams.looks.streets.models import HintKind, HintSetting
from streams.setup import references
from streams.setup.probe import CameraSnapshot

DRAWN_BY = "operator"


@dataclass(frozen=True, slots=True)
class DrawnHint:
    """A kind of hint on one of the simulator's streets, in fractions of its picture. minutes: for rubbish."""

    street: str
    kind: HintKind
    polygon: Sequence[tuple[float, float]]
    minutes: int = 20


LANE = ((0.355, 0.5), (0.44, 0.5), (0.7, 0.99), (0.375, 0.99))
KERB = ((0.655, 0.45), (0.74, 0.43), (0.85, 0.6), (0.74, 0.63))
GAUGE = ((0.265, 0.483), (0.3, 0.483), (0.3, 0.55), (0.265, 0.55))
HINTS: Mapping[str, DrawnHint] = {  # by code, the first point of each street: only there the scene changes
    "PLB-002": DrawnHint("jembatan", HintKind.CONGESTION, LANE),
    "PLB-008": DrawnHint("pasar", HintKind.RUBBISH, KERB, minutes=5),
    "PLB-014": DrawnHint("rendah", HintKind.WATER, GAUGE),
}


def switch_on(cameras: Sequence[Camera], street: Callable[[str], CameraSnapshot | None], now: datetime) -> int:
    """Draw the places of those points that have a camera and no hints yet; return how many are new.

    street: returns the street by day, for the reference; None when there is no footage of it. Whatever the operator
    has drawn or switched off stays as it is. Nothing is drawn when the demo's operator is gone.
    """
    operator = get_user_model().objects.filter(username=DRAWN_BY).first()
    known = set(HintSetting.objects.values_list("camera", flat=True))
    new = 0
    for camera in cameras:
        drawn = HINTS.get(camera.place.point_code or "")
        if operator is None or drawn is None or camera.pk in known or (seen := street(drawn.street)) is None:
            continue
        if camera.reference_at is None:
            references.keep_reference(camera, seen)
        HintSetting.objects.create(
            camera=camera,
            kind=drawn.kind,
            on=True,
            polygon=[list(corner) for corner in drawn.polygon],
            minutes=drawn.minutes,
            since=now,
            by=operator,
        )
        new += 1
    return new
