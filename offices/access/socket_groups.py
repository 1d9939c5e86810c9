"""The channel-layer groups that reach all open sockets, and what is told to them when an account has changed.

Apart from sockets.py, so that `watch`, which serves no pages, can announce changes without the packages of signing in.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any

import redis
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

log = logging.getLogger(__name__)

# Channel-layer groups of all open boards, walls and office pages, and of all live video. An {"type": "account.changed",
# "user": id} tells the sockets of that user to ask sockets.user_of_socket again.
EVERYBODY, LIVE = "board.everybody", "live.everybody"
TELL_S = 2.0


def tell_sockets(user: int) -> None:
    """Have the open sockets of this user (id) ask again at once what they may see. Call it after the commit.

    Without Valkey they ask within a minute.
    """

    async def send() -> None:
        layer = get_channel_layer()
        async with asyncio.timeout(TELL_S):
            for group in (EVERYBODY, LIVE):
                await layer.group_send(group, {"type": "account.changed", "user": user})

    try:
        async_to_sync(send)()
    except (redis.RedisError, OSError) as error:
        log.warning("Open sockets of account %d are not told: %s", user, str(error) or "no answer in time")


async def join_live(consumer: Any) -> None:
    """Add the socket of live video to LIVE. Without Valkey it shows video all the same."""
    with suppress(redis.RedisError, OSError):
        async with asyncio.timeout(TELL_S):
            await consumer.channel_layer.group_add(LIVE, consumer.channel_name)


async def leave_live(consumer: Any) -> None:
    """End what join_live began."""
    with suppress(redis.RedisError, OSError):
        async with asyncio.timeout(TELL_S):
            await consumer.channel_layer.group_discard(LIVE, consumer.channel_name)
