"""Seal what was added to the append-only tables: each hour a signed head, which continues the one before it.

The body of a head:

    sequence   from 1, without gaps
    at         the time, UTC
    previous   SHA-256 of the previous head's line, "" in the first
    upto       by table: the highest key that this head and those before it cover
    grown      by table, if rows were added: after (they have after < key ≤ upto), rows, columns, sha256 (digests.py)

Fields that may still change are not among the columns. A column that is added later is only in later heads.
"""

import hashlib
import json
import logging
from datetime import UTC, datetime
from typing import Any

from discipline.ops.append_only.digests import digest_of, settled_until
from discipline.ops.append_only.head_key import signed_line
from discipline.ops.append_only.models import SignedHead
from discipline.ops.append_only.tables import sealed_tables
from streams.servers.locks import Lock, try_lock

log = logging.getLogger(__name__)


def seal_tables(now: datetime) -> SignedHead | None:
    """Store and return the next head, also when nothing was added; None while another process does it."""
    with try_lock(Lock.SEAL_TABLES) as acquired:
        return _seal(now) if acquired else None


def line_hash(line: str) -> str:
    """Return what the next head says of this line."""
    return hashlib.sha256(line.encode()).hexdigest()


def _seal(now: datetime) -> SignedHead:
    last = SignedHead.objects.order_by("-sequence").first()
    upto: dict[str, int] = json.loads(last.line)["upto"] if last else {}
    tables = sealed_tables()
    settled = settled_until(tables)
    grown: dict[str, Any] = {}
    for table in tables:
        after, newest = upto.get(table.name, 0), settled.get(table.name, 0)
        if newest <= after:
            continue
        digest = digest_of(table.name, table.key, table.fixed, after, newest)
        grown[table.name] = {
            "after": after,
            "rows": digest.rows,
            "columns": list(table.fixed),
            "sha256": digest.sha256,
        }
        upto[table.name] = newest
    if late := {table.name for table in tables} - settled.keys():
        log.warning("Not sealed, as one transaction has been writing to them for long: %s", ", ".join(sorted(late)))
    sequence = last.sequence + 1 if last else 1
    body = {
        "sequence": sequence,
        "at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "previous": line_hash(last.line) if last else "",
        "upto": upto,
        "grown": grown,
    }
    return SignedHead.objects.create(sequence=sequence, at=now, line=signed_line(body))
