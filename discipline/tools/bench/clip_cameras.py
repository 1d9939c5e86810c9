"""What the cameras of the bench show when they show labelled clips: zones, reference pictures and control groups."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from streams.detect.api import Picture
from streams.detect.relight import surroundings
from streams.looks.control_choice import MOST
from streams.looks.control_group import encode_control
from streams.looks.labels import LabelledClip, ZoneLabel, pictures, read_labels
from streams.simulator.labelled import CODEC, labelled_zone
from streams.simulator.layouts import layout_of

EVERY_S = 2.0  # of a clip, between pictures that become controls


@dataclass(frozen=True, slots=True)
class CameraView:
    """A camera's zone in fractions of the picture, its reference picture if it has one, and the zone's controls."""

    zone: list[list[float]]
    reference: Picture | None = None
    controls: tuple[bytes, ...] = ()


Views = Callable[[int], CameraView]  # by the camera's number, from 1


def whole_picture(_number: int) -> CameraView:
    """Return a zone of nearly the whole picture, for cameras with an unknown view."""
    return CameraView([[0.02, 0.02], [0.98, 0.02], [0.98, 0.98], [0.02, 0.98]])


def simulated_view(number: int) -> CameraView:
    """Return the staff zone of a simulated camera, as the demo draws it."""
    return CameraView([list(point) for point in layout_of(number).zone])


def clip_views(labels: Path, footage: Path) -> Views:
    """Return the views of cameras that show the clips beside `labels`, one after the other. Raises LabelError.

    footage: the folder of ensure_labelled_footage(), as cameras compress their pictures. A clip's first picture is the
    reference of its cameras; as many controls as a camera may have are pictures of it in which the zone is labelled
    staffed, the same again where there are fewer.
    """
    clips = read_labels(labels, labels.parent)
    return partial(_clip_view, clips, [_shown(footage / f"{clip.file}.{CODEC}", clip) for clip in clips])


def _clip_view(clips: list[LabelledClip], shown: list[tuple[Picture, tuple[bytes, ...]]], number: int) -> CameraView:
    return CameraView(labelled_zone(clips, number), *shown[(number - 1) % len(clips)])


def _shown(film: Path, clip: LabelledClip) -> tuple[Picture, tuple[bytes, ...]]:
    """Return a clip's reference picture and the controls of its first zone that staff are ever seen in."""
    label = next((label for label in clip.labels if label.staffed != ()), clip.labels[0])
    seen = list(pictures(film, EVERY_S))
    forwards = seen[: -(-len(seen) // 2)]  # then it plays backwards
    return seen[0][1], tuple(islice(cycle(_staffed(label, forwards)), MOST))


def _staffed(label: ZoneLabel, seen: list[tuple[float, Picture]]) -> list[bytes]:
    staffed = [image for second, image in seen if label.truth(second)]
    spread = staffed[:: max(1, -(-len(staffed) // MOST))]
    return [encode_control(image[surroundings(image, label.zone)]) for image in spread]
