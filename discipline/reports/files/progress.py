"""How far the making of a file is, in Valkey: told often, kept briefly, nobody's truth. Silence for KEPT_S means that
the worker is dead."""

from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from redis.exceptions import RedisError

from streams.servers.valkey import PREFIX, client

KEPT_S = 180


@dataclass(frozen=True, slots=True)
class Progress:
    """Rows written, and how many there will be; 0 before that is known."""

    done: int
    total: int

    @property
    def percent(self) -> int | None:
        """At most 99: what is packed or drawn after the last row takes its time, too."""
        return min(99, 100 * self.done // self.total) if self.total else None


def store_progress(pk: int, done: int, total: int) -> None:
    with suppress(RedisError):
        client().set(_key(pk), f"{done}/{total}", ex=KEPT_S)


def read_progress(pk: int) -> Progress | None:
    """None when nothing was said for KEPT_S, and when Valkey is away."""
    try:
        said = cast(bytes | None, client().get(_key(pk)))
    except RedisError:
        return None
    return Progress(*map(int, said.split(b"/"))) if said else None


def is_silent(pk: int) -> bool:
    """Whether nothing was said; False when nobody can tell."""
    try:
        return not client().exists(_key(pk))
    except RedisError:
        return False


def clear_progress(pk: int) -> None:
    with suppress(RedisError):
        client().delete(_key(pk))


def _key(pk: int) -> str:
    return f"{PREFIX}:report-file:{pk}"
