"""manage.py replay: judge recorded looks again, from a file or for one indication."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from discipline.alerts.case import case_file
from discipline.alerts.case.recheck_text import as_dict, in_words
from discipline.alerts.models import Alert
from discipline.management.commands.evaluate import configured_detector
from discipline.tools.evaluate.replay import BadLineError, as_json, replay
from streams.detect.model_files import ModelError
from streams.evidence.controls import ControlRecheck, recheck_controls
from streams.evidence.models import Evidence
from streams.evidence.store import EvidenceAltered, EvidenceGone, is_destroyed


class Command(BaseCommand):
    """Replay a file, or recheck an indication."""

    help = (
        "Judge recorded looks again. FILE prints the flips, one JSON object per line, without a database. "
        "--alert N recomputes one indication from its stored spans, and shows its control pictures to the "
        "detector again; it prints sama or berbeda, and exits with 0 or 1."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument(
            "file",
            type=Path,
            nargs="?",
            help="looks as JSON lines; discipline/tools/evaluate/replay.py describes the format",
        )
        source.add_argument("--alert", type=int, metavar="N", help="number of an indication")
        parser.add_argument("--json", action="store_true", help="with --alert: print one JSON object")

    def handle(self, *_args: Any, file: Path | None, alert: int | None, **options: Any) -> None:
        """Replay the file or recheck the indication; exit with 1 when the indication differs."""
        if alert is not None:
            self._recheck(alert, options["json"])
        elif file is not None:
            self._replay(file)

    def _replay(self, file: Path) -> None:
        try:
            with file.open(encoding="utf-8") as lines:
                for judged in replay(lines):
                    self.stdout.write(as_json(judged))
        except (OSError, UnicodeDecodeError, BadLineError) as error:
            raise CommandError(f"{file}: {error}" if isinstance(error, ValueError) else str(error)) from error

    def _recheck(self, number: int, as_object: bool) -> None:
        alert = Alert.objects.select_related("counter__kelurahan__kecamatan").filter(pk=number).first()
        if alert is None:
            raise CommandError(f"there is no indication {number}")
        case = case_file.open_case(alert, timezone.now())
        result = case_file.recheck(case)
        controls = self._recheck_controls(alert)
        self.stdout.write(
            json.dumps(as_dict(case, result, controls)) if as_object else in_words(case, result, controls)
        )
        if not result.same or not all(one.same for one in controls):
            raise SystemExit(1)

    def _recheck_controls(self, alert: Alert) -> list[ControlRecheck]:
        """Show the indication's control pictures to the detector again."""
        rows = [row for row in alert.evidence.filter(kind=Evidence.Kind.CONTROLS) if not is_destroyed(row)]
        if not rows:
            return []
        try:
            with closing(configured_detector()) as detector:
                return [recheck_controls(row, detector) for row in rows]
        except (ModelError, EvidenceGone, EvidenceAltered, Evidence.DoesNotExist, ValueError) as error:
            raise CommandError(f"the control pictures of indication {alert.pk}: {error}") from error
