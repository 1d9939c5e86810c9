"""Rate limits: count each client's requests per minute in Valkey, for all processes together."""

import logging
from dataclasses import dataclass

import redis
from django.conf import settings

from streams.servers import valkey

log = logging.getLogger(__name__)

WINDOW_S = 60
_valkey_down = False  # so that an outage is logged once


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`left` of `limit` requests in this minute, which ends in `reset_s` seconds. Negative when over the limit."""

    limit: int
    left: int
    reset_s: int

    @property
    def over(self) -> bool:
        """Whether the request must be refused."""
        return self.left < 0

    def headers(self) -> dict[str, str]:
        """Return the RateLimit-* response headers."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.left)),
            "RateLimit-Reset": str(self.reset_s),
        }


def count_request(who: int | str, limit: int, at: float) -> RateLimit:
    """Count a request at `at` (seconds since the epoch) and return what is left of the limit.

    who: the id of a client, or a name for others, such as "open311:" and an address.

    While Valkey is unreachable all requests pass: the limit protects the server from a client's mistake, the token
    protects the data, and a broken counter must not close the API to everyone.
    """
    global _valkey_down
    window, elapsed_s = divmod(int(at), WINDOW_S)
    key = f"{settings.REDIS_PREFIX}:api:{who}:{window}"
    try:
        with valkey.client().pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, 2 * WINDOW_S)
            requests = int(pipe.execute()[0])
    except redis.RedisError as error:
        if not _valkey_down:
            log.warning("API requests are not being counted: Valkey is unreachable: %s", error)
        _valkey_down, requests = True, 0
    else:
        _valkey_down = False
    return RateLimit(limit, limit - requests, WINDOW_S - elapsed_s)
