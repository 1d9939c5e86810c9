"""The viewers of live video, counted by what their players say: for the caps of each point and of the city.

A player that plays says so every SEAT_S / 3. Whoever reads the playlist without asking is not counted; the web
server's limits per address hold for everybody. When Valkey is away nobody is counted and all are let in.
"""

import re
from typing import cast

import redis

from streams.servers.valkey import PREFIX, client

SEAT_S = 60
TOKEN = re.compile(r"[0-9a-z]{16}", re.ASCII)
KEY = f"{PREFIX}:public-seats"


def take_seat(code: str, token: str, now: float, most: int, most_in_all: int) -> bool:
    """Give a player its seat, or keep it; return False when all seats are taken. now: Unix seconds.

    A player that has a seat keeps it. Raises ValueError for a token that is none.
    """
    if not TOKEN.fullmatch(token):
        raise ValueError("not a token")
    member = f"{code}:{token}"
    try:
        seated = client().zscore(KEY, member)
        if seated is None or float(seated) <= now:
            taken = count_seats(now)
            if taken.get(code, 0) >= most or sum(taken.values()) >= most_in_all:
                return False
        client().zadd(KEY, {member: now + SEAT_S})
        client().expire(KEY, 2 * SEAT_S)
    except redis.RedisError:
        return True
    return True


def leave_seat(code: str, token: str) -> None:
    """Give a seat back."""
    try:
        client().zrem(KEY, f"{code}:{token}")
    except redis.RedisError:
        return


def count_seats(now: float) -> dict[str, int]:
    """Return how many players watch each point, by its code; {} when Valkey is unreachable."""
    try:
        client().zremrangebyscore(KEY, "-inf", now)
        members = cast(list[bytes], client().zrange(KEY, 0, -1))
    except redis.RedisError:
        return {}
    found: dict[str, int] = {}
    for member in members:
        code = member.decode().partition(":")[0]
        found[code] = found.get(code, 0) + 1
    return found
