"""The client of Valkey (Redis protocol)."""

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

PREFIX = settings.REDIS_PREFIX


@cache
def client() -> redis.Redis:
    """Return this process's pooled client: it answers or raises redis.RedisError within two seconds, once."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
    )
