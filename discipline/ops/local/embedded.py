"""Run an embedded PostgreSQL and Valkey under var/ when the environment names no servers.

Both listen on Unix sockets only, in folders that other users can't enter. Every process that uses them holds a shared
file lock for as long as it lives (the kernel releases it even after kill -9); the last one to exit stops them. After
a crash of any of these processes, ensure_servers() starts both again.
"""

import atexit
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from discipline.core.environment import BASE_DIR, env
from discipline.ops.local import postgres, valkey

VAR = Path(env.str("SIDAK_VAR", str(BASE_DIR / "var"))).resolve()

ServicesError = postgres.ServicesError

_in_use: IO[str] | None = None
_mine: set[str] = set()  # which of DATABASE_URL and REDIS_URL name an embedded server


def ensure_servers() -> None:
    """Start a server for DATABASE_URL and REDIS_URL where unset, and set it for this process and its children.

    With DATABASE_URL it sets DATABASE_OWNER_URL (append_only/roles.py).

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
                os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = postgres.start(
                    VAR / "postgres", lambda: postgres.private_folder(VAR) / "pg"
                )
            if "REDIS_URL" in _mine:
                os.environ["REDIS_URL"] = valkey.start(
                    VAR / "valkey", socket_path("valkey.sock"), VAR / "run" / "valkey.pid"
                )
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
    """Whether the embedded servers that this process uses still run. Cheap enough to call every few seconds.

    Only for a Valkey that runs and doesn't answer it takes six seconds.
    """
    return ("DATABASE_URL" not in _mine or postgres.running(VAR / "postgres") is not None) and (
        "REDIS_URL" not in _mine or valkey.is_alive(VAR / "valkey", socket_path("valkey.sock"))
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
            valkey.stop(VAR / "valkey", socket_path("valkey.sock"))
        if "DATABASE_URL" in _mine:
            postgres.stop(VAR / "postgres")
        postgres.remove_private_folder(VAR)
