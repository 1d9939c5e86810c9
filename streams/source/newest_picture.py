"""The newest picture and health of each camera, in Valkey, where every process of every machine finds them.

Nothing here is the truth: Valkey may be empty or gone, and readers then show "no picture", never an error.
"""

import json
import threading
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

import redis

from streams.pixels import wall_tiles
from streams.servers.valkey import PREFIX, client

KEPT_S = 600  # a picture older than this is not shown to anybody
SHARED_S = 1.0  # so long all walls of this process show the same tiles


def store_picture(camera: int, jpeg: bytes, view: dict[str, Any], small: bytes | None = None) -> None:
    """Keep a camera's newest picture with what was seen in it (boxes and zones as fractions, `at` as ISO 8601).

    `small` is the same for a wall, as `tile` makes it; without one a wall shows the picture itself.
    """
    shown = wall_tiles.stamp_tile(datetime.fromisoformat(view["at"]), small or jpeg)
    with client().pipeline(transaction=True) as pipe:
        pipe.set(f"{PREFIX}:tile:{camera}", shown.stored(), ex=KEPT_S)
        pipe.set(f"{PREFIX}:picture:{camera}", jpeg, ex=KEPT_S)
        pipe.set(f"{PREFIX}:view:{camera}", json.dumps(view), ex=KEPT_S)
        pipe.execute()


def newest_picture(camera: int) -> tuple[bytes, dict[str, Any]] | None:
    """The newest JPEG and its view, or None when there is none or Valkey is away."""
    try:
        jpeg, view = cast(list[bytes | None], client().mget(f"{PREFIX}:picture:{camera}", f"{PREFIX}:view:{camera}"))
    except redis.RedisError:
        return None
    return (jpeg, json.loads(view)) if jpeg and view else None


class SharedTiles:
    """The newest tiles, read from Valkey at most once in SHARED_S however many walls ask, from whichever thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[
            int, tuple[float, wall_tiles.Tile | None]
        ] = {}  # by camera, with the monotonic time of reading

    def newest(self, cameras: Iterable[int]) -> dict[int, wall_tiles.Tile]:
        """By camera, those that have one. What was read before stands while Valkey is away, as long as any would."""
        wanted = set(cameras)
        with self._lock:
            now = time.monotonic()
            self._kept = {one: kept for one, kept in self._kept.items() if now - kept[0] < KEPT_S}
            stale = [one for one in wanted if one not in self._kept or now - self._kept[one][0] >= SHARED_S]
            self._kept |= {one: (now, found) for one, found in _tiles(stale).items()}
            return {one: kept[1] for one in wanted if (kept := self._kept.get(one)) and kept[1]}


def _tiles(cameras: list[int]) -> dict[int, wall_tiles.Tile | None]:
    """None where there is no picture; nothing at all when Valkey is away."""
    if not cameras:
        return {}
    try:
        stored = cast(list[bytes | None], client().mget([f"{PREFIX}:tile:{camera}" for camera in cameras]))
    except redis.RedisError:
        return {}
    return {camera: wall_tiles.read_tile(one) if one else None for camera, one in zip(cameras, stored, strict=True)}


def newest_picture_at(camera: int) -> str:
    """The moment of the newest picture as ISO 8601; empty when there is none or Valkey is away."""
    found = newest_picture(camera)
    return found[1]["at"] if found else ""


def store_health(reports: dict[int, dict[str, Any]]) -> None:
    """What each camera held by this process does: state, reason, fps, GOP, reconnects, dropped, holder."""
    if reports:
        client().hset(f"{PREFIX}:health", mapping={str(camera): json.dumps(r) for camera, r in reports.items()})


def read_health() -> dict[int, dict[str, Any]]:
    """Every camera's last report (see ingest.CameraIngest.report), or {} when Valkey is away."""
    try:
        stored = client().hgetall(f"{PREFIX}:health")
    except redis.RedisError:
        return {}
    return {int(camera): json.loads(report) for camera, report in stored.items()}
