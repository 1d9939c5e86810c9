"""Make a backup while Sidak runs."""

import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from discipline.ops.backup import keys, postgres_tools
from discipline.ops.backup.manifest import DATABASE, FOLDERS, FORMAT, BackupError, Manifest, sha256_of
from streams.evidence import pending


def make_backup(folder: Path, now: datetime) -> Manifest:
    """Write a backup into a new or empty folder that only its owner can enter. Raises BackupError and OSError."""
    folder = folder.resolve()
    _claim(folder)
    # Files are written before their rows and removed after the note of it. Copied before the dump, none that retention
    # destroys meanwhile is missing; copied again after it, none that is new.
    _copy_files(folder)
    applied = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
    postgres_tools.dump(folder / DATABASE)
    _copy_files(folder)
    keys.save_keys(folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = Manifest(
        format=FORMAT,
        version=settings.VERSION,
        made_at=now.isoformat(timespec="seconds"),
        postgresql=postgres_tools.server_major(),
        migrations=applied,
        files={path.relative_to(folder).as_posix(): sha256_of(path) for path in files},
    )
    manifest.write(folder)
    return manifest


def _claim(folder: Path) -> None:
    for name in FOLDERS.values():
        if folder.is_relative_to(getattr(settings, name)):
            raise BackupError(f"{folder} lies in {name}, of which it is to be a copy: choose another folder.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} is not empty: each backup needs a folder of its own.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def _copy_files(folder: Path) -> None:
    """Copy the files that the backup lacks."""
    for part, name in FOLDERS.items():
        source: Path = getattr(settings, name)
        for path in source.rglob("*"):
            target = folder / part / path.relative_to(source)
            if path.suffix == ".part" or path.is_relative_to(pending.root()) or target.exists() or not path.is_file():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copy2(path, target)
            except FileNotFoundError:  # destroyed meanwhile
                target.unlink(missing_ok=True)
