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

ROOT = Path(__file__).resolve().parent.parent


def environment(**more: str) -> dict[str, str]:
    own = urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + connection.settings_dict["NAME"])
    return {**os.environ, "DATABASE_URL": urlunsplit(own), "REDIS_PREFIX": settings.REDIS_PREFIX, **more}


def start_watch(name: str, **more: str) -> subprocess.Popen[bytes]:
    """A watch that looks every 2 s."""
    command = [sys.executable, "manage.py", "watch", "--name", name]
    settings_of_its_own = environment(LOOK_S="2", BLIND_AFTER_S="8", LOG_LEVEL="WARNING", **more)
    return subprocess.Popen(command, cwd=ROOT, env=settings_of_its_own, stdout=subprocess.DEVNULL)


class Daphne:
    """The site on a port of its own, on the test's database, as another process."""

    def __init__(self) -> None:
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
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=subprocess.DEVNULL)
        for _ in range(150):
            try:
                urlopen(f"{self.url}/masuk/").close()
                return
            except OSError:
                time.sleep(0.1)
        pytest.fail("Daphne does not answer")

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
