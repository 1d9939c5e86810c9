"""Write one piece of evidence, a still or a clip, to the pending files. Raises OSError when the disk refuses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2

from streams.evidence import pending
from streams.evidence.controls import add_pending_controls
from streams.evidence.policy import ClipOrder, EvidenceKind, StillOrder
from streams.pixels.jpeg import decode_jpeg, encode_jpeg
from streams.pixels.shapes import DrawnZone
from streams.source.mp4_file import Keyframe, MuxError, decode_keyframe, write_mp4
from streams.source.ring import Clip

QUALITY, THUMB_QUALITY, THUMB_WIDTH = 92, 75, 200


@dataclass(frozen=True, slots=True)
class PieceOrigin:
    """Which counter a piece is about and which camera saw it, with the camera's zones then."""

    counter: int
    camera: int
    camera_name: str
    zones: Sequence[DrawnZone]

    @property
    def zone(self) -> DrawnZone | None:
        """The counter's zone."""
        return next((zone for zone in self.zones if zone.counter == self.counter), None)

    def facts(self) -> dict[str, Any]:
        """Return what is stored with the piece about its origin."""
        polygon = [list(point) for point in self.zone.polygon] if self.zone else []
        return {"camera": self.camera, "camera_name": self.camera_name, "polygon": polygon}


def write_still(origin: PieceOrigin, order: StillOrder) -> None:
    """Write a still, and at the deadline the control pictures. Raises MuxError when the picture does not decode."""
    seen, picture = order.seen, order.seen.picture
    image = decode_keyframe(picture) if isinstance(picture, Keyframe) else decode_jpeg(picture)
    if image is None:
        raise MuxError("not a picture")
    quality = QUALITY
    if order.kind is EvidenceKind.DURING:
        quality, size = THUMB_QUALITY, (THUMB_WIDTH, round(THUMB_WIDTH * image.shape[0] / image.shape[1]))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    facts = origin.facts() | {
        "boxes": [[*(round(v, 4) for v in (b.x0, b.y0, b.x1, b.y1)), round(b.score, 2)] for b in seen.boxes],
        "look": seen.look.value,
        "reason": seen.reason,
        "people": seen.people,
        "step": seen.step,
        "width": image.shape[1],
        "height": image.shape[0],
    }
    if seen.controls:
        facts["controls"] = {"seen": seen.controls.seen, "shown": seen.controls.shown}

    def write(path: Path) -> dict[str, Any]:
        path.write_bytes(encode_jpeg(image, quality))
        return facts

    pending.add_file(origin.counter, order.run, order.kind, seen.at, write)
    if order.kind is EvidenceKind.DEADLINE and seen.controls and seen.controls.pictures:
        quorum = origin.zone.quorum if origin.zone else 1
        add_pending_controls(origin.counter, order.run, seen.at, seen.controls, origin.facts() | {"quorum": quorum})


def write_clip(origin: PieceOrigin, order: ClipOrder, clip: Clip, clock: float) -> None:
    """Write a clip. `clock`: its moment on the reader's clock. Raises MuxError."""
    began = order.moment - timedelta(seconds=clock - clip.began)
    times = {"at": began.isoformat(), "moment": order.moment.isoformat()}
    pending.add_file(
        origin.counter, order.run, order.kind, order.moment, lambda path: origin.facts() | write_mp4(clip, path) | times
    )
