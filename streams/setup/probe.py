"""Test a camera on an operator's request, one at a time per user, so that it can't be used to scan a network."""

import base64
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import redis
from django.conf import settings

from streams.cameras.models import Camera
from streams.pixels import quality
from streams.pixels.jpeg import decode_jpeg
from streams.pixels.thumbs import PREVIEW_WIDTH, encode_preview
from streams.servers import valkey
from streams.source import newest_picture, probing

LONGEST_S = 10.0
KEY = valkey.PREFIX + ":probing:{}"


class BusyError(RuntimeError):
    """The user's previous test is still running."""


@dataclass(frozen=True, slots=True)
class CameraSnapshot:
    """A picture to draw zones on, its quality.signature and its time. `reason`: Blind value if it is unusable."""

    jpeg: bytes
    signature: bytes
    at: datetime
    reason: str = ""

    @property
    def data_url(self) -> str:
        """The JPEG as a data URL."""
        return as_data_url(self.jpeg)


def as_data_url(jpeg: bytes) -> str:
    """Return a JPEG as a data URL."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()


@contextlib.contextmanager
def one_at_a_time(user: object, longest_s: float) -> Iterator[None]:
    """Hold the only turn of the user with this id for what takes at most `longest_s`. Raises BusyError."""
    key = KEY.format(user)
    try:
        acquired = valkey.client().set(key, "1", nx=True, ex=int(longest_s * 2))
    except redis.RedisError:
        acquired = True  # operators must be able to repair cameras even without Valkey
    if not acquired:
        raise BusyError
    try:
        yield
    finally:
        with contextlib.suppress(redis.RedisError):  # the key expires by itself
            valkey.client().delete(key)


def probe_for_user(user: object, url: str) -> probing.Probe:
    """Test an address for the user with this id, for at most about LONGEST_S. Raises BusyError."""
    with one_at_a_time(user, LONGEST_S):
        return probing.probe(url, LONGEST_S, relay_folder=settings.RELAY_DIR)


def newest_snapshot(camera: Camera) -> CameraSnapshot | None:
    """Return the newest picture from `watch`, or None.

    A picture older than the last change of the camera is ignored, as it may be another camera's.
    """
    newest = newest_picture.newest_picture(camera.pk)
    if newest is None:
        return None
    jpeg, view = newest
    at = datetime.fromisoformat(view["at"])
    return None if at < camera.changed_at else make_snapshot(jpeg, at, str(view.get("reason") or ""))


def newest_boxes(camera: Camera) -> list[list[float]]:
    """Return the people detected in the newest picture, as [x0, y0, x1, y1] in fractions."""
    newest = newest_picture.newest_picture(camera.pk)
    if newest is None or datetime.fromisoformat(newest[1]["at"]) < camera.changed_at:
        return []
    return [list(box[:4]) for box in newest[1].get("boxes") or []]


def make_snapshot(jpeg: bytes, at: datetime, reason: str = "") -> CameraSnapshot | None:
    """Return a snapshot of the JPEG, scaled down to PREVIEW_WIDTH for storing; None when it is not a picture."""
    image = decode_jpeg(jpeg)
    if image is None:
        return None
    kept = encode_preview(image) if image.shape[1] > PREVIEW_WIDTH else jpeg
    return CameraSnapshot(kept, quality.signature(image).tobytes(), at, reason)
