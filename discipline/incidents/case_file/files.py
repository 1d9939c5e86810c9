"""The files of cases on the disk: below settings.EVIDENCE_DIR, a folder a case, written completely or not at all."""

import hashlib
import os
import secrets
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings

from discipline.incidents.case_file.models import CaseFile, CasePart, CaseStill
from streams.evidence import disk, store


def folder_of(case: CaseFile) -> Path:
    """Return the folder of a case's files, whether or not it exists."""
    return Path(settings.EVIDENCE_DIR) / store.CASES / str(case.pk)


def path_of(part: CasePart) -> Path:
    """Return the path of a file."""
    return Path(settings.EVIDENCE_DIR) / part.path


def temporary(case: CaseFile) -> Path:
    """Return the path of a file to be written for `keep`; its folder is there. Raises OSError."""
    folder = folder_of(case)
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    return folder / f".{secrets.token_hex(8)}.part"


def keep_data(
    case: CaseFile, kind: CasePart.Kind, name: str, data: bytes, now: datetime, still: CaseStill | None = None
) -> CasePart:
    """Store a small file. Raises OSError; then there is neither file nor row."""
    path = temporary(case)
    try:
        path.write_bytes(data)
        return keep(case, kind, name, path, now, still)
    finally:
        path.unlink(missing_ok=True)


def keep(
    case: CaseFile, kind: CasePart.Kind, name: str, written: Path, now: datetime, still: CaseStill | None = None
) -> CasePart:
    """Store what was written to `temporary`, instead of a former file of that name. Raises OSError.

    The former file is removed only when the new row is stored, so that each row has its file.
    """
    size, sha256 = disk.flush_and_hash(written)
    path = folder_of(case) / f"{secrets.token_hex(4)}-{name}"
    os.replace(written, path)
    former = CasePart.objects.filter(case=case, name=name).values_list("path", flat=True).first()
    try:
        part, _ = CasePart.objects.update_or_create(
            case=case,
            name=name,
            defaults={
                "kind": kind,
                "still": still,
                "path": path.relative_to(settings.EVIDENCE_DIR).as_posix(),
                "size": size,
                "sha256": sha256,
                "made_at": now,
            },
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if former:
        with suppress(OSError):
            (Path(settings.EVIDENCE_DIR) / former).unlink()
    return part


def check_file(path: Path, sha256: str) -> bool:
    """Return whether a file is as its hash says; False also when it is gone."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def remove_all(case: CaseFile) -> None:
    """Remove the files of a case. Raises OSError, except for what is gone."""
    if folder_of(case).exists():
        shutil.rmtree(folder_of(case))
