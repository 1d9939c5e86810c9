"""manage.py demo: the demo's accounts, cameras, hours and graces (safe to run again), and its made-up past."""

from functools import cache
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from discipline.tools.demo import make_history, seeding
from streams.pixels import quality
from streams.pixels.thumbs import encode_preview
from streams.setup import probe as camera_probe
from streams.simulator import footage
from streams.simulator.layouts import layout_of


@cache
def _seen(layout: str) -> camera_probe.CameraSnapshot:
    room = footage.empty_room(settings.VAR_DIR / "footage", layout)
    return camera_probe.CameraSnapshot(encode_preview(room), quality.signature(room).tobytes(), timezone.now())


def _view(number: int) -> seeding.DemoView:
    layout = layout_of(number)
    return seeding.DemoView(polygon=layout.zone, seen=_seen(layout.name))


class Command(BaseCommand):
    help = "Fill a database of its own with the demo: accounts with a known password, 107 simulated cameras."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rtsp", default="rtsp://127.0.0.1:8554/cam%03d", help="addresses of the cameras, by number"
        )
        parser.add_argument("--settle", type=float, default=25.0, help="seconds until all counters open together")
        past = parser.add_mutually_exclusive_group()
        past.add_argument("--history", type=int, metavar="DAYS", help="only write so many made-up days before the demo")
        past.add_argument("--forget-history", action="store_true", help="only remove them")
        parser.add_argument("--seed", type=int, default=1, help="another seed, another history")

    def handle(self, *args: Any, rtsp: str, settle: float, **options: Any) -> None:
        if options["history"] is not None or options["forget_history"]:
            self._past(options)
            return
        try:
            cameras = seeding.seed_demo(
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

    def _past(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        try:
            if options["forget_history"]:
                gone = make_history.delete_history(now, self.stdout.write)
                self.stdout.write(f"The made-up days {gone.first_day} to {gone.last_day} are gone")
                return
            made, rows = make_history.create_history(options["history"], options["seed"], now, self.stdout.write)
        except (seeding.NotADemo, make_history.NoHistory) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{made.first_day} to {made.last_day}: {rows.days} counter-days, {rows.flips} flips, {rows.alerts} "
            f"indications, {rows.decisions} words to them. Remove: manage.py demo --forget-history"
        )
