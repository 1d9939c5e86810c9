"""manage.py bench_watch: the part of `bench` that is measured, in a process like that of `watch`."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from discipline.tools.bench.watch_figures import measure_watch


class Command(BaseCommand):
    """Measure a watch of the database's cameras."""

    help = "Measure a watch of the cameras in the database and print its figures as JSON. Called by bench."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("seconds", type=float)
        parser.add_argument("--no-recording", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Measure and print."""
        figures = measure_watch(options["seconds"], not options["no_recording"], self.stderr.write)
        self.stdout.write(json.dumps(figures))
