"""The test's own database: the template that it is copied from, its flush between tests, and its loss."""

import hashlib
import logging
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.db import OperationalError, connection
from psycopg import sql

from tests.support.paths import ROOT

if TYPE_CHECKING:  # imported as the first of Django's modules it runs into a cycle
    from django.db.backends.base.operations import BaseDatabaseOperations

TEMPLATE = "sidak_migrated_"
BUILDING = "sidak_migrating"
TEMPLATE_LOCK = 20_261_129  # an advisory lock of the server, held while the template is made
FLUSH_RETRIES = 3
# Tables that migrations fill, and which rows of them tests add. A flush leaves the others alone, so that a test after
# one that commits finds them, too.
FILLED = {
    "discipline_wallscene": "false",
    "discipline_incidenttype": "false",
    "discipline_complaintkind": "false",
    "discipline_procedure": "by_id IS NOT NULL",
    "discipline_bylawarticle": "false",
    "discipline_bylawarticle_kinds": "false",
}

log = logging.getLogger(__name__)


def url_of(database: str) -> str:
    """Return DATABASE_URL with another database of the same server."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))


def migrated_template() -> str:
    """Return the name of a database to which all migrations have been applied, for CREATE DATABASE … TEMPLATE.

    The first process that asks creates it; it stays on the server until the migrations or Django change.
    """
    name = TEMPLATE + _fingerprint()
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        rows = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", ["sidak\\_migrat%"]).fetchall()
        known = {row[0] for row in rows}
        if name not in known:
            for other in known:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(other)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(BUILDING)))
            command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url_of(BUILDING)}, check=True)
            new_name = sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(BUILDING), sql.Identifier(name))
            server.execute(new_name)
    return name


def _fingerprint() -> str:
    """Hash all that decides what the migrations create."""
    digest = hashlib.sha256(django.__version__.encode())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def flush_fast() -> None:
    """Make each flush of the database in this process fast, and let it try again after a deadlock.

    TRUNCATE of all tables takes 0.2 s of the server's time, as it makes the files of all tables and indexes anew. The
    rows of a test are few: deleting them takes a tenth of that. The tables are locked as by TRUNCATE, for a thread or
    process that a test started may still use them, and TRUNCATE locks them in an order of its own.
    """
    operations = type(connection.ops)
    flush_once, truncate = operations.execute_sql_flush, operations.sql_flush

    @wraps(truncate)
    def sql_flush(self: "BaseDatabaseOperations", style: Any, tables: Sequence[str], **options: bool) -> list[str]:
        if any(options.values()) or not tables or not _may_skip_triggers():
            return truncate(self, style, tables, **options)
        added = [f"DELETE FROM {table} WHERE {FILLED[table]}" for table in tables if table in FILLED]
        tables = [table for table in tables if table not in FILLED]
        names = [self.quote_name(table) for table in tables]
        return [
            "SET LOCAL session_replication_role = replica",  # no triggers, as of foreign keys and against deletion
            f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE",
            *added,
            *(f"DELETE FROM {name}" for name in names),
        ]

    @wraps(flush_once)
    def flush(self: "BaseDatabaseOperations", sql_list: Iterable[str]) -> None:
        statements = list(sql_list)
        for retry in range(1, FLUSH_RETRIES + 1):
            try:
                return flush_once(self, statements)
            except OperationalError as error:
                if not isinstance(error.__cause__, psycopg.errors.DeadlockDetected):
                    raise
                log.warning("The flush of the database deadlocked; retry %d of %d", retry, FLUSH_RETRIES)
        return flush_once(self, statements)

    operations.execute_sql_flush = flush  # type: ignore[method-assign]
    operations.sql_flush = sql_flush  # type: ignore[method-assign]


def _may_skip_triggers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on'")
        return bool(cursor.fetchone()[0])


def session_pids() -> list[int]:
    """Return the process id of each session on the test's database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return [pid for (pid,) in cursor.fetchall()]


@contextmanager
def connections_refused(spared: list[int]) -> Iterator[None]:
    """End the sessions on the test's database except those of `spared`, and refuse new ones.

    `spared` are process ids; a process in which browser tests have run has a second session, Django's for the thread of
    Playwright's loop.
    """
    name = connection.settings_dict["NAME"]
    admin = url_of("postgres")
    connection.close()
    terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> ALL(%s)"
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        server.execute(terminate, [name, spared])
        try:
            yield
        finally:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
