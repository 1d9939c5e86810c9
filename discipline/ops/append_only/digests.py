"""Digests over the rows that were added to a table, and until which row they may be taken."""

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from psycopg import sql

from discipline.ops.append_only.tables import AppendOnly

WRITERS_S = 60.0  # how long to wait for transactions that still write
POLL_S = 0.1
AT_ONCE = 2000  # rows

# The other transactions that have written to these tables or are about to: they take the lock before the row's number.
WRITERS = """
SELECT name, virtualtransaction FROM pg_locks JOIN unnest(%s::text[]) AS name ON relation = to_regclass(name)
WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(frozen=True, slots=True)
class RowsDigest:
    """The number of some rows, and the SHA-256 in hex over them."""

    rows: int
    sha256: str


def settled_until(tables: Sequence[AppendOnly], longest_s: float = WRITERS_S) -> dict[str, int]:
    """Return the highest key of each table below which no row can appear any more.

    Rows are numbered before they are committed, so this waits for the transactions that write at present; it holds no
    lock. A table that is written in one transaction for longer than `longest_s` is left out. Call it outside of a
    transaction.
    """
    newest = {table.name: newest_key(table) for table in tables}
    waiting = _writers(newest)
    deadline = time.monotonic() + longest_s
    while waiting and time.monotonic() < deadline:
        time.sleep(POLL_S)
        waiting &= _writers(newest)
    busy = {name for name, _ in waiting}
    return {name: key for name, key in newest.items() if name not in busy}


def digest_of(table: str, key: str, columns: Sequence[str], after: int, upto: int) -> RowsDigest:
    """Return the digest of the rows with after < key ≤ upto, by these columns.

    A row is the text of a JSON array, as PostgreSQL writes it. Raises DatabaseError when a column is missing.
    """
    query = sql.SQL(
        "SELECT jsonb_build_array({columns})::text FROM {table} WHERE {key} > %s AND {key} <= %s ORDER BY {key}"
    ).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)), table=sql.Identifier(table), key=sql.Identifier(key)
    )
    digest, rows = hashlib.sha256(), 0
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(query, [after, upto])
        while some := cursor.fetchmany(AT_ONCE):
            for (row,) in some:
                digest.update(row.encode() + b"\n")
            rows += len(some)
    return RowsDigest(rows, digest.hexdigest())


def newest_key(table: AppendOnly) -> int:
    """Return the highest key of a table, 0 without rows."""
    query = sql.SQL("SELECT COALESCE(max({}), 0) FROM {}").format(sql.Identifier(table.key), sql.Identifier(table.name))
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def _writers(tables: Iterable[str]) -> set[tuple[str, str]]:
    """Return the transactions that write at present, as pairs of a table and a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(WRITERS, [list(tables)])
        return set(cursor.fetchall())
