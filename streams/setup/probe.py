"""Trying a camera at an operator's wish: one at a time for each person, so that nobody can scan a network with it."""

import base64
import contextlib
from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np
import redis

from streams.cameras.models import Camera
from streams.pixels import quality
from streams.pixels.thumbs import PREVIEW_WIDTH, encode_preview
from streams.servers import valkey
from streams.source import newest_picture, rtsp

LONGEST_S = 10.0
KEY = valkey.PREFIX + ":probing:{}"


class BusyError(RuntimeError):
    """This person's previous try has not ended yet."""


@dataclass(frozen=True, slots=True)
class CameraSnapshot:
    """A picture to draw zones on, its signature, and when it was seen; `reason`: the Blind code of a poor one."""

    jpeg: bytes
    signature: bytes
    at: datetime
    reason: str = ""

    @property
    def data_url(self) -> str:
        return as_data_url(self.jpeg)


def as_data_url(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()


def probe_for_user(user: object, url: str) -> rtsp.Probe:
    """For the person with this key; at most about LONGEST_S. Raises BusyError."""
    key = KEY.format(user)
    try:
        mine = valkey.client().set(key, "1", nx=True, ex=int(LONGEST_S * 2))
    except redis.RedisError:
        return rtsp.probe(url, LONGEST_S)  # an operator mends cameras even while Valkey is away
    if not mine:
        raise BusyError
    try:
        return rtsp.probe(url, LONGEST_S)
    finally:
        with contextlib.suppress(redis.RedisError):  # it ends by itself
            valkey.client().delete(key)


def newest_snapshot(camera: Camera) -> CameraSnapshot | None:
    """What `watch` saw last, unless the address has changed since and the picture may be another camera's."""
    found = newest_picture.newest_picture(camera.pk)
    if found is None:
        return None
    at = datetime.fromisoformat(found[1]["at"])
    return None if at < camera.changed_at else make_snapshot(found[0], at, str(found[1].get("reason") or ""))


def newest_boxes(camera: Camera) -> list[list[float]]:
    """[x0, y0, x1, y1] as fractions, of those whom `watch` took for people in its newest picture."""
    found = newest_picture.newest_picture(camera.pk)
    if found is None or datetime.fromisoformat(found[1]["at"]) < camera.changed_at:
        return []
    return [box[:4] for box in found[1].get("boxes") or []]


def make_snapshot(jpeg: bytes, at: datetime, reason: str = "") -> CameraSnapshot | None:
    """None when that is no picture; a large one is made small enough to be kept."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        return None
    kept = encode_preview(image) if image.shape[1] > PREVIEW_WIDTH else jpeg
    return CameraSnapshot(kept, quality.signature(image).tobytes(), at, reason)
