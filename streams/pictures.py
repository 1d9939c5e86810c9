"""The newest picture and health of each camera, in Valkey, where every process of every machine finds them.

Nothing here is the truth: Valkey may be empty or gone, and readers then show "no picture", never an error.
"""

import json
from functools import cache
from typing import Any, cast

import cv2
import numpy as np
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

KEPT_S = 600  # a picture older than this is not shown to anybody
PREFIX = settings.REDIS_PREFIX
PREVIEW_WIDTH, PREVIEW_QUALITY = 640, 70


@cache
def client() -> redis.Redis:
    """One pooled client a process; answers or fails within two seconds, without hidden retries."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
    )


def put(camera: int, jpeg: bytes, view: dict[str, Any]) -> None:
    """Keep a camera's newest picture with what was seen in it (boxes and zones as fractions, `at` as ISO 8601)."""
    with client().pipeline(transaction=True) as pipe:
        pipe.set(f"{PREFIX}:picture:{camera}", jpeg, ex=KEPT_S)
        pipe.set(f"{PREFIX}:view:{camera}", json.dumps(view), ex=KEPT_S)
        pipe.execute()


def newest(camera: int) -> tuple[bytes, dict[str, Any]] | None:
    """The newest JPEG and its view, or None when there is none or Valkey is away."""
    try:
        jpeg, view = cast(list[bytes | None], client().mget(f"{PREFIX}:picture:{camera}", f"{PREFIX}:view:{camera}"))
    except redis.RedisError:
        return None
    return (jpeg, json.loads(view)) if jpeg and view else None


def newest_at(camera: int) -> str:
    """The moment of the newest picture as ISO 8601; empty when there is none or Valkey is away."""
    found = newest(camera)
    return found[1]["at"] if found else ""


def put_health(reports: dict[int, dict[str, Any]]) -> None:
    """What each camera held by this process does: state, reason, fps, GOP, reconnects, dropped, holder."""
    if reports:
        client().hset(f"{PREFIX}:health", mapping={str(camera): json.dumps(r) for camera, r in reports.items()})


def health() -> dict[int, dict[str, Any]]:
    """Every camera's last report (see ingest.CameraIngest.report), or {} when Valkey is away."""
    try:
        stored = client().hgetall(f"{PREFIX}:health")
    except redis.RedisError:
        return {}
    return {int(camera): json.loads(report) for camera, report in stored.items()}


def preview(image: np.ndarray) -> bytes:
    """A JPEG of about 15 to 30 KB, at most PREVIEW_WIDTH wide, of an H×W×3 uint8 BGR picture."""
    height, width = image.shape[:2]
    if width > PREVIEW_WIDTH:
        size = (PREVIEW_WIDTH, round(height * PREVIEW_WIDTH / width))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, PREVIEW_QUALITY])[1].tobytes()
