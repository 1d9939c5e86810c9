"""How often somebody may type a wrong password where one signs."""

import redis
from django.contrib.auth.models import AbstractBaseUser

from discipline.reports.signing.steps import StepRefused
from streams.servers.valkey import PREFIX, client

MOST, WITHIN_S = 5, 900


def verify_password(user: AbstractBaseUser, password: str) -> None:
    """Refused with PASSWORD when it is not theirs, TRIES after too many of those, AWAY when nobody can count them."""
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
