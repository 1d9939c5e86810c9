"""Run pg_dump and pg_restore of the database server's own major version."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from django.db import connection

from discipline.ops.backup.manifest import BackupError
from discipline.ops.local import postgres

DEBIAN = Path("/usr/lib/postgresql")


def server_major() -> int:
    """Return the major version of the server of this database."""
    connection.ensure_connection()
    return int(_session().info.server_version) // 10_000


def dump(target: Path) -> None:
    """Write the whole database to a file in pg_dump's custom format. Raises BackupError."""
    _run("pg_dump", "--format=custom", f"--file={target}")


def restore(source: Path) -> None:
    """Restore such a file into a database whose public schema is empty, all of it or nothing. Raises BackupError.

    Everything then belongs to the user that is connected.
    """
    _run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(source))


def _run(program: str, *arguments: str) -> None:
    path = _find(program)
    info = _session().info
    # The password goes by the environment, as other users of the machine see command lines.
    environment = os.environ | {"PGPASSWORD": info.password, "LC_ALL": "C"}
    done = subprocess.run(  # noqa: S603
        [str(path), f"--dbname={info.dsn}", "--no-password", *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment,
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {' '.join(done.stderr.split())[-500:]}")


def _session() -> "psycopg.Connection[tuple[object, ...]]":
    session = connection.connection
    assert isinstance(session, psycopg.Connection)
    return session


def _find(program: str) -> Path:
    """Return the path of PostgreSQL's program in the server's major version. Raises BackupError."""
    major = server_major()
    folders = [DEBIAN / str(major) / "bin"]
    if major == postgres.MAJOR:
        folders.insert(0, postgres.binaries())
    for folder in folders:
        if (folder / program).exists():
            return folder / program
    on_path = shutil.which(program)
    if on_path and _major_of(on_path) == major:
        return Path(on_path)
    raise BackupError(
        f"No {program} {major} here, the version of the database server. Install what Debian calls "
        f"postgresql-client-{major}."
    )


def _major_of(program: str) -> int:
    """Return the major version that `pg_dump (PostgreSQL) 15.14 (Debian …)` tells."""
    done = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)  # noqa: S603
    return int(done.stdout.split(")")[1].split(".")[0])
