"""The web server in a process of its own on the present database, for benches, and sessions of its users."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psutil
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from discipline.core.environment import BASE_DIR
from discipline.ops.web.daphne_options import daphne_options
from offices.access.session_rule import SEEN_AT, SIGNED_IN_AT

START_S = 60.0


class BenchServer:
    """Daphne on a free port. `port` stays the same when it is started again.

    folder: the checkout that is served. own_channels: its part of Valkey is its own, not that of the site.
    """

    def __init__(self, folder: Path = BASE_DIR, *, own_channels: bool = True) -> None:
        self._folder, self._own_channels = folder, own_channels
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> psutil.Process:
        """Start the server, and return its process when it answers. Raises TimeoutError."""
        scratch = urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + connection.settings_dict["NAME"])
        # Without DEMO it would refuse to serve as the database's owner, and ask for second factors.
        changed = {"DATABASE_URL": urlunsplit(scratch), "DEMO": "1"}
        if self._own_channels:
            changed["REDIS_PREFIX"] = f"bench-{os.getpid()}"
        command = [sys.executable, "-m", "daphne", "-v", "0", *daphne_options(self.port)]
        self._process = subprocess.Popen(  # noqa: S603
            command, cwd=self._folder, env={**os.environ, **changed}, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            try:
                urlopen(f"http://127.0.0.1:{self.port}/masuk/").close()
            except OSError:
                time.sleep(0.1)
            else:
                return psutil.Process(self._process.pid)
        raise TimeoutError("the web server does not answer")

    def kill(self) -> None:
        """Kill the server, as a power cut does."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Stop the server."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    @classmethod
    @contextmanager
    def running(cls, folder: Path = BASE_DIR, *, own_channels: bool = True) -> Iterator[tuple[Self, psutil.Process]]:
        """Serve inside the block; the arguments are those of the class."""
        server = cls(folder, own_channels=own_channels)
        try:
            yield server, server.start()
        finally:
            server.stop()


def create_sessions(users: Iterable[User]) -> list[str]:
    """Sign each user in once; return the session keys in the order of the users."""
    store, now = SessionStore(), timezone.now()
    rows = []
    for user in users:
        session = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            SIGNED_IN_AT: now.timestamp(),
            SEEN_AT: now.timestamp(),
        }
        key = store._get_new_session_key()  # type: ignore[attr-defined]  # as SessionStore.create() does
        rows.append(Session(session_key=key, session_data=store.encode(session), expire_date=now + timedelta(days=1)))
    return [row.session_key for row in Session.objects.bulk_create(rows)]


def processor_s(process: psutil.Process) -> float:
    """Return the seconds of processor time that the process has used."""
    times = process.cpu_times()
    return float(times.user + times.system)


def rss_mb(process: psutil.Process) -> float:
    """Return the resident memory of the process."""
    return float(process.memory_info().rss / 2**20)
