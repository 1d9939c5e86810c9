"""Restore a backup: everything is checked before anything is changed, and what can't be restored changes nothing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from discipline.ops.backup import keys, postgres_tools
from discipline.ops.backup.manifest import DATABASE, FOLDERS, BackupError, Manifest, read_manifest, sha256_of

SET_ASIDE = "sidak_before_restore"  # schema of the old tables until the new ones are complete


def restore_backup(folder: Path, *, replace: bool) -> list[str]:
    """Restore files, database and keys; return what was done about keys, in sentences.

    The database must be empty, or is emptied with `replace`. Nobody else may be connected to it. Files that the backup
    lacks are left alone. Raises BackupError and OSError.
    """
    manifest = read_manifest(folder)
    _check_version(manifest)
    _check_database(replace=replace)
    _copy_files(folder, manifest)
    with _emptied_database():
        postgres_tools.restore(folder / DATABASE)
    return keys.restore_keys(folder)


def _check_version(manifest: Manifest) -> None:
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    names = {f"{app}.{name}" for migration in known.values() for app, name in migration.replaces}
    names |= {f"{app}.{name}" for app, name in known}
    if unknown := [name for name in manifest.migrations if name not in names]:
        raise BackupError(
            f"The backup is of a newer version ({manifest.version}, {unknown[0]}): install that one, then restore."
        )


def _check_database(*, replace: bool) -> None:
    if connection.introspection.table_names() and not replace:
        raise BackupError(
            "The database is not empty. --replace puts the backup in its place: what is in the database now is lost."
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND coalesce(backend_type, 'client backend') = 'client backend'"
        )
        if others := cursor.fetchone()[0]:
            raise BackupError(f"{others} others are connected to the database: stop all programs of Sidak first.")


def _copy_files(folder: Path, manifest: Manifest) -> None:
    for part, name in FOLDERS.items():
        for file in manifest.named(part):
            target = getattr(settings, name) / file
            if target.is_file() and sha256_of(target) == manifest.files[f"{part}/{file}"]:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / part / file, target)


@contextmanager
def _emptied_database() -> Iterator[None]:
    """Set the tables aside and drop them at the end; after an error they are put back."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA public RENAME TO {SET_ASIDE}; CREATE SCHEMA public")
        cursor.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
        try:
            yield
        except BaseException:
            cursor.execute(f"DROP SCHEMA public CASCADE; ALTER SCHEMA {SET_ASIDE} RENAME TO public")
            raise
        cursor.execute(f"DROP SCHEMA {SET_ASIDE} CASCADE")
