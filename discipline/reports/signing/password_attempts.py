"""The limit on wrong passwords when signing: MOST attempts within WITHIN_S seconds."""

import redis

from discipline.reports.signing.steps import StepRefused
from offices.access.gate import User
from streams.servers.valkey import PREFIX, client

MOST, WITHIN_S = 5, 900


def verify_password(user: User, password: str) -> None:
    """Check a password and count the attempt; a right one clears the count.

    Raises StepRefused: PASSWORD when it is wrong, TRIES after MOST attempts, AWAY when Valkey can't count them.
    """
    key = f"{PREFIX}:signing-tries:{user.pk}"
    try:
        with client().pipeline(transaction=True) as pipe:
            pipe.set(key, 0, ex=WITHIN_S, nx=True)
            pipe.incr(key)
            tries = pipe.execute()[1]
        if tries > MOST:
            raise StepRefused(StepRefused.TRIES)
        if not user.check_password(password):
            raise StepRefused(StepRefused.PASSWORD)
        client().delete(key)
    except redis.RedisError as error:
        raise StepRefused(StepRefused.AWAY) from error
