"""Requests share threads whose connections stay open; a kept connection that fails or hangs is noticed."""

import asyncio
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection

from discipline.ops.web.request_limit import LimitedRequests, answers, keep_connection


def test_one_after_another_in_one_thread() -> None:
    seen: list[str] = []

    async def work(_scope: object, _receive: object, _send: object) -> None:
        await sync_to_async(lambda: seen.append(threading.current_thread().name))()

    async def ask() -> None:
        limited = LimitedRequests(work)
        for _ in range(3):
            await limited({}, None, None)

    asyncio.run(ask())
    assert len(seen) == 3
    assert len(set(seen)) == 1
    assert seen[0].startswith("request")


def _backend() -> int:
    close_old_connections()  # as at the start and the end of a request
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid: int = cursor.fetchone()[0]
    close_old_connections()
    return pid


def _answers(within_s: float) -> bool:
    return answers(within_s)


@pytest.mark.django_db(transaction=True)
def test_a_kept_connection_is_used_again_until_it_fails() -> None:
    with ThreadPoolExecutor(1, initializer=keep_connection) as thread:
        first = thread.submit(_backend).result()
        try:
            assert thread.submit(_backend).result() == first
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
            assert thread.submit(_backend).result() != first
        finally:
            thread.submit(lambda: connection.close()).result()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_hangs_counts_as_lost() -> None:
    with ThreadPoolExecutor(1, initializer=keep_connection) as thread:
        pid = thread.submit(_backend).result()
        try:
            assert thread.submit(_answers, 5).result()
            os.kill(pid, signal.SIGSTOP)
            assert not thread.submit(_answers, 0.2).result()
        finally:
            os.kill(pid, signal.SIGCONT)
            thread.submit(lambda: connection.close()).result()
