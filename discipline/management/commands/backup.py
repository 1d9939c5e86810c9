"""manage.py backup: write all that has to be kept into a folder, while Sidak runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from discipline.ops.append_only import roles
from discipline.ops.backup.making import make_backup
from discipline.ops.backup.manifest import FOLDERS, BackupError


class Command(BaseCommand):
    """Make a backup."""

    help = "Write the database, evidence, attachments and keys into a new folder, with a hash of each file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the argument."""
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="new or empty; only its owner can enter it")

    def handle(self, *_args: Any, folder: Path, **_options: Any) -> None:
        """Make the backup and print what it holds."""
        try:
            with roles.database_owner():
                manifest = make_backup(folder, timezone.now())
        except (BackupError, OSError) as error:
            raise CommandError(f"{error} There is no whole backup in {folder}.") from error
        counts = ", ".join(f"{len(manifest.named(part))} files of {part}" for part in FOLDERS)
        self.stdout.write(f"{folder}: database, {counts}, keys")
        self.stdout.write(
            self.style.WARNING(
                "It holds Sidak's keys and pictures of people: keep it encrypted and on another machine."
            )
        )
