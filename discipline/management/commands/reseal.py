"""manage.py reseal: encrypt stored passwords and webhook secrets again after SEALING_KEY was changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from streams import secrets


class Command(BaseCommand):
    """Seal secrets under the present key."""

    help = (
        "Encrypt camera passwords and webhook secrets again under SEALING_KEY, whatever their key was; "
        "afterwards former keys can be removed. Exits with 1 when no key opens some; those stay as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--check", action="store_true", help="only count those that can't be opened")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Seal again, unless only asked to count, and print the counts."""
        if not options["check"]:
            self.stdout.write(f"{secrets.reseal_all()} sealed under the present key")
        counts = secrets.count_sealed()
        for count in counts:
            self.stdout.write(f"{count.column}: {count.total} stored, {count.unreadable} can't be opened")
        if any(count.unreadable for count in counts):
            raise SystemExit(1)
