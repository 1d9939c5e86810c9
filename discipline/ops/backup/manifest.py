"""What a backup's folder holds, and its manifest: written last, so a folder without one is no whole backup."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

MANIFEST = "manifest.json"
DATABASE = "database.dump"
KEYS = "keys.json"
DOT_ENV = "dot.env"
FOLDERS = {"evidence": "EVIDENCE_DIR", "attachments": "ATTACHMENT_DIR"}  # settings by the folder's name in a backup
FORMAT = 1


class BackupError(Exception):
    """Raised when a backup can't be made or restored; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was backed up. migrations: "app.name" of all that were applied; files: SHA-256 by relative path."""

    format: int
    version: str
    made_at: str
    postgresql: int
    migrations: list[str]
    files: dict[str, str]

    def write(self, folder: Path) -> None:
        """Write manifest.json in the backup's folder."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1) + "\n")

    def named(self, part: str) -> list[str]:
        """Return the paths of the files in one of FOLDERS, relative to that folder."""
        return [name.removeprefix(f"{part}/") for name in self.files if name.startswith(f"{part}/")]


def read_manifest(folder: Path) -> Manifest:
    """Return the folder's manifest once every file has its hash. Raises BackupError."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except FileNotFoundError as error:
        raise BackupError(f"{folder} is no whole backup: it has no {MANIFEST}.") from error
    except (ValueError, TypeError) as error:
        raise BackupError(f"{folder / MANIFEST} can't be read: {error}") from error
    if manifest.format != FORMAT:
        raise BackupError(f"{folder} has format {manifest.format}; this version reads {FORMAT}.")
    if wrong := _differing(folder, manifest.files.items()):
        shown = ", ".join(wrong[:5]) + (f" and {len(wrong) - 5} more" if len(wrong) > 5 else "")
        raise BackupError(f"The backup was changed or is damaged, nothing was restored: {shown}")
    return manifest


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _differing(folder: Path, sums: Iterable[tuple[str, str]]) -> list[str]:
    return [name for name, expected in sums if not (folder / name).is_file() or sha256_of(folder / name) != expected]
