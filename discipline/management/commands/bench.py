"""manage.py bench: ingest to the verdict, live viewing, or the reports of a year of the whole city."""

import json
import socket
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from discipline.tools.bench import live as live_bench
from discipline.tools.bench import looks as look_bench
from discipline.tools.bench import reports as report_bench


class Command(BaseCommand):
    help = "Measures what a watch costs: cores, memory, and the time from a decoded picture to a stored verdict."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cameras", type=int, default=107)
        parser.add_argument("--seconds", type=float, default=60)
        parser.add_argument("--rtsp", help="pattern of another server's addresses, e.g. rtsp://127.0.0.1:8554/cam%%03d")
        parser.add_argument("--script", default="demo", help="what the own simulator plays: demo, steady or none")
        parser.add_argument("--no-recording", action="store_true", help="keep no packets and no evidence")
        parser.add_argument("--compare", action="store_true", help="first without recording, then with it, in one run")
        parser.add_argument("--live", action="store_true", help="what live viewing costs, and how fresh it is")
        parser.add_argument("--reports", action="store_true", help="what a year of the whole city costs its reports")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        def progress(text: str) -> None:
            self.stderr.write(text)

        if options["live"]:
            self._tell(self._live(progress), options["json"])
            return
        if options["reports"]:
            with look_bench.scratch_database():
                figures = report_bench.measure_reports(report_bench.ReportPlan(), timezone.now(), progress)
            self._tell(figures, options["json"])
            return
        cameras, pattern = options["cameras"], options["rtsp"]
        own = nullcontext(pattern) if pattern else look_bench.own_simulator(cameras, _free_port(), options["script"])
        zone = look_bench.whole_picture if pattern else look_bench.simulated_zone
        with own as address, look_bench.scratch_database(), look_bench.scratch_evidence():
            plan = look_bench.BenchPlan(cameras, options["seconds"], address, zone, not options["no_recording"])
            look_bench.create_bench_rows(plan)
            figures = (
                look_bench.compare_with_recording(plan, progress)
                if options["compare"]
                else look_bench.measure_pipeline(plan, progress)
            )
        self._tell(figures, options["json"])

    def _live(self, progress: Callable[[str], None]) -> dict[str, Any]:
        port = _free_port()
        plan = live_bench.LivePlan(f"rtsp://127.0.0.1:{port}/cam%03d")
        with look_bench.own_simulator(plan.all_cameras, port, "steady"), look_bench.scratch_database():
            return live_bench.measure_live(plan, progress)

    def _tell(self, figures: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(figures))
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:24} {value}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
