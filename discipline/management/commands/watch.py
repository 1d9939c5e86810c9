"""manage.py watch: read a share of the cameras and judge their counters. Several machines may run it."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from discipline.ops.production import refuse_unfit_start
from discipline.ops.watch.loop import Watch
from streams.detect.model_files import ModelError


class Command(BaseCommand):
    """Run one watch process."""

    requires_system_checks = ()  # they would load all pages

    help = "Read cameras and keep the standing of their counters up to date until stopped (SIGINT, SIGTERM)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--name", help="unique among all watch processes; default: host:pid")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Block until stopped."""
        refuse_unfit_start()
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        try:
            watch = Watch(options["name"])
        except ModelError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"watch {watch.name}")
        watch.run(stopping)
