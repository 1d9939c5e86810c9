"""All checks in their order. One that fails because a server does not answer is reported itself."""

from collections.abc import Callable, Iterable, Iterator

import redis
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from discipline.ops.doctor import machine, operation
from discipline.ops.doctor.diagnosis import Diagnosis, fault

Check = Callable[[], Iterable[Diagnosis]]


def examine(*, probe_cameras: bool) -> Iterator[Diagnosis]:
    """Yield the findings of every check as they come; `probe_cameras` also tests each camera's address."""
    checks: list[tuple[str, Check]] = [
        ("database", machine.check_migrations),
        ("health", lambda: operation.check_parts(timezone.now())),
        ("settings", machine.check_settings),
        ("clock", machine.check_clock),
        ("disk", operation.check_var_disk),
        ("recordings", lambda: operation.check_recordings(timezone.now())),
        ("models", machine.check_models),
        ("keys", machine.check_keys),
        ("mail", machine.check_mail),
        ("push", machine.check_push),
        ("cameras", operation.probe_cameras if probe_cameras else lambda: operation.check_cameras(timezone.now())),
    ]
    for subject, check in checks:
        yield from _reported(subject, check)


def _reported(subject: str, check: Check) -> Iterator[Diagnosis]:
    try:
        yield from check()
    except (DatabaseError, InterfaceError, redis.RedisError) as error:
        yield fault(subject, f"could not be examined: {' '.join(str(error).split())}", "Mend what is above first.")
