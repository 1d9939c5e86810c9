"""PostgreSQL's advisory locks: what only one process may do at a time, on all machines together."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum, unique

from django.db import connection


@unique
class Lock(IntEnum):
    """Numbers are chosen once and for all: processes of two releases must agree on them."""

    RAISE_ALERTS = 7_310_001  # the flips of a counter have an order
    CLAIM_NOTICES = 7_310_002  # a digest is never split between two senders
    ADOPT_EVIDENCE = 7_310_003  # per counter
    HOLD_OR_DESTROY = 7_310_004  # a hold and a destruction never pass each other
    WRITE_TALLIES = 7_310_009  # what was read first must not be written last
    RECOUNT = 7_310_010
    CLAIM_REPORT_FILE = 7_310_011
    EVIDENCE_CHAIN = 7_310_012  # per office


def lock_until_commit(lock: Lock, key: int | None = None) -> None:
    """Wait for a lock, of one object where `key` names it, and hold it until the transaction ends."""
    with connection.cursor() as cursor:
        if key is None:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock.value])
        else:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [lock.value, key])


@contextmanager
def try_lock(lock: Lock) -> Iterator[bool]:
    """Yield whether this process got the lock at once; it is then held until the end of the block."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock.value])
        mine = cursor.fetchone()[0]
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock.value])
