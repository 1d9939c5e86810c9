"""Waits for another thread or process: as long as a busy machine may need, and no longer."""

import asyncio
import time
from collections.abc import Awaitable, Callable

PATIENCE_S = 30.0
EVERY_S = 0.05


def wait_until(true: Callable[[], object], seconds: float = PATIENCE_S, every_s: float = EVERY_S) -> float:
    """Call `true` until its result is true; return the seconds that took.

    Raises AssertionError when it is not true after `seconds`.
    """
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"not true after {seconds:g} s"
        time.sleep(every_s)
    return time.monotonic() - began


async def wait_until_async(
    true: Callable[[], Awaitable[object]], seconds: float = PATIENCE_S, every_s: float = EVERY_S
) -> None:
    """Await `true` until its result is true. Raises AssertionError when it is not after `seconds`."""
    began = time.monotonic()
    while not await true():
        assert time.monotonic() - began < seconds, f"not true after {seconds:g} s"
        await asyncio.sleep(every_s)
