from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from discipline.alerts.case import case_file
from discipline.alerts.case.recheck_text import as_dict, in_words
from discipline.alerts.models import Alert
from discipline.tools.evaluate.replay import BadLineError, as_json, replay


class Command(BaseCommand):
    help = (
        "Judges recorded looks again. FILE prints the flips, one JSON object a line, without a database. "
        "--alert N recomputes one indication from its stored spans, says sama or berbeda, and exits with 0 or 1."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "file",
            type=Path,
            nargs="?",
            help="looks as JSON lines; the format is in discipline/tools/evaluate/replay.py",
        )
        what.add_argument("--alert", type=int, metavar="N", help="number of an indication")
        parser.add_argument("--json", action="store_true", help="with --alert: one JSON object")

    def handle(self, *args: Any, file: Path | None, alert: int | None, **options: Any) -> None:
        if alert is not None:
            self.recheck(alert, options["json"])
        elif file is not None:
            self.judge(file)

    def judge(self, file: Path) -> None:
        try:
            with file.open(encoding="utf-8") as lines:
                for judged in replay(lines):
                    self.stdout.write(as_json(judged))
        except (OSError, UnicodeDecodeError, BadLineError) as error:
            raise CommandError(f"{file}: {error}" if isinstance(error, ValueError) else str(error)) from error

    def recheck(self, number: int, as_object: bool) -> None:
        alert = Alert.objects.select_related("counter__kelurahan__kecamatan").filter(pk=number).first()
        if alert is None:
            raise CommandError(f"there is no indication {number}")
        case = case_file.open_case(alert, timezone.now())
        found = case_file.recheck(case)
        self.stdout.write(json.dumps(as_dict(case, found)) if as_object else in_words(case, found))
        if not found.same:
            raise SystemExit(1)
