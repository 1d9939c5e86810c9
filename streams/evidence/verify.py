"""Verify that the evidence is as it was stored: every row, every file, every day's head."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from offices.hours.schedule import local_day
from offices.places.models import Place
from streams.evidence import chain, pending, store
from streams.evidence.models import Evidence, EvidenceHead

AT_ONCE = 1 << 20
YOUNG = timedelta(hours=1)  # a file that is being stored has no row yet
SEALED_AFTER = timedelta(hours=2)  # of the end of a day its head is there
WORDS = {
    chain.ChainBreak.CHANGED: "row {number} was changed",
    chain.ChainBreak.REMOVED: "a row before {number} was removed",
    chain.ChainBreak.INSERTED: "row {number} was inserted",
}


@dataclass(frozen=True, slots=True)
class EvidenceFault:
    """One difference from what was stored. `message` is an English sentence.

    what: changed, removed, inserted, file_missing, file_changed, file_unknown, end_removed, head_differs or
    head_missing.
    """

    office: str  # code
    what: str
    number: int
    message: str


@dataclass(slots=True)
class VerificationReport:
    """Counts of what was checked, the faults, and young files without a row, which may still get one."""

    offices: int = 0
    rows: int = 0
    files: int = 0
    faults: list[EvidenceFault] = field(default_factory=list)
    unknown_files: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return the report for JSON, in which a fault's message is called "said"."""
        report = asdict(self)
        for fault in report["faults"]:
            fault["said"] = fault.pop("message")
        return report


def verify_evidence(now: datetime, offices: Iterable[Place] | None = None) -> VerificationReport:
    """Verify every row and file of these offices and points, by default of all, and that no file is of another."""
    report = VerificationReport()
    if offices is None:
        offices = places_with_evidence()
        _unknown_folders(offices, now, report)
    for office in offices:
        report.offices += 1
        rows = list(Evidence.objects.filter(place=office).order_by("number"))
        report.rows += len(rows)
        report.faults += _chain(office, rows)
        report.faults += _heads(office, rows, now)
        report.faults += _files(office, rows, report)
        _unknown_files(office.code, {row.path for row in rows}, now, report)
    return report


def places_with_evidence() -> list[Place]:
    """Return the offices and points that have evidence or its heads, in the order of their codes."""
    known = {
        *Evidence.objects.values_list("place", flat=True).distinct(),
        *EvidenceHead.objects.values_list("place", flat=True).distinct(),
    }
    return list(Place.objects.loaded().filter(pk__in=known).order_by(Place.code_at()))


def verify_unknown_folders(offices: Iterable[Place], now: datetime) -> VerificationReport:
    """Verify that no file of evidence is of a place that is not among these, which are all that have evidence."""
    report = VerificationReport()
    _unknown_folders(offices, now, report)
    return report


def _chain(office: Place, rows: list[Evidence]) -> Iterator[EvidenceFault]:
    for fault in chain.chain_faults(store.link_of(row) for row in rows):
        sentence = WORDS[fault.what].format(number=fault.number)
        yield EvidenceFault(office.code, fault.what.value, fault.number, sentence)


def _heads(office: Place, rows: list[Evidence], now: datetime) -> Iterator[EvidenceFault]:
    """Compare with the daily heads, which reveal what the chain alone can't: a cut-off end, a whole chain rewritten."""
    hashes = {row.number: row.hash for row in rows}
    covered = 0
    for head in EvidenceHead.objects.filter(place=office).order_by("local_day"):
        covered = max(covered, head.number)
        if head.number not in hashes:
            last = max(hashes, default=0)
            sentence = f"rows up to {head.number} were there on {head.local_day}, the last one now is {last}"
            if head.number > last:
                yield EvidenceFault(office.code, "end_removed", head.number, sentence)
        elif hashes[head.number] != head.hash:
            sentence = f"row {head.number} is not the one that was the newest on {head.local_day}"
            yield EvidenceFault(office.code, "head_differs", head.number, sentence)
    today = local_day(now - SEALED_AFTER)
    if late := [row for row in rows if row.number > covered and local_day(row.stored_at) < today]:
        sentence = f"rows {late[0].number} to {late[-1].number} are of days that are over, and no head covers them"
        yield EvidenceFault(office.code, "head_missing", late[-1].number, sentence)


def _files(office: Place, rows: list[Evidence], report: VerificationReport) -> Iterator[EvidenceFault]:
    destroyed = {row.of_id for row in rows if row.kind == Evidence.Kind.DESTROYED}
    for row in rows:
        if not row.path or row.pk in destroyed:
            continue
        try:
            sha256 = _sha256(store.path_of(row))
        except FileNotFoundError:
            if store.is_destroyed(row):  # since the rows were read
                continue
            yield EvidenceFault(
                office.code, "file_missing", row.number, f"file of row {row.number} is missing: {row.path}"
            )
            continue
        report.files += 1
        if sha256 != row.sha256:
            sentence = f"file of row {row.number} was changed: {row.path}"
            yield EvidenceFault(office.code, "file_changed", row.number, sentence)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(AT_ONCE):
            digest.update(part)
    return digest.hexdigest()


def _unknown_folders(offices: Iterable[Place], now: datetime, report: VerificationReport) -> None:
    """Look for files of offices that have no rows."""
    known = {office.code for office in offices} | {pending.root().name, store.CASES}
    for folder in sorted(Path(settings.EVIDENCE_DIR).glob("*/")):
        if folder.name not in known:
            _unknown_files(folder.name, set(), now, report)


def _unknown_files(code: str, known: set[str], now: datetime, report: VerificationReport) -> None:
    """Report the files of an office that no row knows, except unfinished ones, which retention removes."""
    root = Path(settings.EVIDENCE_DIR)
    for path in sorted((root / code).rglob("*")):
        name = path.relative_to(root).as_posix()
        if name in known or path.suffix == ".part" or not path.is_file():
            continue
        try:
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:  # it failed to get its row, and was removed
            continue
        if now - written < YOUNG:
            report.unknown_files.append(name)
        else:
            report.faults.append(EvidenceFault(code, "file_unknown", 0, f"no row knows the file {name}"))
