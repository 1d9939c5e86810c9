"""Searches for cameras: requested by operators, run by Celery one at a time, their progress kept in Valkey for an hour.

One at a time, so that they never take more than one thread of the worker.
"""

import asyncio
import contextlib
import json
import uuid
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import redis
from django.conf import settings

from streams.control.discovery import FoundCamera, NetworkSearch
from streams.control.networks import NetworkError, parse_network
from streams.servers import task_queue, valkey

TASK = "streams.tasks.search_cameras"
KEPT_S = 3600
LONGEST_S = 120.0
REPORT_S = 0.5
SILENT_AFTER_S = 15  # without a report for so long the worker is gone
STATE = valkey.PREFIX + ":camera-search:{}"  # by user
STOP = valkey.PREFIX + ":camera-search-stop:{}"  # by search
RUNNING = valkey.PREFIX + ":camera-search-running"  # the search that holds it

WAITING, SEARCHING, DONE, CANCELLED = "waiting", "searching", "done", "cancelled"
LATE, FAILED, SILENT = "late", "failed", "silent"
UNDER_WAY = (WAITING, SEARCHING)


class SearchBusyError(RuntimeError):
    """Another search is under way, of this or another user."""


class SearchUnavailableError(RuntimeError):
    """Valkey, by which searches are requested, is unreachable."""


@dataclass(slots=True)
class SearchState:
    """A user's latest search. `at`: of its last report, ISO 8601; `state`: WAITING, SEARCHING, DONE, …"""

    id: str
    user: int
    network: str
    state: str = WAITING
    done: int = 0
    total: int = 0
    found: list[FoundCamera] = field(default_factory=list)
    at: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or searches."""
        return self.state in UNDER_WAY

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return round(100 * self.done / self.total) if self.total else 0


def request_search(user: int, network: str, now: datetime) -> SearchState:
    """Queue a search of this network. Raises NetworkError, SearchBusyError and SearchUnavailableError."""
    search = SearchState(uuid.uuid4().hex, user, str(parse_network(network)))
    try:
        if not valkey.client().set(RUNNING, search.id, nx=True, ex=SILENT_AFTER_S):
            raise SearchBusyError
        _store(search, now)
        if not task_queue.send_task(TASK, str(user), search.id):
            valkey.client().delete(RUNNING)
            raise SearchUnavailableError
    except redis.RedisError:
        raise SearchUnavailableError from None
    return search


def latest_search(user: int, now: datetime) -> SearchState | None:
    """Return the user's latest search; SILENT when its worker gave no report for long, None when there is none."""
    try:
        kept = valkey.client().get(STATE.format(user))
    except redis.RedisError:
        return None
    if not kept:
        return None
    fields = json.loads(kept)
    search = SearchState(**fields | {"found": [FoundCamera(**one) for one in fields["found"]]})
    if search.is_under_way and (now - datetime.fromisoformat(search.at)).total_seconds() > SILENT_AFTER_S:
        search.state = SILENT
    return search


def cancel_search(user: int, now: datetime) -> None:
    """Have the user's search stopped; what it has found stays."""
    search = latest_search(user, now)
    if search is None or not search.is_under_way:
        return
    with contextlib.suppress(redis.RedisError):  # it ends by itself
        valkey.client().set(STOP.format(search.id), "1", ex=KEPT_S)
        if search.state == WAITING:
            _end(search, CANCELLED, now)


def run_search(user: int, wanted: str) -> None:
    """Run the user's search of this id, unless it was cancelled or replaced meanwhile."""
    search = latest_search(user, datetime.now(UTC))
    if search is None or search.id != wanted or search.state not in (WAITING, SILENT):
        return
    client = valkey.client()
    if not client.set(RUNNING, wanted, nx=True, ex=SILENT_AFTER_S) and client.get(RUNNING) != wanted.encode():
        return
    search.state = SEARCHING
    asyncio.run(_run(search))


async def _run(search: SearchState) -> None:
    try:
        network = parse_network(search.network)  # this machine's CAMERA_NETWORKS decide
    except NetworkError:
        _end(search, FAILED, datetime.now(UTC))
        return
    running = NetworkSearch(network, tuple(settings.ONVIF_PORTS))
    search.total = running.total
    task = asyncio.create_task(running.run())
    state, started = LATE, asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() - started < LONGEST_S:
        await asyncio.to_thread(_report, search, running)
        await asyncio.wait({task}, timeout=REPORT_S)
        if task.done():
            state = FAILED if task.exception() else DONE
            break
        if await asyncio.to_thread(valkey.client().exists, STOP.format(search.id)):
            state = CANCELLED
            break
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    _copy(search, running)
    _end(search, state, datetime.now(UTC))
    if state == FAILED:
        task.result()  # raises what the search raised, for the worker's log


def _copy(search: SearchState, running: NetworkSearch) -> None:
    search.done = running.done
    search.found = [running.found[address] for address in running.addresses if address in running.found]


def _report(search: SearchState, running: NetworkSearch) -> None:
    _copy(search, running)
    _store(search, datetime.now(UTC))
    valkey.client().set(RUNNING, search.id, ex=SILENT_AFTER_S)


def _store(search: SearchState, now: datetime) -> None:
    search.at = now.isoformat()
    valkey.client().set(STATE.format(search.user), json.dumps(asdict(search)), ex=KEPT_S)


def _end(search: SearchState, state: str, now: datetime) -> None:
    search.state = state
    _store(search, now)
    valkey.client().delete(RUNNING)
