"""manage.py migrate: Django's, as the owner of the database, and then the grants to the application's role."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import ProgrammingError
from psycopg.errors import InsufficientPrivilege

from discipline.ops.append_only import roles


class Command(migrate.Command):
    """Migrate as the owner."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, and grant unless only asked what would be done."""
        try:
            with roles.database_owner():
                super().handle(*args, **options)
                if not (options["plan"] or options["check_unapplied"]):
                    roles.apply_grants()
        except ProgrammingError as error:
            if isinstance(error.__cause__, InsufficientPrivilege):
                raise CommandError(f"{error}. Name the owner of the tables by DATABASE_OWNER_URL.") from error
            raise
