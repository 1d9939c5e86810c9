"""Store evidence of runs that may never become an indication: files below EVIDENCE_DIR/pending, without rows.

Named pending/<counter>/<first look>/<moment>-<kind>.jpg, .mp4 or .zip, each with a .json of its facts, written first.
The files outlive the process that wrote them, and with a shared folder a watch on another machine finds them.
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
from typing import Any, cast

from django.conf import settings

from streams.evidence.models import Evidence

STAMP = "%Y%m%dT%H%M%S.%fZ"
PROBE_BYTES = 1 << 20  # more than a still takes
SUFFIXES = {kind.suffix for kind in Evidence.Kind}


@dataclass(frozen=True, slots=True)
class PendingFile:
    """One file that waits for an indication. `run` is the run's first look, `moment` what the file documents."""

    path: Path
    run: datetime
    kind: Evidence.Kind
    moment: datetime

    @property
    def at(self) -> datetime:
        """When the first picture was taken."""
        return datetime.fromisoformat(self.facts()["at"]) if self.path.suffix == ".mp4" else self.moment

    def facts(self) -> dict[str, Any]:
        """Return the facts written with the file.

        Raises FileNotFoundError when another process has removed them, ValueError when they are damaged.
        """
        return cast(dict[str, Any], json.loads(self.path.with_suffix(".json").read_text()))

    def read(self) -> bytes:
        """Return the file's contents. Raises as `facts` does; ValueError also for the empty file of a power failure."""
        data = self.path.read_bytes()
        if not data:
            raise ValueError(f"{self.path} is empty")
        return data

    def discard(self) -> None:
        """Delete the file; its facts stay until the run is removed."""
        self.path.unlink(missing_ok=True)


def root() -> Path:
    """Return the folder of all pending files."""
    return Path(settings.EVIDENCE_DIR) / "pending"


def run_folder(counter: int, run: datetime) -> Path:
    """Return the folder of one run of a counter, which may not exist."""
    return root() / str(counter) / _stamp(run)


def add_file(counter: int, run: datetime, kind: str, moment: datetime, write: Callable[[Path], dict[str, Any]]) -> None:
    """Add a file of an Evidence.Kind: `write` fills the given path and returns the facts.

    Both appear complete or not at all. Raises OSError when writing fails.
    """
    place = run_folder(counter, run)
    place.mkdir(parents=True, exist_ok=True, mode=0o750)
    final = place / f"{_stamp(moment)}-{kind}{Evidence.Kind(kind).suffix}"
    part = place / f".{secrets.token_hex(4)}.part"
    try:
        facts = write(part)
        _replace_text(final.with_suffix(".json"), json.dumps(facts))
        os.replace(part, final)
    finally:
        part.unlink(missing_ok=True)


def disk_problem() -> str:
    """Return why the disk refuses a file, "" when it takes one."""
    try:
        root().mkdir(parents=True, exist_ok=True, mode=0o750)
        probe = root() / f".{secrets.token_hex(4)}.part"
        try:
            probe.write_bytes(b"\0" * PROBE_BYTES)
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def pending_counters() -> Iterator[int]:
    """Yield the ids of counters that have pending files."""
    with suppress(FileNotFoundError):
        for place in os.scandir(root()):
            if place.name.isdigit():
                yield int(place.name)


def pending_runs(counter: int) -> list[datetime]:
    """Return the first looks of a counter's runs that have pending files, oldest first."""
    runs = []
    with suppress(FileNotFoundError):
        for place in os.scandir(root() / str(counter)):
            with suppress(ValueError):  # not a run's folder
                runs.append(_moment(place.name))
    return sorted(runs)


def files_of_run(counter: int, run: datetime) -> list[PendingFile]:
    """Return the pending files of one run in chronological order."""
    files = []
    with suppress(FileNotFoundError):
        for place in sorted(run_folder(counter, run).iterdir()):
            moment, _, kind = place.stem.partition("-")
            with suppress(ValueError):  # not a pending file
                if place.suffix in SUFFIXES:
                    files.append(PendingFile(place, run, Evidence.Kind(kind), _moment(moment)))
    return files


def remove_run(counter: int, run: datetime) -> None:
    """Delete a run's folder with all its files, and the counter's folder when it is then empty."""
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
