"""Announce to open queues that something has changed. They ask for the rows again."""

import asyncio
import logging

import redis
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

log = logging.getLogger(__name__)

GROUP = "incidents.queue"
LONGEST_S = 2.0


def announce() -> None:
    """Announce a change after the commit of the caller's transaction. Without Valkey, pages ask by themselves later."""
    transaction.on_commit(_send)


def _send() -> None:
    async def send() -> None:
        async with asyncio.timeout(LONGEST_S):
            await get_channel_layer().group_send(GROUP, {"type": "queue.changed"})

    try:
        async_to_sync(send)()
    except (redis.RedisError, OSError) as error:
        log.warning("A change could not be announced to open queues: %s", str(error) or "no answer in time")
