"""PostgreSQL advisory locks for work that only one process may do at a time, across all machines."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum, unique

from django.db import connection


@unique
class Lock(IntEnum):
    """The locks. Numbers must never change, as processes of two releases must agree on them."""

    RAISE_ALERTS = 7_310_001  # a counter's flips must be processed in order
    CLAIM_NOTICES = 7_310_002  # a digest must not be split between two senders
    ADOPT_EVIDENCE = 7_310_003  # per counter
    HOLD_OR_DESTROY = 7_310_004  # a hold and a destruction must not overlap
    WRITE_TALLIES = 7_310_009  # tallies read earlier must not be written later
    RECOUNT = 7_310_010
    CLAIM_REPORT_FILE = 7_310_011
    EVIDENCE_CHAIN = 7_310_012  # per office
    SEAL_TABLES = 7_310_013  # each head continues the one before it
    CHECK_CHAINS = 7_310_014
    COPY_ACCOUNT = 7_310_015  # copies of what is stored about an account
    RECORDING_RETENTION = 7_310_016  # one at a time
    EXPORT_RECORDING = 7_310_017  # a request must not be made by two workers
    MAKE_CASE_FILE = 7_310_018  # one at a time
    DAILY_REPORT = 7_310_019  # each report is made once
    CONDUCT_DRAW = 7_310_020  # one draw a week


def lock_until_commit(lock: Lock, key: int | None = None) -> None:
    """Wait for a lock and hold it until the transaction ends. With `key` (an id) it locks one object only.

    Must be called in a transaction.
    """
    with connection.cursor() as cursor:
        if key is None:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock.value])
        else:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [lock.value, key])


@contextmanager
def try_lock(lock: Lock) -> Iterator[bool]:
    """Yield whether the lock was free; if so, it is held until the end of the block."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock.value])
        acquired = cursor.fetchone()[0]
        try:
            yield acquired
        finally:
            if acquired:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock.value])
