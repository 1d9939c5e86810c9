"""Sidak's programs as real processes on the test's own database."""

import multiprocessing
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import connection

from discipline.ops.web.daphne_options import daphne_options
from tests.support.paths import ROOT
from tests.support.waiting import wait_until


def free_port() -> int:
    """Return a port of the loopback on which no process listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def environment(**more: str) -> dict[str, str]:
    """Return the environment for a process on the test's database and Valkey prefix, with `more`."""
    test_database = urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + connection.settings_dict["NAME"])
    names = {
        "DATABASE_URL": urlunsplit(test_database),
        "REDIS_PREFIX": settings.REDIS_PREFIX,
        "IDLE_IN_TRANSACTION_S": "10",
    }
    return {**os.environ, **names, **more}


def start_watch(name: str, **more: str) -> subprocess.Popen[bytes]:
    """Start a `watch` that looks every 2 s; `more` is added to its environment."""
    return start_watch_of(ROOT, name, **more)


def start_watch_of(code: Path, name: str, /, **more: str) -> subprocess.Popen[bytes]:
    """Start a `watch` of the version in this folder, as start_watch does."""
    command = [sys.executable, "manage.py", "watch", "--name", name]
    watch_environment = environment(**{"LOOK_S": "2", "BLIND_AFTER_S": "8", "LOG_LEVEL": "WARNING", **more})
    return subprocess.Popen(command, cwd=code, env=watch_environment, stdout=subprocess.DEVNULL)


def start_worker(**more: str) -> subprocess.Popen[bytes]:
    """Start a Celery worker; `more` is added to its environment."""
    command = [sys.executable, "-m", "celery", "-A", "discipline.celery:app", "worker"]
    command += ["--pool", "threads", "--concurrency", "2", "--without-mingle", "--without-gossip"]
    worker_environment = environment(**more)
    return subprocess.Popen(
        command, cwd=ROOT, env=worker_environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def start_beat(schedule: Path, **more: str) -> subprocess.Popen[bytes]:
    """Start Celery beat with its file `schedule`; `more` is added to its environment."""
    command = [sys.executable, "-m", "celery", "-A", "discipline.celery:app", "beat"]
    command += ["--schedule", str(schedule), "--pidfile="]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(**more), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


SIMULATOR = """
import asyncio, sys
from pathlib import Path
from streams.simulator.simulator import Simulator
simulator = Simulator(cameras=int(sys.argv[1]), footage=Path(sys.argv[2]))
asyncio.run(simulator.serve(asyncio.Event(), lambda: print(simulator.port, flush=True)))
"""


def start_simulator(cameras: int, footage: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start a simulator in a process of its own, so that it can be frozen; return it with its port."""
    command = [sys.executable, "-c", SIMULATOR, str(cameras), str(footage)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    return process, int(process.stdout.readline())


FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.support.preloaded_site"])


def _serve(port: int, database: str, ahead: timedelta) -> None:
    from tests.support.preloaded_site import serve  # noqa: PLC0415 only the fork server may import it

    serve(port, database, ahead)


class Daphne:
    """The site on a free port and the test's database, in another process.

    It is forked from one that has imported everything, and Django's clock in it may be `ahead` of the real one. With
    `fresh`, or with `more` environment, it is started by the command line as in production.
    """

    def __init__(
        self, more: Mapping[str, str] | None = None, *, fresh: bool = False, ahead: timedelta = timedelta(0)
    ) -> None:
        self.fresh, self.more, self.ahead = fresh or bool(more), more or {}, ahead
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | BaseProcess | None = None
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start the process and wait until it answers."""
        if self.fresh:
            command = [sys.executable, "-m", "daphne", *daphne_options(self.port)]
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment(**self.more), stderr=subprocess.DEVNULL)
        else:
            database = connection.settings_dict["NAME"]
            self.process = FORKS.Process(target=_serve, args=(self.port, database, self.ahead), daemon=True)
            self.process.start()
        wait_until(self.answers, 60)

    def answers(self) -> bool:
        """Return whether the login page is served."""
        try:
            # As from a TLS proxy, or with BEHIND_TLS it would redirect to https.
            urlopen(Request(f"{self.url}/masuk/", headers={"X-Forwarded-Proto": "https"})).close()
        except OSError:
            return False
        return True

    @property
    def pid(self) -> int:
        """Return the process id."""
        assert self.process
        assert self.process.pid
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Return whether the process runs."""
        if isinstance(self.process, subprocess.Popen):
            return self.process.poll() is None
        return self.process is not None and self.process.is_alive()

    def kill(self) -> None:
        """Kill the process and wait for its end."""
        if isinstance(self.process, subprocess.Popen):
            self.process.kill()
            self.process.wait()
        elif self.process:
            self.process.kill()
            self.process.join()
