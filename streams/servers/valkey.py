"""The client for Valkey (Redis protocol)."""

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

PREFIX = settings.REDIS_PREFIX


@cache
def client() -> redis.Redis:
    """Return this process's pooled client. It answers or raises redis.RedisError within two seconds; no retries."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
    )
