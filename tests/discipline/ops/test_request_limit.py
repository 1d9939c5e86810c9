"""Requests beyond the limit wait, all are answered, and a failed one gives its place back."""

import asyncio
from typing import Any

import pytest

from discipline.ops.web.request_limit import LimitedRequests


def test_so_many_at_once() -> None:
    running, most, done = 0, 0, []

    async def work(scope: dict[str, Any], _receive: object, _send: object) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        if scope["fails"]:
            raise ZeroDivisionError
        done.append(scope)

    async def ask_often() -> None:
        limited = LimitedRequests(work, at_once=3)
        with pytest.raises(ZeroDivisionError):
            await limited({"fails": True}, None, None)
        await asyncio.gather(*(limited({"fails": False}, None, None) for _ in range(20)))

    asyncio.run(ask_often())
    assert (most, len(done)) == (3, 20)
