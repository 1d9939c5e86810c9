"""manage.py demo: create the demo's accounts, cameras, hours and graces, or its made-up history.

Safe to run again.
"""

from functools import cache
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from discipline.ops import demo_data
from discipline.ops.append_only import roles
from discipline.tools.demo import history_pictures, make_history, seeding
from streams.pixels import quality
from streams.pixels.thumbs import encode_preview
from streams.setup import probe as camera_probe
from streams.simulator import footage
from streams.simulator.layouts import layout_of
from streams.simulator.street import footage as street_footage
from streams.simulator.street.turning import read_ports


@cache
def _empty_room(layout: str) -> camera_probe.CameraSnapshot:
    """Return the picture that zones of this layout are drawn on. Raises FileNotFoundError before it is rendered."""
    room = footage.empty_room(settings.VAR_DIR / "footage", layout)
    return camera_probe.CameraSnapshot(encode_preview(room), quality.signature(room).tobytes(), timezone.now())


def _view(number: int) -> seeding.DemoView:
    layout = layout_of(number)
    return seeding.DemoView(polygon=layout.zone, seen=_empty_room(layout.name))


def _street(name: str) -> camera_probe.CameraSnapshot | None:
    """Return a street by day; None when it is not rendered, as in a demo without points."""
    try:
        seen = street_footage.first_picture(settings.VAR_DIR / "footage-streets", name, street_footage.USUAL)
    except (OSError, KeyError):
        return None
    return camera_probe.CameraSnapshot(encode_preview(seen), quality.signature(seen).tobytes(), timezone.now())


class Command(BaseCommand):
    """Seed the demo, or write or delete its history."""

    help = "Seed the demo into a database of its own: accounts with a known password, 150 simulated cameras."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--rtsp", default="rtsp://127.0.0.1:8554/cam%03d", help="address pattern, by the camera's number"
        )
        parser.add_argument(
            "--cameras", type=int, metavar="N", help="only the first N cameras: of offices, then of points"
        )
        parser.add_argument(
            "--turning", default="", metavar="N:PORT,N:PORT", help="the simulator's cameras that turn, by ONVIF"
        )
        parser.add_argument("--settle", type=float, default=25.0, help="seconds until all counters open together")
        past = parser.add_mutually_exclusive_group()
        past.add_argument("--history", type=int, metavar="DAYS", help="only write DAYS made-up days before the demo")
        past.add_argument("--forget-history", action="store_true", help="only remove the made-up days")
        parser.add_argument(
            "--pictures", type=int, metavar="N", help="draw pictures of N made-up absences, after --history or alone"
        )
        parser.add_argument("--seed", type=int, default=1, help="seed of the made-up days")

    def handle(self, *_args: Any, rtsp: str, cameras: int | None, settle: float, **options: Any) -> None:
        """Seed the demo unless an option asks for its history only; as the owner, who alone may delete the latter."""
        with roles.database_owner():
            self._run(rtsp, cameras, settle, options)

    def _run(self, rtsp: str, cameras: int | None, settle: float, options: dict[str, Any]) -> None:
        if options["history"] is not None or options["forget_history"]:
            self._write_or_delete_history(options)
        if options["pictures"] is not None:
            files = history_pictures.draw_history(options["pictures"], timezone.now(), self.stdout.write)
            self.stdout.write(
                f"{files} pictures and clips of made-up absences. Remove: manage.py demo --forget-history"
            )
        if options["history"] is not None or options["forget_history"] or options["pictures"] is not None:
            return
        try:
            ports = read_ports(options["turning"])
        except ValueError as error:
            raise CommandError(f"--turning: {error}") from error
        try:
            seeded = seeding.seed_demo(
                address=lambda number: rtsp % number,
                view=_view,
                now=timezone.now(),
                settle_s=settle,
                most_cameras=cameras,
                turning=ports,
                street=_street,
            )
        except seeding.NotADemo as error:
            raise CommandError(str(error)) from error
        except FileNotFoundError as error:
            raise CommandError("Render the footage first: python -m streams.simulator --render-only") from error
        self.stdout.write(f"{seeded} cameras; every demo account has the password {demo_data.PASSWORD}")

    def _write_or_delete_history(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        try:
            if options["forget_history"]:
                deleted = make_history.delete_history(now, self.stdout.write)
                self.stdout.write(f"Removed the made-up days {deleted.first_day} to {deleted.last_day}")
                return
            made, rows = make_history.create_history(options["history"], options["seed"], now, self.stdout.write)
        except (seeding.NotADemo, make_history.NoHistory) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{made.first_day} to {made.last_day}: {rows.days} counter-days, {rows.flips} flips, {rows.alerts} "
            f"indications, {rows.decisions} decisions on them. Remove: manage.py demo --forget-history"
        )
