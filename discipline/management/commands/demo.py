"""manage.py demo: the demo's accounts, cameras, hours and graces. Safe to run again."""

from functools import cache
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from discipline import seeding
from streams import pictures, probing, quality
from streams.simulator import footage
from streams.simulator.layouts import layout_of


@cache
def _seen(layout: str) -> probing.Snapshot:
    room = footage.empty_room(settings.VAR_DIR / "footage", layout)
    return probing.Snapshot(pictures.preview(room), quality.signature(room).tobytes(), timezone.now())


def _view(number: int) -> seeding.View:
    layout = layout_of(number)
    return seeding.View(polygon=layout.zone, seen=_seen(layout.name))


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
                view=_view,
                now=timezone.now(),
                settle_s=settle,
            )
        except seeding.NotADemo as error:
            raise CommandError(str(error)) from error
        except FileNotFoundError as error:
            raise CommandError("Render the footage first: python -m streams.simulator --render-only") from error
        self.stdout.write(f"{cameras} cameras; every demo account has the password {seeding.PASSWORD}")
