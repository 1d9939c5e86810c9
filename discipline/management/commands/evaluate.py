"""manage.py evaluate: measure the person detection on pictures, or the verdicts on simulated office-days."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from discipline.tools.evaluate import false_alarms
from discipline.tools.evaluate.rehearsal import rehearse
from streams.detect.api import Detector, Picture
from streams.detect.model_files import ModelError
from streams.detect.registry import load_detector
from streams.looks.evaluation import ErrorCount, evaluate, evaluate_stills, table
from streams.looks.labels import LabelError
from streams.simulator import trials
from streams.simulator.weather import CONDITIONS, draw_condition


class Command(BaseCommand):
    """Print the errors of one evaluation."""

    help = "Measure the person detection on labelled footage, or the verdicts on whole simulated office-days."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        subject = parser.add_mutually_exclusive_group(required=True)
        subject.add_argument("labels", type=Path, nargs="?", help="labels of footage, a JSON file")
        subject.add_argument(
            "--reviews",
            action="store_true",
            help="pictures of false alarms, and of counters wrongly seen staffed, as people judged them",
        )
        subject.add_argument("--days", type=int, metavar="N", help="office-days with random absences and faults")
        subject.add_argument("--own", action="store_true", help="rendered hard cases, portraits among them")
        parser.add_argument(
            "--weather", action="store_true", help="in poor light: each picture in each kind of it, or days with it"
        )
        parser.add_argument("--no-marks", action="store_true", help="ignore the marks on portraits")
        parser.add_argument("--clips", type=Path, help="folder of the clips; default: the folder of the labels")
        parser.add_argument("--every", type=float, default=0.5, metavar="S", help="seconds between looks")
        parser.add_argument("--no-shortcut", action="store_true", help="examine unchanged pictures in full too")
        parser.add_argument("--seed", type=int, default=1, help="seed of the office-days or of the weather")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, labels: Path | None, **options: Any) -> None:
        """Run the chosen evaluation."""
        if options["reviews"]:
            self._evaluate_reviews(options["json"])
        elif options["own"]:
            labels = trials.ensure_trials(settings.VAR_DIR / "trials", report_progress=self._progress)
            self._evaluate_footage(labels, **options)
        elif labels is not None:
            self._evaluate_footage(labels, **options)
        else:
            self._rehearse(options["days"], options["seed"], options["json"], options["weather"])

    def _progress(self, line: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{line:60}", ending="")

    def _rehearse(self, days: int, seed: int, as_json: bool, weather: bool) -> None:
        if days < 1:
            raise CommandError("--days must be at least 1.")
        try:
            with closing(configured_detector()) as detector:
                footage = settings.VAR_DIR / "footage"
                result = rehearse(days, seed, detector, footage, self._progress, weather=weather)
        except ModelError as error:
            raise CommandError(str(error)) from error
        self._progress("")
        if as_json:
            self.stdout.write(json.dumps({**result.as_dict(), "failures": result.failures}))
            return
        for name, value in result.as_dict().items():
            self.stdout.write(f"{name:21} {value}")
        for failure in result.failures:
            self.stdout.write(failure)

    def _evaluate_reviews(self, as_json: bool) -> None:
        review = false_alarms.review_set()
        if not review.stills:
            raise CommandError(
                f"There is nothing to review: {review.false_alarms} false alarms with staff at the counter, "
                f"{review.mistakes} counters wrongly seen staffed; {review.lost} of their pictures are gone."
            )
        try:
            with closing(configured_detector()) as detector:
                rows, total = evaluate_stills(review.stills, detector)
        except ModelError as error:
            raise CommandError(str(error)) from error
        self._print(rows, total, as_json)
        if review.lost:
            self.stderr.write(
                f"{review.lost} pictures of {review.false_alarms} false alarms and {review.mistakes} mistakes are gone."
            )

    def _evaluate_footage(self, labels: Path, clips: Path | None, every: float, **options: Any) -> None:
        full_every_s = 0 if options["no_shortcut"] else 60
        weather = (
            {name: partial(_weather, name, options["seed"]) for name in CONDITIONS} if options["weather"] else None
        )
        try:
            with closing(configured_detector()) as detector:
                rows, total = evaluate(
                    labels, clips or labels.parent, detector, every, full_every_s, not options["no_marks"], weather
                )
        except (LabelError, ModelError) as error:
            raise CommandError(str(error)) from error
        self._print(rows, total, options["json"])

    def _print(self, rows: list[ErrorCount], total: ErrorCount, as_json: bool) -> None:
        if as_json:
            zones = [row.as_dict() for row in rows]
            self.stdout.write(json.dumps({"zones": zones, "total": total.as_dict()}))
        else:
            self.stdout.write(table([*rows, total]))


def _weather(name: str, seed: int, clip: int) -> Callable[[Picture], Picture]:
    """Return how the camera of a clip shows its pictures; the same numbers give the same."""
    return draw_condition(name, 1000 * seed + clip).show


def configured_detector() -> Detector:
    """Load the detector that the settings name. Raises ModelError."""
    return load_detector(settings.DETECTOR, settings.MODELS_DIR, settings.DETECTOR_DEVICE)
