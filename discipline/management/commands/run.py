"""manage.py run: run all of Sidak with its demo in the foreground (make run)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from discipline.ops.local.embedded import ServicesError
from discipline.ops.local.supervisor import LaunchError
from discipline.tools.demo import launcher


class Command(BaseCommand):
    """Run the launcher."""

    help = "Start servers, demo cameras, watch, worker, beat and web, and keep them alive until Ctrl-C."
    requires_system_checks: list[str] = []  # each step reports what it is missing

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--cameras", type=int, default=launcher.CAMERAS, help="how many cameras are simulated")
        parser.add_argument("--script", default="demo", help="what they play; none: every clerk stays")

    def handle(self, *_args: Any, cameras: int, script: str, **_options: Any) -> None:
        """Block until stopped."""
        try:
            launcher.run_all(cameras, script)
        except (LaunchError, ServicesError) as error:
            raise CommandError(str(error)) from error
