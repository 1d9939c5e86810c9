"""manage.py watch: read this machine's share of the cameras and judge their counters. Start it on more machines."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from discipline.ops.watch.loop import Watch
from streams.detect.model_files import ModelError


class Command(BaseCommand):
    help = "Reads cameras and keeps the standing of their counters until stopped (SIGINT, SIGTERM)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", help="unique among all watch processes; default host:pid")

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        try:
            watch = Watch(options["name"])
        except ModelError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"watch {watch.name}")
        watch.run(stopping)
