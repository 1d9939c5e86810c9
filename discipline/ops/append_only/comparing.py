"""Compare the signed heads, in the database and in copies from elsewhere, with each other and with the tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder

from discipline.ops.append_only.digests import digest_of, newest_key
from discipline.ops.append_only.head_key import NotSigned, read_line
from discipline.ops.append_only.models import SignedHead
from discipline.ops.append_only.sealing import line_hash
from discipline.ops.append_only.tables import sealed_tables

LATE = timedelta(hours=2)  # heads are made hourly


@dataclass(slots=True)
class HeadsReport:
    """How many different heads were compared, the faults as English sentences, and lines that a crash may have torn."""

    heads: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def compare_heads(files: list[Path], now: datetime) -> HeadsReport:
    """Compare all heads of the database and of these files. Raises OSError when a file can't be read."""
    report = HeadsReport()
    # Before the database, in which each head is stored first.
    copies = {str(file): file.read_text(errors="replace").splitlines() for file in files}
    stored = {head.sequence: head.line for head in SignedHead.objects.order_by("sequence").iterator(chunk_size=500)}
    trusted: dict[str, dict[str, Any]] = {}  # by line
    report.faults += _chain_faults(stored, trusted)
    for name, lines in copies.items():
        _compare_copy(name, lines, stored, trusted, report)
    for line, head in trusted.items():
        where = "" if stored.get(head["sequence"]) == line else ", which only a copy has"
        report.faults += _table_faults(head, where)
    report.faults += _unsealed(now)
    report.heads = len(trusted)
    return report


def _chain_faults(stored: Mapping[int, str], trusted: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Check the heads of the database in their order, and collect those that are signed."""
    expected, previous = 1, ""
    upto: dict[str, int] = {}
    for sequence, line in stored.items():
        if sequence != expected:
            yield f"heads {expected} to {sequence - 1} are missing in the database"
        try:
            head = read_line(line)
        except NotSigned as error:
            yield f"head {sequence} of the database {error}"
        else:
            trusted[line] = head
            covered = {name: grown["after"] for name, grown in head["grown"].items()}
            if head["sequence"] != sequence:
                yield f"head {sequence} of the database is really head {head['sequence']}"
            elif sequence == expected and (
                head["previous"] != previous or covered != {name: upto.get(name, 0) for name in covered}
            ):
                yield f"head {sequence} does not continue the one before it"
            upto = head["upto"]
        expected, previous = sequence + 1, line_hash(line)


def _compare_copy(
    name: str, lines: list[str], stored: Mapping[int, str], trusted: dict[str, dict[str, Any]], report: HeadsReport
) -> None:
    before = None
    for number, line in enumerate(lines, start=1):
        where = f"{name}, line {number}"
        try:
            head = read_line(line)
        except NotSigned as error:
            (report.faults if line.endswith("}") else report.notes).append(f"{where} {error}")
            continue
        sequence = head["sequence"]
        if before is not None and sequence > before + 1:
            report.faults.append(f"{where}: heads {before + 1} to {sequence - 1} are missing in this file")
        before = sequence
        if sequence not in stored:
            report.faults.append(f"{where}: head {sequence} of {head['at']} is missing in the database")
        elif stored[sequence] != line:
            report.faults.append(f"{where}: head {sequence} of {head['at']} is another one in the database")
        trusted[line] = head


def _table_faults(head: Mapping[str, Any], where: str) -> Iterator[str]:
    keys = {table.name: table.key for table in sealed_tables()}
    for name, grown in head["grown"].items():
        after, upto = grown["after"], head["upto"][name]
        said = f"{name}: rows {after + 1} to {upto} are not those of head {head['sequence']} ({head['at']}){where}"
        try:
            found = digest_of(name, keys.get(name, "id"), grown["columns"], after, upto)
        except DatabaseError as error:
            yield f"{said}: {' '.join(str(error).split())}"
            continue
        if found.rows != grown["rows"]:
            yield f"{said}: {found.rows} instead of {grown['rows']}"
        elif found.sha256 != grown["sha256"]:
            yield f"{said}: their contents were changed"


def _unsealed(now: datetime) -> Iterator[str]:
    """Find rows without a head when one is late."""
    newest = SignedHead.objects.order_by("-sequence").first()
    since = newest.at if newest else _heads_began()
    if since is None or now - since < LATE:
        return
    try:
        upto = read_line(newest.line)["upto"] if newest else {}
    except NotSigned:  # reported already
        return
    waiting = [table.name for table in sealed_tables() if newest_key(table) > upto.get(table.name, 0)]
    if waiting:
        yield f"no head since {since:%Y-%m-%dT%H:%M:%SZ}, and rows without one in {', '.join(waiting)}: does beat run?"


def _heads_began() -> datetime | None:
    """Return since when this database can hold heads."""
    migration = MigrationRecorder.Migration.objects.filter(app="discipline", name__endswith="_signed_heads").first()
    return migration.applied if migration else None
