"""What can break in a RunningCity: context managers, broken inside and mended at the end."""

import json
import signal
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import cycle
from pathlib import Path

import psutil
import psycopg
import redis
from celery import Celery
from django.contrib.auth import get_user_model
from django.utils import timezone

from discipline.reports.files import jobs
from discipline.reports.files.models import ReportFile
from streams.simulator.control import ControlError
from streams.simulator.scenes import SimulatedFault
from tests.support.chaos.running import CAMERAS, RunningCity
from tests.support.waiting import wait_until

ALL = range(1, CAMERAS + 1)
FLAP_S = 4.0
MORE_THAN_THERE_ARE = 260  # connections; the embedded server takes 200
QUEUE = "sidak:celery:celery"


@contextmanager
def killed(*processes: psutil.Process) -> Iterator[None]:
    """Kill the processes, which their supervisor starts again."""
    for process in processes:
        process.kill()
    yield


@contextmanager
def signalled(process: psutil.Process, number: signal.Signals) -> Iterator[None]:
    """Send a signal that ends the process, which its supervisor starts again."""
    process.send_signal(number)
    yield


@contextmanager
def stopped(processes: Sequence[psutil.Process]) -> Iterator[None]:
    """Let the processes stand still."""
    try:
        for process in processes:
            with suppress(psutil.NoSuchProcess):  # a session that has just ended
                process.suspend()
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):  # ended by its supervisor meanwhile
                process.resume()


@contextmanager
def postgres_stopped(city: RunningCity) -> Iterator[None]:
    """Let PostgreSQL stand still, with all its sessions."""
    server = city.postgres
    with stopped([server]), stopped(server.children()):
        yield


@contextmanager
def worker_killed_in_report(city: RunningCity) -> Iterator[None]:
    """Kill the worker while it makes a report of the city's year."""
    mayor = get_user_model().objects.get(username="walikota")
    wanted = {"place": "kota", "period": "2026", "format": "xlsx", "language": "id"}
    row = ReportFile.objects.create(by=mayor, heavy=True, asked_at=timezone.now(), **wanted)
    _send_task(city, jobs.TASK)
    files = ReportFile.objects.filter(pk=row.pk)
    wait_until(lambda: not files.filter(state=ReportFile.State.WAITING).exists(), every_s=0.01)
    city.program("worker").kill()
    assert files.filter(state=ReportFile.State.WORKING).exists(), "the worker was faster"
    yield


@contextmanager
def supervisor_killed(city: RunningCity) -> Iterator[None]:
    """Kill the launcher, with which its programs die, and start it again."""
    city.launcher.kill()
    city.launcher.wait()
    yield
    city.start()


@contextmanager
def valkey_emptied(city: RunningCity) -> Iterator[None]:
    """Delete all that Valkey holds."""
    with redis.Redis.from_url(city.redis_url) as client:
        client.flushall()
    yield


@contextmanager
def connections_taken(city: RunningCity) -> Iterator[None]:
    """Take all connections that PostgreSQL allows."""
    with ExitStack() as taken:
        with suppress(psycopg.OperationalError):
            for _ in range(MORE_THAN_THERE_ARE):
                taken.enter_context(psycopg.connect(city.database_url, connect_timeout=5))
        yield


@contextmanager
def evidence_disk_full(city: RunningCity) -> Iterator[None]:
    """Fill the disk of the evidence; where it has none of its own, let the watch write no files."""
    if not city.has_small_disk:
        watch = city.program("watch")
        usual = watch.rlimit(psutil.RLIMIT_FSIZE)
        watch.rlimit(psutil.RLIMIT_FSIZE, (0, usual[1]))
        yield
        watch.rlimit(psutil.RLIMIT_FSIZE, usual)
        return
    with _filled(city.evidence):
        yield


@contextmanager
def database_disk_full(city: RunningCity) -> Iterator[None]:
    """Fill the disk of everything but the evidence, and write until PostgreSQL ends for want of room for its WAL."""
    with _filled(city.var):
        with suppress(psycopg.OperationalError), psycopg.connect(city.database_url, autocommit=True) as connection:
            while True:  # messages go to the WAL only
                connection.execute("SELECT pg_logical_emit_message(false, 'chaos', repeat('x', 8000000))")
                connection.execute("SELECT pg_switch_wal()")
        yield


@contextmanager
def _filled(folder: Path) -> Iterator[None]:
    """Leave no room on the disk of a folder."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(65536))
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def cameras_broken(city: RunningCity, fault: SimulatedFault, cameras: Collection[int] = ALL) -> Iterator[None]:
    """Give these cameras a fault."""
    for camera in cameras:
        city.break_camera(camera, fault)
    try:
        yield
    finally:
        for camera in cameras:
            city.break_camera(camera, None)


@contextmanager
def camera_flapping(city: RunningCity, camera: int) -> Iterator[None]:
    """Let a camera refuse and return every FLAP_S."""
    ending = threading.Event()

    def flap() -> None:
        for fault in cycle((SimulatedFault.REFUSE, None)):
            with suppress(ControlError):
                city.break_camera(camera, fault)
            if ending.wait(FLAP_S):
                return

    thread = threading.Thread(target=flap, name="flapping", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()
        city.break_camera(camera, None)


@contextmanager
def one_flapping_one_hanging(city: RunningCity) -> Iterator[None]:
    """Let one camera refuse and return, and another hang."""
    with camera_flapping(city, CAMERAS - 1), cameras_broken(city, SimulatedFault.STALL, [CAMERAS]):
        yield


@contextmanager
def poisoned_queue(city: RunningCity) -> Iterator[None]:
    """Put messages into the worker's queue that it can't read, know or obey."""
    _send_task(city, "no.such.task")
    _send_task(city, "discipline.tasks.sweep", 1, 2, 3)
    _send_task(city, "discipline.tasks.notify", {"x": "y"})
    with redis.Redis.from_url(city.redis_url) as client:
        client.lpush(QUEUE, b"this is no JSON", json.dumps({"body": "!!!", "headers": {}, "properties": {}}))
    yield


def _send_task(city: RunningCity, name: str, *arguments: object) -> None:
    with Celery(broker=city.redis_url.replace("unix://", "redis+socket://", 1), set_as_current=False) as celery:
        celery.conf.broker_transport_options = {"global_keyprefix": QUEUE.removesuffix("celery")}
        celery.send_task(name, args=arguments)
