from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from discipline.replaying import BadLineError, as_json, replay


class Command(BaseCommand):
    help = "Judges recorded looks again and prints the flips, one JSON object a line. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="looks as JSON lines; the format is in discipline/replaying.py")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with file.open(encoding="utf-8") as lines:
                for judged in replay(lines):
                    self.stdout.write(as_json(judged))
        except (OSError, UnicodeDecodeError, BadLineError) as error:
            raise CommandError(f"{file}: {error}" if isinstance(error, ValueError) else str(error)) from error
