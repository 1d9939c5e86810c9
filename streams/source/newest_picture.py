"""Share each camera's newest picture and health between processes and machines, through Valkey.

This is a cache: when Valkey is empty or unreachable, readers get "no picture", never an error.
"""

import json
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Required, TypedDict, cast

import redis

from streams.pixels import wall_tiles
from streams.servers.valkey import PREFIX, client

KEPT_S = 600  # older pictures are not shown
SHARED_S = 1.0  # tiles are re-read at most this often; all walls of this process share them


class ZoneView(TypedDict):
    """One zone in a picture: its polygon in fractions and its sample. `step`: a DetectionStep, "" if not examined."""

    id: int
    counter: int
    polygon: Sequence[Sequence[float]]
    look: str
    people: int
    step: str


class PictureView(TypedDict, total=False):
    """What was detected in a picture. Boxes are x0, y0, x1, y1 and score in fractions.

    at: ISO 8601; width and height in pixels; reason: a Blind value or ""; ignored: boxes of marked lookalikes.
    """

    at: Required[str]
    width: int
    height: int
    reason: str
    boxes: Sequence[Sequence[float]]
    ignored: Sequence[Sequence[float]]
    zones: Sequence[ZoneView]


class CameraReport(TypedDict, total=False):
    """A camera's health.

    state: online, opening or offline; reason: a Blind value or ""; problem: a code of probing.Probe.problem or "";
    picture_at and at (of the report): ISO 8601; gop: pictures and gop_s: seconds between keyframes; dropped: pictures
    replaced before they were examined; holder: the watch process; warnings: long_gop, h265, ffmpeg; reader: loop or
    ffmpeg; on_duty: whether one of its counters is on duty or about to be, or it stands at a street point.
    """

    state: str
    reason: str
    problem: str
    picture_at: str | None
    fps: float
    gop: int | None
    gop_s: float | None
    codec: str
    width: int
    height: int
    reconnects: int
    dropped: int
    holder: str
    at: str
    warnings: list[str]
    reader: str
    on_duty: bool


def store_picture(camera: int, jpeg: bytes, view: Mapping[str, Any], small: bytes | None = None) -> None:
    """Store a camera's newest picture (JPEG) with its view, a PictureView.

    `small` is its tile for the wall (thumbs.encode_tile); without it the wall shows the whole picture.
    Raises redis.RedisError when Valkey is unreachable.
    """
    shown = wall_tiles.stamp_tile(datetime.fromisoformat(view["at"]), small or jpeg)
    with client().pipeline(transaction=True) as pipe:
        pipe.set(f"{PREFIX}:tile:{camera}", shown.stored(), ex=KEPT_S)
        pipe.set(f"{PREFIX}:picture:{camera}", jpeg, ex=KEPT_S)
        pipe.set(f"{PREFIX}:view:{camera}", json.dumps(view), ex=KEPT_S)
        pipe.execute()


def newest_picture(camera: int) -> tuple[bytes, PictureView] | None:
    """Return the newest JPEG and its view, or None when there is none or Valkey is unreachable."""
    try:
        jpeg, view = cast(list[bytes | None], client().mget(f"{PREFIX}:picture:{camera}", f"{PREFIX}:view:{camera}"))
    except redis.RedisError:
        return None
    return (jpeg, json.loads(view)) if jpeg and view else None


class SharedTiles:
    """The newest tiles, read from Valkey at most once per SHARED_S for all walls together. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # By camera id, with the monotonic time of reading.
        self._kept: dict[int, tuple[float, wall_tiles.Tile | None]] = {}

    def newest(self, cameras: Iterable[int]) -> dict[int, wall_tiles.Tile]:
        """Return the newest tile per camera id; cameras without one are omitted.

        While Valkey is unreachable, tiles read before are returned for up to KEPT_S.
        """
        wanted = set(cameras)
        with self._lock:
            now = time.monotonic()
            self._kept = {camera: kept for camera, kept in self._kept.items() if now - kept[0] < KEPT_S}
            stale = [pk for pk in wanted if pk not in self._kept or now - self._kept[pk][0] >= SHARED_S]
            self._kept |= {camera: (now, tile) for camera, tile in _tiles(stale).items()}
            return {camera: kept[1] for camera in wanted if (kept := self._kept.get(camera)) and kept[1]}


def _tiles(cameras: list[int]) -> dict[int, wall_tiles.Tile | None]:
    """Return the tile per camera id, None where there is no picture; empty when Valkey is unreachable."""
    if not cameras:
        return {}
    try:
        stored = cast(list[bytes | None], client().mget([f"{PREFIX}:tile:{camera}" for camera in cameras]))
    except redis.RedisError:
        return {}
    return {camera: wall_tiles.read_tile(tile) if tile else None for camera, tile in zip(cameras, stored, strict=True)}


def newest_picture_at(camera: int) -> str:
    """Return the newest picture's time as ISO 8601; "" when there is none or Valkey is unreachable."""
    newest = newest_picture(camera)
    return newest[1]["at"] if newest else ""


def store_health(reports: Mapping[int, Mapping[str, Any]]) -> None:
    """Store the health reports of the cameras that this process reads, by camera id.

    Raises redis.RedisError when Valkey is unreachable.
    """
    if reports:
        client().hset(f"{PREFIX}:health", mapping={str(camera): json.dumps(r) for camera, r in reports.items()})


def read_health() -> dict[int, CameraReport]:
    """Return each camera's last health report by id, or {} when Valkey is unreachable."""
    try:
        stored = client().hgetall(f"{PREFIX}:health")
    except redis.RedisError:
        return {}
    return {int(camera): json.loads(report) for camera, report in stored.items()}
