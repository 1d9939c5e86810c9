"""Measure how soon the open queues of the room show an incident."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from typing import TypedDict

import psutil
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from discipline.core.websocket_routes import reverse_websocket
from discipline.incidents import steps
from discipline.incidents.models import IncidentSource, IncidentType
from discipline.incidents.opening import NewIncident, open_incident
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.tasks import changes as task_changes
from discipline.incidents.tasks.state_rule import TaskState
from discipline.tools.bench.open_pages.board_city import create_city
from discipline.tools.bench.percentiles import Percentiles, percentiles
from discipline.tools.bench.web_server import BenchServer, create_sessions, processor_s
from discipline.tools.bench.websocket_client import CLOSE, PING, PONG, TEXT, masked, open_websocket, read_frame
from offices.access.models import Membership
from offices.places.models import Kelurahan
from streams.cameras.models import Camera
from streams.cameras.troubles.models import CameraTrouble

QUEUES_OF_A_USER = 10
STEPS = 4  # changes of one incident: it is opened, taken, a kelurahan is asked, and accepts
WAITING = 40  # items beside them
OPEN_S = 60.0  # in which all sockets must have opened
LAST_S = 3.0  # for the rows of the last change


@dataclass(frozen=True, slots=True)
class QueuesPlan:
    """How many queues are open, how many incidents an hour are opened, and for how long."""

    queues: int = 300
    incidents_an_hour: int = 200
    seconds: float = 180.0


class QueuesFigures(TypedDict):
    """shown_ms: from the commit of an incident to its number in the rows of each open queue. missed: never shown."""

    queues: int
    incidents: int
    changes: int
    shown_ms: Percentiles
    slowest_ms: float | None
    missed: int
    rows_kb: float
    cores: float


@dataclass(slots=True)
class _Opened:
    """Incidents by number: when each was committed, and when each queue showed it (time.monotonic())."""

    at: dict[str, float] = field(default_factory=dict)
    shown: dict[str, dict[int, float]] = field(default_factory=dict)
    changes: int = 0
    largest: int = 0

    def note(self, queue: int, message: bytes) -> None:
        """Note what a message shows that its queue did not show before."""
        now = time.monotonic()
        self.largest = max(self.largest, len(message))
        for words, seen in self.shown.items():
            if queue not in seen and words.encode() in message:
                seen[queue] = now


def measure_queues(plan: QueuesPlan, now: datetime, progress: Callable[[str], None]) -> QueuesFigures:
    """Run the bench on the present database, which must be an empty scratch one."""
    create_city(107, now)
    if settings.STATIC_MANIFEST:  # as in production
        call_command("collectstatic", interactive=False, verbosity=0)
    _break_cameras(now - timedelta(hours=1))
    names = [f"operator{number}" for number in range(-(-plan.queues // QUEUES_OF_A_USER))]
    users = User.objects.bulk_create(User(username=name, password=f"!{name}") for name in names)
    Membership.objects.bulk_create(Membership(user=user, role=Membership.Role.OPERATOR) for user in users)
    sessions = create_sessions(users[place // QUEUES_OF_A_USER] for place in range(plan.queues))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with BenchServer.running(own_channels=False) as (server, process):
        return asyncio.run(_measure(plan, server.port, process, sessions, users[0], progress))


def _break_cameras(since: datetime) -> None:
    """Fill the queue with items that stay."""
    cameras = Camera.objects.bulk_create(
        Camera(kelurahan=place, name="Loket") for place in Kelurahan.objects.all()[:WAITING]
    )
    CameraTrouble.objects.bulk_create(CameraTrouble(camera=camera, cause="offline", since=since) for camera in cameras)


async def _measure(
    plan: QueuesPlan,
    port: int,
    process: psutil.Process,
    sessions: list[str],
    operator: User,
    progress: Callable[[str], None],
) -> QueuesFigures:
    opened = _Opened()
    ready = [asyncio.Event() for _session in sessions]
    tasks = [
        asyncio.create_task(_follow(port, f"{settings.SESSION_COOKIE_NAME}={key}", number, opened, ready[number]))
        for number, key in enumerate(sessions)
    ]
    async with asyncio.timeout(OPEN_S):
        await asyncio.gather(*(event.wait() for event in ready))
    progress(f"{len(sessions)} queues are open")
    began, spent_s = time.monotonic(), processor_s(process)
    try:
        await _open_incidents(plan, opened, operator)
    finally:
        await sync_to_async(connections.close_all)()
    cores = (processor_s(process) - spent_s) / (time.monotonic() - began)
    await asyncio.sleep(LAST_S)
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
    times = [1000 * (at - opened.at[number]) for number, seen in opened.shown.items() for at in seen.values()]
    return {
        "queues": len(sessions),
        "incidents": len(opened.at),
        "changes": opened.changes,
        "shown_ms": percentiles(times),
        "slowest_ms": round(max(times)) if times else None,
        "missed": len(opened.at) * len(sessions) - len(times),
        "rows_kb": round(opened.largest / 1000, 1),
        "cores": round(cores, 2),
    }


async def _open_incidents(plan: QueuesPlan, opened: _Opened, operator: User) -> None:
    """Open incidents at an even pace, and let each go through its steps before the next."""
    pause_s = 3600 / plan.incidents_an_hour / STEPS
    began = time.monotonic()
    life = await sync_to_async(_Lives)(operator)
    while time.monotonic() - began < plan.seconds:
        for change in (life.open, life.take, life.ask, life.accept):
            await sync_to_async(change)()
            if change == life.open:
                opened.at[life.shown_as], opened.shown[life.shown_as] = time.monotonic(), {}
            opened.changes += 1
            await asyncio.sleep(max(0.0, began + opened.changes * pause_s - time.monotonic()))


class _Lives:
    """The incidents that are opened, one after another, each near another office."""

    def __init__(self, operator: User) -> None:
        self._operator, self._kind = operator, IncidentType.objects.order_by("pk")[0]
        self._places = cycle(Kelurahan.objects.order_by("pk"))

    def open(self) -> None:
        self._place = next(self._places)
        new = NewIncident(
            self._kind, self._place.name, -2.99, 104.76, timezone.now(), IncidentSource.HINT, place=self._place.place
        )
        self._incident = open_incident(new, None, timezone.now())

    @property
    def shown_as(self) -> str:
        """What stands in the rows of this incident only."""
        return f"{self._incident.number} {self._place.name}"

    def take(self) -> None:
        newest = self._incident.steps.order_by("-pk")[0]
        wanted = steps.StepWanted(IncidentState.ACKNOWLEDGED, newest.pk)
        steps.take_step(self._incident, wanted, self._operator, timezone.now())

    def ask(self) -> None:
        self._task = task_changes.ask(self._incident, self._place, "Periksa", self._operator, timezone.now())

    def accept(self) -> None:
        wanted = task_changes.TaskStepWanted(TaskState.ACCEPTED)
        task_changes.take_task_step(self._task, wanted, self._operator, timezone.now(), by_agency=True)


async def _follow(port: int, cookie: str, number: int, opened: _Opened, ready: asyncio.Event) -> None:
    """Follow one queue until cancelled. Raises ConnectionError when the server closes it."""
    reader, writer = await open_websocket(port, reverse_websocket("queue"), cookie, deflate=True)
    try:
        while True:
            kind, data = await read_frame(reader)
            if kind == PING:
                writer.write(masked(PONG, data))
            elif kind == CLOSE:
                raise ConnectionError(f"queue {number} was closed with {int.from_bytes(data[:2])}")
            elif kind == TEXT:
                ready.set()
                opened.note(number, data)
    finally:
        writer.close()
