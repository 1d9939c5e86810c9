import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from streams.detect import Detector, ModelError
from streams.evaluation import LabelError, evaluate, table


class Command(BaseCommand):
    help = "Measures the person detection on labelled footage."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("labels", type=Path)
        parser.add_argument("--clips", type=Path, help="folder of the clips; default: that of the labels")
        parser.add_argument("--every", type=float, default=0.5, metavar="S", help="seconds between looks")
        parser.add_argument("--no-shortcut", action="store_true", help="examine unchanged pictures in full too")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, labels: Path, clips: Path | None, every: float, **options: Any) -> None:
        full_every_s = 0 if options["no_shortcut"] else 60
        try:
            with Detector(settings.MODELS_DIR, settings.DETECTOR_DEVICE) as detector:
                rows, total = evaluate(labels, clips or labels.parent, detector, every, full_every_s)
        except (LabelError, ModelError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            zones = [row.as_dict() for row in rows]
            self.stdout.write(json.dumps({"zones": zones, "total": total.as_dict()}, indent=2))
        else:
            self.stdout.write(table([*rows, total]))
