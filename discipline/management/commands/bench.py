"""manage.py bench: measure a watch from ingest to verdict, live viewing, the public's view, boards, or reports."""

import json
import socket
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from discipline.tools.bench import live as live_bench
from discipline.tools.bench import looks as look_bench
from discipline.tools.bench import pages as page_bench
from discipline.tools.bench import public as public_bench
from discipline.tools.bench import reports as report_bench
from discipline.tools.bench.clip_cameras import Views, clip_views, simulated_view, whole_picture
from discipline.tools.bench.open_pages import boards as board_bench
from discipline.tools.bench.open_pages import queues as queue_bench
from discipline.tools.bench.pyav_reading import reading_beside
from discipline.tools.bench.recording import RecordingPlan, measure_recording
from streams.simulator.clips import FPS

Figures = Mapping[str, object]
Progress = Callable[[str], None]


class Command(BaseCommand):
    """Print the figures of one bench."""

    help = "Measure what a watch costs: cores, memory, and the time from a decoded picture to a stored verdict."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--cameras", type=int, default=107)
        parser.add_argument("--seconds", type=float, default=60)
        parser.add_argument("--rtsp", help="address pattern of another server, e.g. rtsp://127.0.0.1:8554/cam%%03d")
        parser.add_argument("--clips", type=Path, help="folder of real clips with labels.json, which the cameras show")
        parser.add_argument("--fps", type=int, default=FPS, help="pictures a second of each simulated camera")
        parser.add_argument("--script", help="script of the built-in simulator: demo, steady or none; of clips none")
        parser.add_argument("--no-recording", action="store_true", help="keep no packets and no evidence")
        parser.add_argument("--compare", action="store_true", help="measure without recording, then with it")
        parser.add_argument("--pyav", action="store_true", help="beside it, read the same cameras with PyAV alone")
        parser.add_argument("--live", action="store_true", help="measure the cost and the delay of live viewing")
        parser.add_argument("--boards", type=int, help="measure how fast so many boards are served at once")
        parser.add_argument("--queues", type=int, help="measure how soon so many open queues show an incident")
        parser.add_argument("--pages", type=int, help="ask each page of the demo, while it runs, so often")
        parser.add_argument("--beside", type=Path, help="with --pages: another checkout, whose pages are asked in turn")
        parser.add_argument("--reports", action="store_true", help="measure reports over a year of the whole city")
        parser.add_argument("--recording", type=int, help="measure the recording of so many cameras onto one disk")
        parser.add_argument("--megabits", type=float, default=1.0, help="with --recording: of each camera a second")
        parser.add_argument("--folder", type=Path, help="with --recording: on the disk that is to be measured")
        parser.add_argument("--public", action="store_true", help="measure the public's view before nginx")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the chosen bench on a scratch database."""

        def progress(text: str) -> None:
            self.stderr.write(text)

        others = {
            "live": self._live,
            "public": self._public,
            "pages": self._pages,
            "recording": self._recording,
            "queues": self._queues,
            "boards": self._boards,
            "reports": self._reports,
        }
        measure = next((one for name, one in others.items() if options[name]), self._pipeline)
        figures = measure(options, progress)
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:24} {value}")

    def _pipeline(self, options: Mapping[str, Any], _progress: Progress) -> Figures:
        cameras, pattern = options["cameras"], options["rtsp"]
        labels = options["clips"] / "labels.json" if options["clips"] else None
        script = options["script"] or ("none" if labels else "demo")
        if labels and script == "demo":
            raise CommandError("The demo's script shows faults that real clips don't have: --script none or steady.")
        server = (
            nullcontext((pattern, None))
            if pattern
            else look_bench.own_simulator(cameras, _free_port(), script, labels, options["fps"])
        )
        with server as (address, simulator), look_bench.scratch_database(), look_bench.scratch_evidence():
            view = _views(labels, pattern, options["fps"])
            look_plan = look_bench.BenchPlan(cameras, options["seconds"], address, view, not options["no_recording"])
            look_bench.create_bench_rows(look_plan)
            measure = look_bench.compare_with_recording if options["compare"] else look_bench.measure_pipeline
            with reading_beside(address, cameras) if options["pyav"] else nullcontext(None) as beside:
                figures = measure(look_plan, simulator)
        if beside:
            figures["pyav"], figures["times_pyav"] = beside, round(figures["cores"] / beside["cores"], 2)
        return figures

    def _pages(self, options: Mapping[str, Any], progress: Progress) -> Figures:
        try:
            return page_bench.measure_pages(options["pages"], timezone.now(), options["beside"], progress)
        except page_bench.NotMeasurable as error:
            raise CommandError(str(error)) from error

    def _public(self, options: Mapping[str, Any], progress: Progress) -> Figures:
        try:
            return public_bench.measure_public(public_bench.PublicPlan(seconds=options["seconds"]), progress)
        except public_bench.NoNginx as error:
            raise CommandError(str(error)) from error

    def _recording(self, options: Mapping[str, Any], progress: Progress) -> Figures:
        plan = RecordingPlan(options["recording"], options["seconds"], options["megabits"], options["folder"])
        return measure_recording(plan, progress)

    def _queues(self, options: Mapping[str, Any], progress: Progress) -> Figures:
        with look_bench.scratch_database():
            plan = queue_bench.QueuesPlan(options["queues"], seconds=options["seconds"])
            return queue_bench.measure_queues(plan, timezone.now(), progress)

    def _boards(self, options: Mapping[str, Any], progress: Progress) -> Figures:
        with look_bench.scratch_database():
            return board_bench.measure_boards(board_bench.BoardsPlan(options["boards"]), timezone.now(), progress)

    def _reports(self, _options: Mapping[str, Any], progress: Progress) -> Figures:
        with look_bench.scratch_database():
            return report_bench.measure_reports(report_bench.ReportPlan(), timezone.now(), progress)

    def _live(self, _options: Mapping[str, Any], progress: Progress) -> Figures:
        port = _free_port()
        plan = live_bench.LivePlan(f"rtsp://127.0.0.1:{port}/cam%03d")
        with look_bench.own_simulator(plan.all_cameras, port, "steady"), look_bench.scratch_database():
            return live_bench.measure_live(plan, progress)


def _views(labels: Path | None, pattern: str | None, fps: int) -> Views:
    if labels:
        return clip_views(labels, look_bench.footage_folder(labels, fps))
    return whole_picture if pattern else simulated_view


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
