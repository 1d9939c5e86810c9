"""Measure how fast open boards are served again: by a server that all of them ask at once, and after its restart.

Boards behave as static/js/core/reconnecting.js does, and one more person reads pages meanwhile.
"""

import asyncio
import json
import random
import threading
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from typing import TypedDict

import psutil
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, connections

from discipline.core.websocket_routes import reverse_websocket
from discipline.tools.bench.open_pages.board_city import create_city, create_users
from discipline.tools.bench.percentiles import Percentiles, percentiles
from discipline.tools.bench.web_server import BenchServer, create_sessions, processor_s, rss_mb
from discipline.tools.bench.websocket_client import CLOSE, PING, PONG, masked, open_websocket, read_frame

PAGE_EVERY_S = 0.25
CONNECTIONS_EVERY_S = 0.5
CALM_S = 2.0  # with all boards open, before the restart
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0  # as in reconnecting.js


@dataclass(frozen=True, slots=True)
class BoardsPlan:
    """How many boards to open, and how long to wait for them each time."""

    boards: int = 1000
    offices: int = 107
    limit_s: float = 60.0


class Served(TypedDict):
    """One round. Seconds count from the start of the round to a board's first snapshot.

    refused: attempts that ended without one, by reason; page_ms: of the board's page meanwhile; connections: the most
    that the server had to the database.
    """

    served: int
    within_15_s: int
    first_snapshot_s: dict[str, float | None]
    refused: dict[str, int]
    page_ms: Percentiles
    slowest_page_ms: float | None
    failed_pages: int
    processor_s: float
    rss_mb: int
    connections: int


class BoardsFigures(TypedDict):
    """at_once: all boards ask a server that has just started. restart: it is killed and started again; seconds count
    from its first answer. cut_short: the server closed a board during the calm in between.
    """

    boards: int
    at_once: Served
    restart: Served
    cut_short: int
    rss_mb_idle: int


@dataclass(slots=True)
class _Board:
    cookie: str
    offices: int  # that its user sees
    first_at: float | None = None  # time.monotonic() of the first snapshot of this round
    lost: Tally[str] = field(default_factory=Tally)
    snapshot: bytes = b""
    served: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class _Meanwhile:
    """What is measured beside the boards."""

    pages_ms: list[float] = field(default_factory=list)
    failed_pages: int = 0
    connections: int = 0


def measure_boards(plan: BoardsPlan, now: datetime, progress: Callable[[str], None]) -> BoardsFigures:
    """Run the bench on the present database, which must be an empty scratch one."""
    create_city(plan.offices, now)
    if settings.STATIC_MANIFEST:  # as in production
        call_command("collectstatic", interactive=False, verbosity=0)
    boards = [_Board(_cookie(key), seen) for key, seen in create_users(plan.boards)]
    (reader,) = create_sessions([User.objects.create_superuser("reader")])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with BenchServer.running() as (server, process):
        idle_mb = rss_mb(process)
        return asyncio.run(_measure(plan, boards, server, process, _cookie(reader), idle_mb, progress))


async def _measure(
    plan: BoardsPlan,
    boards: list[_Board],
    server: BenchServer,
    process: psutil.Process,
    reader: str,
    idle_mb: float,
    progress: Callable[[str], None],
) -> BoardsFigures:
    path = reverse_websocket("board")
    progress(f"{len(boards)} boards at once")
    began = time.monotonic()
    tasks = [asyncio.create_task(_keep_open(server.port, path, board)) for board in boards]
    at_once = await _serve(plan, boards, server.port, process, reader, began)
    for board in boards:
        board.lost.clear()
    await asyncio.sleep(CALM_S)
    cut_short = sum(board.lost.total() for board in boards)
    progress("the server is killed and started again")
    server.kill()
    for board in boards:
        board.first_at = None
        board.served.clear()
    process = await asyncio.to_thread(server.start)
    restart = await _serve(plan, boards, server.port, process, reader, time.monotonic())
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
    return {
        "boards": len(boards),
        "at_once": at_once,
        "restart": restart,
        "cut_short": cut_short,
        "rss_mb_idle": round(idle_mb),
    }


async def _serve(
    plan: BoardsPlan, boards: list[_Board], port: int, process: psutil.Process, reader: str, began: float
) -> Served:
    """Wait until all boards have a snapshot, at most for plan.limit_s."""
    spent_s = processor_s(process)
    with _looking_on(port, reader) as meanwhile:
        waits = [asyncio.create_task(board.served.wait()) for board in boards]
        _, late = await asyncio.wait(waits, timeout=plan.limit_s)
        for wait in late:
            wait.cancel()
    used_s, memory_mb = processor_s(process) - spent_s, rss_mb(process)
    # A board may have been served before the server answered the question that began the round.
    seconds = sorted(max(board.first_at - began, 0.0) for board in boards if board.first_at and _whole(board))
    return {
        "served": len(seconds),
        "within_15_s": sum(one <= 15 for one in seconds),
        "first_snapshot_s": _spread(seconds),
        "refused": dict(sum((board.lost for board in boards), Tally[str]())),
        "page_ms": percentiles(meanwhile.pages_ms),
        "slowest_page_ms": round(max(meanwhile.pages_ms)) if meanwhile.pages_ms else None,
        "failed_pages": meanwhile.failed_pages,
        "processor_s": round(used_s, 1),
        "rss_mb": round(memory_mb),
        "connections": meanwhile.connections,
    }


def _spread(seconds: list[float]) -> dict[str, float | None]:
    """Return the median, the 95th percentile and the largest of sorted values."""
    in_ms = percentiles([1000 * one for one in seconds])
    found = {"p50": in_ms["p50"], "p95": in_ms["p95"], "max": 1000 * seconds[-1] if seconds else None}
    return {name: None if value is None else round(value / 1000, 2) for name, value in found.items()}


def _whole(board: _Board) -> bool:
    """Return whether the snapshot shows each office of the board's user."""
    return len(json.loads(board.snapshot)["rows"]) == board.offices


async def _keep_open(port: int, path: str, board: _Board) -> None:
    """Keep a board open until cancelled, and connect again as the browser does."""
    attempts = 0
    while True:
        try:
            why = f"closed with {await _follow(port, path, board)}"
        except (OSError, EOFError) as error:
            why = type(error).__name__
        if board.first_at:
            attempts = 0
        board.lost[why] += 1
        wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**attempts)
        attempts += 1
        await asyncio.sleep(wait_s / 4 + random.random() * wait_s * 3 / 4)  # noqa: S311 no secret


async def _follow(port: int, path: str, board: _Board) -> int:
    """Follow one connection to its end and return the close code; note the first snapshot."""
    reader, writer = await open_websocket(port, path, board.cookie, deflate=True)
    try:
        while True:
            kind, data = await read_frame(reader)
            if kind == PING:
                writer.write(masked(PONG, data))
            elif kind == CLOSE:
                return int.from_bytes(data[:2])
            elif board.first_at is None and data.startswith(b'{"type": "snapshot"'):
                board.first_at, board.snapshot = time.monotonic(), data
                board.served.set()
    finally:
        writer.close()


@contextmanager
def _looking_on(port: int, cookie: str) -> Iterator[_Meanwhile]:
    """Read pages, and count the connections to the database, in threads while the block runs."""
    meanwhile, stopping = _Meanwhile(), threading.Event()
    works = (lambda: _read_pages(port, cookie, meanwhile, stopping), lambda: _count_connections(meanwhile, stopping))
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield meanwhile
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def _read_pages(port: int, cookie: str, meanwhile: _Meanwhile, stopping: threading.Event) -> None:
    while not stopping.is_set():
        began = time.monotonic()
        try:
            page = HTTPConnection("127.0.0.1", port, timeout=30)
            page.request("GET", "/", headers={"Cookie": cookie, "Host": f"localhost:{port}"})
            answer = page.getresponse()
            whole = answer.status == 200 and b'id="board"' in answer.read()
            page.close()
        except (OSError, HTTPException):
            whole = False
        if whole:
            meanwhile.pages_ms.append(1000 * (time.monotonic() - began))
        else:
            meanwhile.failed_pages += 1
        stopping.wait(PAGE_EVERY_S)


def _count_connections(meanwhile: _Meanwhile, stopping: threading.Event) -> None:
    try:
        while not stopping.is_set():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid()"
                )
                meanwhile.connections = max(meanwhile.connections, cursor.fetchone()[0] - 1)  # the bench's own
            stopping.wait(CONNECTIONS_EVERY_S)
    finally:
        connections.close_all()


def _cookie(session: str) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={session}"
