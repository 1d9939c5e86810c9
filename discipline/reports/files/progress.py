"""The progress of files being written, in Valkey: for display only, the row's state is in the database.

Keys expire after KEPT_S: a file whose progress has expired belongs to a dead worker.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from redis.exceptions import RedisError

from streams.servers.valkey import PREFIX, client

KEPT_S = 180


@dataclass(frozen=True, slots=True)
class Progress:
    """Rows written and rows in all; `total` is 0 before it is known."""

    done: int
    total: int

    @property
    def percent(self) -> int | None:
        """Percent of the rows, at most 99 (packing follows the last row); None before the total is known."""
        return min(99, 100 * self.done // self.total) if self.total else None


def store_progress(pk: int, done: int, total: int) -> None:
    """Store the progress of a ReportFile for KEPT_S; without Valkey it is dropped."""
    with suppress(RedisError):
        client().set(_key(pk), f"{done}/{total}", ex=KEPT_S)


def read_progress(pk: int) -> Progress | None:
    """Return the stored progress; None when it has expired or Valkey doesn't answer."""
    try:
        stored = cast(bytes | None, client().get(_key(pk)))
    except RedisError:
        return None
    return Progress(*map(int, stored.split(b"/"))) if stored else None


def is_silent(pk: int) -> bool:
    """Return whether the progress has expired; False when Valkey doesn't answer."""
    try:
        return not client().exists(_key(pk))
    except RedisError:
        return False


def clear_progress(pk: int) -> None:
    """Remove the progress of a ReportFile that has ended."""
    with suppress(RedisError):
        client().delete(_key(pk))


def _key(pk: int) -> str:
    return f"{PREFIX}:report-file:{pk}"
