"""How often a client has asked in this minute, counted in Valkey for all processes together."""

import logging
from dataclasses import dataclass

import redis
from django.conf import settings

from streams.servers import valkey

log = logging.getLogger(__name__)

WINDOW_S = 60
_away = False


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`left` of `limit` in this minute, which ends in `reset_s` seconds. Below nothing left: refused."""

    limit: int
    left: int
    reset_s: int

    @property
    def over(self) -> bool:
        return self.left < 0

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.left)),
            "RateLimit-Reset": str(self.reset_s),
        }


def count_request(client: int, limit: int, at: float) -> RateLimit:
    """One more request at `at` (seconds of the epoch).

    While Valkey is away everybody is let through: the limit protects the server from a client's mistake, the token
    protects the data, and a broken counter must not close the API to all of them.
    """
    global _away
    window, into = divmod(int(at), WINDOW_S)
    key = f"{settings.REDIS_PREFIX}:api:{client}:{window}"
    try:
        with valkey.client().pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, 2 * WINDOW_S)
            asked = int(pipe.execute()[0])
    except redis.RedisError as error:
        if not _away:
            log.warning("requests are not counted, Valkey is away: %s", error)
        _away, asked = True, 0
    else:
        _away = False
    return RateLimit(limit, limit - asked, WINDOW_S - into)
