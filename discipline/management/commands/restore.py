"""manage.py restore: restore what manage.py backup wrote, and verify it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from discipline.ops.append_only import roles
from discipline.ops.backup.manifest import BackupError
from discipline.ops.backup.restoring import restore_backup


class Command(BaseCommand):
    """Restore a backup."""

    help = (
        "Restore the database, evidence, attachments and keys from a backup, migrate to this version and verify "
        "evidence and signed months. Stop all other programs first. Exits with 1 when something is missing or changed."
    )
    requires_system_checks = ()  # some read the database, which is still empty

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="written by manage.py backup")
        parser.add_argument(
            "--replace", action="store_true", help="lose what is in the database now, if it isn't empty"
        )

    def handle(self, *_args: Any, folder: Path, replace: bool, **_options: Any) -> None:
        """Restore, then migrate and verify."""
        try:
            with roles.database_owner():
                notes = restore_backup(folder, replace=replace)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        for note in notes:
            self.stdout.write(self.style.WARNING(note))
        call_command("migrate", verbosity=0)
        self.stdout.write(f"{folder} is restored.")
        call_command("verify_evidence", stdout=self.stdout)
        call_command("verify_reports", stdout=self.stdout)
