import json
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from discipline.tools.evaluate import false_alarms
from discipline.tools.evaluate.rehearsal import rehearse
from streams.detect.api import Detector
from streams.detect.evaluation import ErrorCount, LabelError, evaluate, evaluate_stills, table
from streams.detect.model_files import ModelError
from streams.detect.registry import load_detector
from streams.simulator import trials


class Command(BaseCommand):
    help = "Measures the person detection on labelled footage, or the verdicts on whole simulated office-days."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("labels", type=Path, nargs="?")
        what.add_argument("--reviews", action="store_true", help="pictures of false alarms, as the camat judged them")
        what.add_argument("--days", type=int, metavar="N", help="office-days, with absences and faults drawn by dice")
        what.add_argument("--own", action="store_true", help="hard cases that are rendered here, portraits among them")
        parser.add_argument("--no-marks", action="store_true", help="as if nobody had marked the portraits")
        parser.add_argument("--clips", type=Path, help="folder of the clips; default: that of the labels")
        parser.add_argument("--every", type=float, default=0.5, metavar="S", help="seconds between looks")
        parser.add_argument("--no-shortcut", action="store_true", help="examine unchanged pictures in full too")
        parser.add_argument("--seed", type=int, default=1, help="of the office-days")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, labels: Path | None, **options: Any) -> None:
        if options["reviews"]:
            self.reviews(options["json"])
        elif options["own"]:
            self.footage(trials.ensure_trials(settings.VAR_DIR / "trials", tell=self.progress), **options)
        elif labels is not None:
            self.footage(labels, **options)
        else:
            self.office_days(options["days"], options["seed"], options["json"])

    def progress(self, line: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{line:60}", ending="")

    def office_days(self, days: int, seed: int, as_json: bool) -> None:
        if days < 1:
            raise CommandError("--days takes a number from 1.")

        try:
            with closing(configured_detector()) as detector:
                result = rehearse(days, seed, detector, settings.VAR_DIR / "footage", self.progress)
        except ModelError as error:
            raise CommandError(str(error)) from error
        self.progress("")
        if as_json:
            self.stdout.write(json.dumps(result.as_dict() | {"failures": result.failures}))
            return
        for name, value in result.as_dict().items():
            self.stdout.write(f"{name:18} {value}")
        for failure in result.failures:
            self.stdout.write(failure)

    def reviews(self, as_json: bool) -> None:
        found = false_alarms.review_set()
        if not found.stills:
            raise CommandError(
                f"There is nothing to review: {found.false_alarms} false alarms with staff at the counter, "
                f"{found.lost} of their pictures are gone."
            )
        try:
            with closing(configured_detector()) as detector:
                rows, total = evaluate_stills(found.stills, detector)
        except ModelError as error:
            raise CommandError(str(error)) from error
        self.tell(rows, total, as_json)
        if found.lost:
            self.stderr.write(f"{found.lost} pictures of {found.false_alarms} false alarms are gone.")

    def footage(self, labels: Path, clips: Path | None, every: float, **options: Any) -> None:
        full_every_s = 0 if options["no_shortcut"] else 60
        try:
            with closing(configured_detector()) as detector:
                rows, total = evaluate(
                    labels, clips or labels.parent, detector, every, full_every_s, not options["no_marks"]
                )
        except (LabelError, ModelError) as error:
            raise CommandError(str(error)) from error
        self.tell(rows, total, options["json"])

    def tell(self, rows: list[ErrorCount], total: ErrorCount, as_json: bool) -> None:
        if as_json:
            zones = [row.as_dict() for row in rows]
            self.stdout.write(json.dumps({"zones": zones, "total": total.as_dict()}, indent=2))
        else:
            self.stdout.write(table([*rows, total]))


def configured_detector() -> Detector:
    """Load the detector that the settings name. Raises ModelError."""
    return load_detector(settings.DETECTOR, settings.MODELS_DIR, settings.DETECTOR_DEVICE)
