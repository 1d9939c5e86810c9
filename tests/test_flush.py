"""The flush after a test survives deadlocks with a session that still uses the test's database."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from offices.places.models import Kecamatan
from tests.support.base import one_office
from tests.support.database import FLUSH_RETRIES, url_of
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def deadlocks(times: int) -> Iterator[list[Future[None]]]:
    """Let the first `times` flushes of the database deadlock with another session; yield its transactions so far.

    Each flush pauses when it has locked django_session; the other session, which has locked a row of kecamatan,
    then waits for django_session until the flush, which goes on to kecamatan, is ended by the server.
    """
    met: list[Future[None]] = []
    # The session whose check finds the deadlock is ended; this one's would come after the test. Only a superuser may
    # say when, as which the suite connects to the servers of .ci/run.
    options = "-c deadlock_timeout=1h"
    url = url_of(connection.settings_dict["NAME"])
    with psycopg.connect(url, options=options) as other, ThreadPoolExecutor(1) as thread:

        def want_sessions() -> None:
            other.execute("SELECT FROM django_session FOR UPDATE")
            other.commit()

        def waiting() -> bool:
            with connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_locks WHERE pid = %s AND NOT granted", [other.info.backend_pid])
                return cursor.rowcount > 0

        def meet(execute: Callable[..., Any], statement: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
            if statement.startswith("LOCK") and len(met) < times:
                for future in met:
                    future.result()
                assert other.execute("SELECT FROM offices_kecamatan FOR UPDATE").rowcount == 1
                execute("SET LOCAL deadlock_timeout = 10", None, False, context)
                execute("LOCK TABLE django_session", None, False, context)
                met.append(thread.submit(want_sessions))
                wait_until(waiting)
            return execute(statement, params, many, context)

        with connection.execute_wrapper(meet):
            yield met
        for future in met:
            future.result()


def flush() -> None:
    call_command("flush", interactive=False, verbosity=0, reset_sequences=False)


@pytest.mark.parametrize("times", [1, FLUSH_RETRIES])
def test_a_flush_that_deadlocks_is_tried_again(caplog: pytest.LogCaptureFixture, times: int) -> None:
    one_office()
    with deadlocks(times) as met:
        flush()
    assert len(met) == times
    assert [record.levelname for record in caplog.records if "deadlocked" in record.message] == ["WARNING"] * times
    assert not Kecamatan.objects.exists()


def test_one_that_always_deadlocks_fails() -> None:
    one_office()
    with deadlocks(FLUSH_RETRIES + 1) as met, pytest.raises(CommandError) as error:
        flush()
    assert len(met) == FLUSH_RETRIES + 1
    assert isinstance(error.value.__cause__.__cause__, psycopg.errors.DeadlockDetected)  # type: ignore[union-attr]
    assert Kecamatan.objects.exists()
