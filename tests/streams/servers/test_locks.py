"""Advisory locks between two sessions of a real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.test import TransactionTestCase

from streams.servers.locks import Lock, lock_until_commit, try_lock


def in_another_session(lock: Lock) -> bool:
    """Return whether another session gets the lock at once."""

    def attempt() -> bool:
        try:
            with try_lock(lock) as held:
                return held
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(attempt).result()


class Locks(TransactionTestCase):
    available_apps = ()

    def test_only_one_session_has_it_until_the_block_ends(self) -> None:
        with try_lock(Lock.RECOUNT) as held:
            assert held
            assert not in_another_session(Lock.RECOUNT)
            assert in_another_session(Lock.WRITE_TALLIES), "another lock is free"
        assert in_another_session(Lock.RECOUNT)

    def test_it_is_held_until_the_transaction_ends(self) -> None:
        with transaction.atomic():
            lock_until_commit(Lock.RECOUNT)
            assert not in_another_session(Lock.RECOUNT)
        assert in_another_session(Lock.RECOUNT)

    def test_the_lock_of_one_object_is_not_that_of_all(self) -> None:
        with transaction.atomic():
            lock_until_commit(Lock.RECOUNT, 7)
            assert in_another_session(Lock.RECOUNT)
