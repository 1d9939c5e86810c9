"""The sum of the checklist for the line on the board, remembered in Valkey."""

import json
from contextlib import suppress
from typing import TypedDict

from redis.exceptions import RedisError

from discipline.ops.first_run.readiness import read_readiness_now
from discipline.ops.first_run.readiness_rule import Readiness
from streams.servers.valkey import PREFIX, client

KEY = f"{PREFIX}:first-run"
REMEMBERED_S = 60


class SetupSum(TypedDict):
    """How far the city is."""

    ready: int
    total: int
    finished: bool


def setup_sum() -> SetupSum:
    """Return the sum of at most REMEMBERED_S ago; while Valkey is unreachable that of now."""
    with suppress(RedisError, ValueError):
        if kept := client().get(KEY):
            found: SetupSum = json.loads(kept)  # type: ignore[arg-type]  # without asyncio it is bytes
            return found
    return remember(read_readiness_now())


def remember(readiness: Readiness) -> SetupSum:
    """Keep the sum of this checklist, and return it."""
    found: SetupSum = {"ready": readiness.ready, "total": readiness.total, "finished": readiness.finished}
    with suppress(RedisError):
        client().set(KEY, json.dumps(found), ex=REMEMBERED_S)
    return found
