"""The embedded servers start again whatever was killed and wherever the checkout lies, with real servers and kills."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from tests.support.paths import ROOT

# Calls ensure_servers() once per line of input and prints a line; ends at the end of the input.
USER = """
import itertools, os, sys
from discipline.ops.local import embedded
for _ in itertools.chain(["begin"], iter(sys.stdin.readline, "")):
    was_alive = embedded.servers_alive() if "DATABASE_URL" in os.environ else None
    embedded.ensure_servers()
    print(*(os.environ[name + "_URL"] for name in ("DATABASE", "DATABASE_OWNER", "REDIS")), was_alive, flush=True)
"""


def environment(var: Path) -> dict[str, str]:
    """Return the environment of a process that uses the embedded servers of this folder."""
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    return {name: value for name, value in os.environ.items() if name not in names} | {"SIDAK_VAR": str(var)}


class User:
    """A process that uses the embedded servers of one var/ folder."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self._process = subprocess.Popen(
            [sys.executable, "-c", USER],
            cwd=ROOT,
            env=environment(var),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._listen()

    def _listen(self) -> None:
        assert self._process.stdout
        self.database_url, self.owner_url, self.redis_url, self.was_alive = self._process.stdout.readline().split()

    def ask_again(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("again\n")
        self._process.stdin.flush()
        self._listen()

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def socket_folder(self) -> Path:
        return Path(str(psycopg.conninfo.conninfo_to_dict(self.database_url)["host"]))

    def valkey(self) -> redis.Redis:
        return redis.Redis.from_url(self.redis_url)

    def leave(self) -> None:
        self._process.communicate(timeout=30)

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


def servers(var: Path) -> dict[str, psutil.Process]:
    """Return the running postmaster and Valkey of this folder."""
    found = {}
    for process in psutil.process_iter():
        try:
            name, place = process.name(), process.cwd()
            if place == str(var / "valkey") or (place == str(var / "postgres") and process.ppid() == 1):
                found[name] = process
        except psutil.Error:
            continue
    return found


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder for the servers. Not tmp_path: each start of pytest closes its parent to the servers' user."""
    with tempfile.TemporaryDirectory(prefix="sidak-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
        for process in servers(Path(folder)).values():
            process.kill()
            process.wait(10)


def test_the_last_to_leave_turns_off_the_light(var: Path) -> None:
    ani, budi = User(var), User(var)
    assert ani.database_url == budi.database_url
    ani.leave()
    assert budi.sql("SELECT 1") == [(1,)]
    assert budi.valkey().ping()
    budi.leave()
    assert servers(var) == {}


@pytest.mark.parametrize("folder", ["a folder with 'spaces' & %signs", "/".join(["deep" * 10] * 4)])
def test_any_checkout_path_will_do(var: Path, folder: str) -> None:
    user = User(var / folder)
    assert user.sql("SELECT current_database()") == [("sidak",)]
    assert user.valkey().ping()
    user.leave()
    assert servers(var / folder) == {}
    assert not (user.socket_folder() / ".s.PGSQL.5432").exists()


def test_nobody_else_may_enter_the_folders_of_the_sockets(var: Path) -> None:
    for place in (var / "short", var / ("deep" * 30)):
        user = User(place)
        folder = user.socket_folder()
        socket = Path(redis.connection.parse_url(user.redis_url)["path"])
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        user.leave()


def test_killed_servers_come_back_with_their_data_at_the_same_address(var: Path) -> None:
    user = User(var)
    before = user.database_url, user.owner_url, user.redis_url
    user.sql("CREATE TABLE kept AS SELECT 7 AS seven")
    for process in servers(var).values():
        process.kill()
        process.wait()
    user.ask_again()
    assert user.was_alive == "False"
    assert (user.database_url, user.owner_url, user.redis_url) == before
    assert user.sql("SELECT seven FROM kept") == [(7,)]
    assert user.valkey().ping()
    user.leave()


def test_a_hung_valkey_ends_before_another_starts(var: Path) -> None:
    user = User(var)
    hung = servers(var)["valkey-server"]
    hung.suspend()
    user.ask_again()
    assert user.was_alive == "False"
    assert not hung.is_running()
    assert user.valkey().ping()
    user.leave()
    assert servers(var) == {}


def test_a_valkey_that_was_slow_for_a_moment_is_kept(var: Path) -> None:
    user = User(var)
    slow = servers(var)["valkey-server"]
    slow.suspend()
    waking = threading.Timer(3, slow.resume)  # longer than it waits for one answer
    waking.start()
    user.ask_again()
    waking.join()
    assert user.was_alive == "True"
    assert servers(var)["valkey-server"] == slow
    user.leave()


def test_a_hung_valkey_ends_with_its_last_user(var: Path) -> None:
    user = User(var)
    servers(var)["valkey-server"].suspend()
    user.leave()
    assert servers(var) == {}


def test_a_killed_postmaster_leaves_no_session_that_writes_beside_the_new_one(var: Path) -> None:
    user = User(var)
    busy = psycopg.connect(user.database_url, autocommit=True)
    orphan = psutil.Process(busy.info.backend_pid)
    os.kill(orphan.pid, signal.SIGSTOP)  # a session that can't notice its postmaster's death
    servers(var)["postgres"].kill()
    user.ask_again()
    assert not orphan.is_running()
    user.leave()


@pytest.mark.parametrize("left", ["", "garbage\n", "{stranger}\n/elsewhere\n1\n5432\n\n\n0 0\nready\n"])
def test_a_stale_pid_file_stops_nobody(var: Path, left: str) -> None:
    """After kill -9 and a reboot the number in it may be the pid of any program."""
    User(var).leave()
    for note in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (var / "postgres" / note).write_text(left.format(stranger=os.getpid()))
    user = User(var)
    assert user.sql("SELECT 1") == [(1,)]
    user.leave()
    assert psutil.pid_exists(os.getpid())


def test_a_killed_user_leaves_servers_that_the_next_one_takes_over(var: Path) -> None:
    User(var).kill()
    running = servers(var)
    assert len(running) == 2
    user = User(var)
    assert servers(var) == running
    user.leave()
    assert servers(var) == {}


@pytest.mark.slow
def test_the_data_of_a_server_from_before_there_were_two_roles_is_kept(var: Path) -> None:
    user = User(var)

    def manage(*command: str, **roles: str) -> None:
        environment = os.environ | {"SIDAK_VAR": str(var), "REDIS_URL": user.redis_url} | roles
        subprocess.run([sys.executable, "manage.py", *command, "-v0"], cwd=ROOT, env=environment, check=True)

    user.sql("DROP ROLE sidak")
    manage("migrate", "discipline", "0028", DATABASE_URL=user.owner_url)
    user.sql("INSERT INTO discipline_attachment (path, name, media_type, size, sha256) VALUES ('a', 'b', 'c', 1, 'd')")
    before = user.sql("SELECT * FROM discipline_attachment")
    user.ask_again()  # the role is made at the start
    manage("migrate", DATABASE_URL=user.database_url, DATABASE_OWNER_URL=user.owner_url)
    with psycopg.connect(user.database_url, autocommit=True) as application:
        assert application.execute("SELECT * FROM discipline_attachment").fetchall() == before
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("DELETE FROM discipline_attachment")
        assert application.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)
    user.leave()


def test_a_start_that_was_killed_halfway_is_begun_again(var: Path) -> None:
    half = var / ".postgres-half" / "data"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    (var / "postgres").mkdir()
    user = User(var)
    assert user.sql("SELECT 1") == [(1,)]
    assert not half.exists()
    user.leave()


@pytest.mark.skipif(os.getuid() != 0, reason="mounting a small disk takes root")
def test_a_full_disk_is_named(var: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m,mode=711", "none", str(var)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("no disk may be mounted here")
    try:
        command = [sys.executable, "-c", USER]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(var), stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
    finally:
        subprocess.run(["umount", str(var)], check=True)
    assert done.returncode != 0
    assert "there is no room left on the disk of" in done.stderr, done.stderr
