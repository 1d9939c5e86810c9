"""manage.py demo: the demo's accounts, cameras, hours and graces. Safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from discipline import seeding
from streams.simulator.layouts import layout_of


class Command(BaseCommand):
    help = "Fill a database of its own with the demo: accounts with a known password, 107 simulated cameras."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rtsp", default="rtsp://127.0.0.1:8554/cam%03d", help="addresses of the cameras, by number"
        )
        parser.add_argument("--settle", type=float, default=25.0, help="seconds until all counters open together")

    def handle(self, *args: Any, rtsp: str, settle: float, **options: Any) -> None:
        try:
            cameras = seeding.seed(
                address=lambda number: rtsp % number,
                polygon=lambda number: layout_of(number).zone,
                now=timezone.now(),
                settle_s=settle,
            )
        except seeding.NotADemo as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{cameras} cameras; every demo account has the password {seeding.PASSWORD}")
