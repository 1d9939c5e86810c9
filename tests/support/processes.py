"""The programs of Sidak as real processes on the test's own database."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.db import connection

from tests.support.paths import ROOT


def environment(**more: str) -> dict[str, str]:
    own = urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + connection.settings_dict["NAME"])
    names = {"DATABASE_URL": urlunsplit(own), "REDIS_PREFIX": settings.REDIS_PREFIX, "IDLE_IN_TRANSACTION_S": "10"}
    return {**os.environ, **names, **more}


def start_watch(name: str, **more: str) -> subprocess.Popen[bytes]:
    """A watch that looks every 2 s; `more` of its environment."""
    command = [sys.executable, "manage.py", "watch", "--name", name]
    settings_of_its_own = environment(LOOK_S="2", BLIND_AFTER_S="8", LOG_LEVEL="WARNING", **more)
    return subprocess.Popen(command, cwd=ROOT, env=settings_of_its_own, stdout=subprocess.DEVNULL)


def start_worker(**more: str) -> subprocess.Popen[bytes]:
    """A Celery worker; `more` of its environment."""
    command = [sys.executable, "-m", "celery", "-A", "discipline.celery:app", "worker"]
    command += ["--pool", "threads", "--concurrency", "2", "--without-mingle", "--without-gossip"]
    its_own = environment(**more)
    return subprocess.Popen(command, cwd=ROOT, env=its_own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


SIMULATOR = """
import asyncio, sys
from pathlib import Path
from streams.simulator.simulator import Simulator
simulator = Simulator(cameras=int(sys.argv[1]), footage=Path(sys.argv[2]))
asyncio.run(simulator.serve(asyncio.Event(), lambda: print(simulator.port, flush=True)))
"""


def start_simulator(cameras: int, footage: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Staffed counters before cameras that are a process of their own, so that it can be frozen; and its port."""
    command = [sys.executable, "-c", SIMULATOR, str(cameras), str(footage)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    return process, int(process.stdout.readline())


class Daphne:
    """The site on a port of its own, on the test's database, as another process; `more` of its environment."""

    def __init__(self, **more: str) -> None:
        self.more = more
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "daphne",
            "-b",
            "127.0.0.1",
            "-p",
            str(self.port),
            "discipline.asgi:application",
        ]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment(**self.more), stderr=subprocess.DEVNULL)
        for _ in range(150):
            try:
                urlopen(f"{self.url}/masuk/").close()
                return
            except OSError:
                time.sleep(0.1)
        pytest.fail("Daphne does not answer")

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
