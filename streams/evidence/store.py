"""Store evidence files and their hash chain, one chain per place. The only writer of Evidence.

A file is written under a temporary name, fsynced and renamed before its row is committed, so a row without a file
means that the file was removed. Rows of a place are numbered consecutively under an advisory lock.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min

from offices.hours.schedule import ZONE, local_day
from offices.places.models import Counter, Place
from streams.evidence import chain, disk
from streams.evidence.models import Evidence, EvidenceHead
from streams.servers.locks import Lock, lock_until_commit

CLIPS = (Evidence.Kind.EMPTIED_CLIP, Evidence.Kind.DEADLINE_CLIP)
UNSHOWN = (Evidence.Kind.CONTROLS, Evidence.Kind.RECORDING)  # no blurred forms are made of them
CASES = "berkas"  # the folder of files of cases, whose rows and hashes are theirs (discipline.incidents.case_file)


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A file to store: a JPEG, MP4 or ZIP, when it was taken, and what was detected in it. `of`: see Evidence."""

    kind: Evidence.Kind
    form: Evidence.Form
    at: datetime
    data: bytes
    facts: Mapping[str, Any] = field(default_factory=dict)  # JSON-ready
    of: Evidence | None = None


def store(counter: Counter, piece: NewEvidence, now: datetime) -> Evidence:
    """Store one file and append its row. Raises OSError when writing fails; then there is neither file nor row."""
    return store_at(counter.place, counter, piece, now)


def store_at(place: Place, counter: Counter | None, piece: NewEvidence, now: datetime) -> Evidence:
    """Store one file of a place; `counter` is None when the file shows none. Raises OSError as `store` does."""
    sha256 = hashlib.sha256(piece.data).hexdigest()
    path = _path(place, counter, piece)
    disk.write_atomically(settings.EVIDENCE_DIR / path, piece.data)
    try:
        with transaction.atomic():
            return _append(
                place,
                counter,
                now,
                kind=piece.kind,
                form=piece.form,
                at=piece.at,
                of=piece.of,
                facts=_as_stored(piece.facts),
                path=str(path),
                size=len(piece.data),
                sha256=sha256,
            )
    except BaseException:
        with suppress(OSError):
            (settings.EVIDENCE_DIR / path).unlink()
        raise


def part_of(place: Place, at: datetime) -> Path:
    """Return the path of a file of the place to be written for `store_part`; its folder is there. Raises OSError."""
    folder = Path(settings.EVIDENCE_DIR) / place.code / str(local_day(at))
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    return folder / f".{secrets.token_hex(8)}.part"


def store_part(place: Place, part: Path, piece: NewEvidence, now: datetime) -> Evidence:
    """Store a file that was written to `part_of`, however large, as store_at does; the piece's data is empty.

    Raises OSError; then there is neither file nor row.
    """
    path = _path(place, None, piece)
    try:
        size, sha256 = disk.flush_and_hash(part)
        os.replace(part, settings.EVIDENCE_DIR / path)
        with transaction.atomic():
            facts = _as_stored(piece.facts)
            columns = {"kind": piece.kind, "form": piece.form, "at": piece.at, "of": piece.of, "facts": facts}
            return _append(place, None, now, **columns, path=str(path), size=size, sha256=sha256)
    except BaseException:
        for left in (part, settings.EVIDENCE_DIR / path):
            with suppress(OSError):
                left.unlink()
        raise


def note_destroyed(row: Evidence, why: str, now: datetime) -> Evidence:
    """Append the note that a row's file is destroyed on purpose. Call it before removing the file."""
    with transaction.atomic():
        return _append(
            row.place,
            row.counter,
            now,
            kind=Evidence.Kind.DESTROYED,
            form="",
            at=now,
            of=row,
            facts={"why": why},
            path="",
        )


class EvidenceGone(Exception):
    """The file is missing. `destroyed` is the chain's note when it was destroyed on purpose, else None."""

    def __init__(self, row: Evidence) -> None:
        super().__init__(f"evidence {row.pk}: {row.path} is missing")
        self.destroyed = row.derived.filter(kind=Evidence.Kind.DESTROYED).first()


class EvidenceAltered(Exception):
    """The file differs from what was stored: its SHA-256 does not match."""


def is_destroyed(row: Evidence) -> bool:
    """Return whether the row's file was destroyed on purpose."""
    return row.derived.filter(kind=Evidence.Kind.DESTROYED).exists()


def read_verified(row: Evidence) -> bytes:
    """Return the file's contents, verified against its SHA-256.

    Raises EvidenceGone, EvidenceAltered, or OSError when reading fails.
    """
    try:
        data = path_of(row).read_bytes()
    except FileNotFoundError as error:
        raise EvidenceGone(row) from error
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise EvidenceAltered(f"evidence {row.pk}: {row.path} was changed since it was stored")
    return data


def path_of(row: Evidence) -> Path:
    """Return the absolute path of a row's file."""
    return Path(settings.EVIDENCE_DIR) / row.path


def link_of(row: Evidence) -> chain.Link:
    """Return a row as a link of the chain: all columns except the primary key."""
    return chain.Link(row.number, _body(row), row.previous, row.hash)


def chain_head(place: int) -> tuple[int, str]:
    """Return number and hash of a place's newest row; (0, "") without rows."""
    newest = Evidence.objects.filter(place=place).order_by("-number").values_list("number", "hash").first()
    return newest or (0, chain.FIRST)


def seal_days(now: datetime) -> list[date]:
    """Store each chain's head for the local days that have ended, and return those days. Idempotent."""
    yesterday = local_day(now) - timedelta(days=1)
    sealed = EvidenceHead.objects.aggregate(last=Max("local_day"))["last"]
    if sealed is None:
        oldest = Evidence.objects.aggregate(oldest=Min("stored_at"))["oldest"]
        sealed = min(yesterday, local_day(oldest) if oldest else yesterday) - timedelta(days=1)
    missing = [sealed + timedelta(days=ahead) for ahead in range(1, (yesterday - sealed).days + 1)]
    for day in missing:
        _seal_day(day)
    return missing


def _seal_day(day: date) -> None:
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZONE)
    newest = Evidence.objects.filter(stored_at__lt=end).order_by("place_id", "-number").distinct("place_id")
    heads = [
        EvidenceHead(
            place_id=row.place_id, kelurahan_id=row.kelurahan_id, local_day=day, number=row.number, hash=row.hash
        )
        for row in newest
    ]
    EvidenceHead.objects.bulk_create(heads, ignore_conflicts=True)


def city_head(day: date) -> str:
    """Return one SHA-256, in hex, over all places' heads of a local day, for printing; "" without heads."""
    heads = EvidenceHead.objects.filter(local_day=day).annotate(code=Place.code_at("place")).order_by("code")
    lines = [f"{code} {number} {hash_}" for code, number, hash_ in heads.values_list("code", "number", "hash")]
    return hashlib.sha256("\n".join([str(day), *lines]).encode()).hexdigest() if lines else ""


def _append(place: Place, counter: Counter | None, now: datetime, **columns: Any) -> Evidence:
    lock_until_commit(Lock.EVIDENCE_CHAIN, place.pk)
    number, previous = chain_head(place.pk)
    row = Evidence(
        place=place,
        kelurahan=place.kelurahan,
        counter=counter,
        number=number + 1,
        previous=previous,
        stored_at=now,
        **columns,
    )
    row.hash = chain.hash_of(row.number, _body(row), previous)
    row.save(force_insert=True)
    return row


def _body(row: Evidence) -> dict[str, Any]:
    # Rows written before there were places have no "place" in their hash. A kelurahan implies its place, so rows of a
    # kelurahan office are still hashed without it.
    place = {} if row.kelurahan_id else {"place": row.place_id}
    return place | {
        "kelurahan": row.kelurahan_id,
        "counter": row.counter_id,
        "kind": str(row.kind),
        "form": str(row.form),
        "at": _iso(row.at),
        "stored_at": _iso(row.stored_at),
        "of": row.of_id,
        "facts": row.facts,
        "path": row.path,
        "size": row.size,
        "sha256": row.sha256,
    }


def _as_stored(facts: Mapping[str, Any]) -> Any:
    """Return the facts as PostgreSQL will return them, so that the hash matches: lists for tuples, no negative zero."""
    return json.loads(json.dumps(facts), parse_float=lambda text: float(text) + 0.0)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _path(place: Place, counter: Counter | None, piece: NewEvidence) -> Path:
    """Return a unique relative path, as 16.71.01.1001/2026-11-23/104302-7-deadline-drawn-1a2b3c4d.jpg."""
    clock = piece.at.astimezone(UTC).strftime("%H%M%S")
    name = f"{clock}-{counter.pk if counter else 0}-{piece.kind}-{piece.form}-{secrets.token_hex(4)}{piece.kind.suffix}"
    return Path(place.code, str(local_day(piece.at)), name)
