"""Evidence of runs that may never become an indication: files below EVIDENCE_DIR/pending, without rows.

pending/<counter>/<first look>/<moment>-<kind>.jpg or .mp4, each beside a .json with its facts, which is there first.
They outlive the process that wrote them, and a watch on another machine finds them when the folder is shared.
"""

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from streams.evidence.models import Evidence

STAMP = "%Y%m%dT%H%M%S.%fZ"
SUFFIXES = (".jpg", ".mp4")


@dataclass(frozen=True, slots=True)
class PendingFile:
    """One file that waits for an indication. `moment` is what it is about."""

    path: Path
    run: datetime
    kind: Evidence.Kind
    moment: datetime

    @property
    def at(self) -> datetime:
        """What the first picture shows."""
        return datetime.fromisoformat(self.facts()["at"]) if self.path.suffix == ".mp4" else self.moment

    def facts(self) -> dict[str, Any]:
        """FileNotFoundError when another process has taken it away; ValueError when it is broken."""
        return json.loads(self.path.with_suffix(".json").read_text())

    def read(self) -> bytes:
        """As facts: a machine that lost its power may leave files without contents."""
        data = self.path.read_bytes()
        if not data:
            raise ValueError(f"{self.path} is empty")
        return data

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)


def root() -> Path:
    return Path(settings.EVIDENCE_DIR) / "pending"


def run_folder(counter: int, run: datetime) -> Path:
    return root() / str(counter) / _stamp(run)


def add_file(
    counter: int, run: datetime, kind: str, moment: datetime, suffix: str, write: Callable[[Path], dict[str, Any]]
) -> None:
    """Let `write` fill a file and say its facts; both appear at once and whole. OSError when the disk refuses."""
    place = run_folder(counter, run)
    place.mkdir(parents=True, exist_ok=True, mode=0o750)
    final = place / f"{_stamp(moment)}-{kind}{suffix}"
    part = place / f".{secrets.token_hex(4)}.part"
    try:
        facts = write(part)
        _replace_text(final.with_suffix(".json"), json.dumps(facts))
        os.replace(part, final)
    finally:
        part.unlink(missing_ok=True)


def pending_counters() -> Iterator[int]:
    """Those that have something pending."""
    with suppress(FileNotFoundError):
        for place in os.scandir(root()):
            if place.name.isdigit():
                yield int(place.name)


def pending_runs(counter: int) -> list[datetime]:
    """The first looks of a counter's runs that have something pending, oldest first."""
    found = []
    with suppress(FileNotFoundError):
        for place in os.scandir(root() / str(counter)):
            with suppress(ValueError):  # not ours
                found.append(_moment(place.name))
    return sorted(found)


def files_of_run(counter: int, run: datetime) -> list[PendingFile]:
    """What is there of one run, in order of time."""
    found = []
    with suppress(FileNotFoundError):
        for place in sorted(run_folder(counter, run).iterdir()):
            moment, _, kind = place.stem.partition("-")
            with suppress(ValueError):  # not ours
                if place.suffix in SUFFIXES:
                    found.append(PendingFile(place, run, Evidence.Kind(kind), _moment(moment)))
    return found


def remove_run(counter: int, run: datetime) -> None:
    shutil.rmtree(run_folder(counter, run), ignore_errors=True)
    with suppress(OSError):  # not empty: other runs
        (root() / str(counter)).rmdir()


def _replace_text(path: Path, text: str) -> None:
    part = path.with_name(f".{secrets.token_hex(4)}.part")
    try:
        part.write_text(text)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime(STAMP)


def _moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
