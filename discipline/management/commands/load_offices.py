"""manage.py load_offices: create the 107 offices, the city's hours and its staffing rule. Safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from discipline.reports.numbers.models import Band
from discipline.staffing.models import StaffingRule
from offices.city import loading


def _bands() -> list[Band]:
    """Return the thirty-minute bands that most regulations use.

    They imply nothing about pay; the city adds its own legal reference.
    """
    edges = ((1, 30), (31, 60), (61, 90), (91, None))
    names = ((Band.Kind.LATE, "TL"), (Band.Kind.EARLY, "PSW"))
    return [
        Band(kind=kind, name=f"{name} {number}", from_minute=first, to_minute=last)
        for kind, name in names
        for number, (first, last) in enumerate(edges, start=1)
    ]


class Command(BaseCommand):
    """Load the city's data."""

    help = "Load Palembang's kecamatan and kelurahan, and city-wide hours, a staffing rule and bands if none exist."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--refresh", action="store_true", help="overwrite names from the file, never positions")
        parser.add_argument(
            "--with-counters", action="store_true", help="create a first counter where an office has none"
        )

    def handle(self, *_args: Any, refresh: bool, with_counters: bool, **_options: Any) -> None:
        """Create what does not exist yet and print how much that was."""
        done = loading.load_offices(loading.read_offices(), refresh=refresh, counters=with_counters)
        city = {"kecamatan": None, "kelurahan": None, "counter": None}
        needs_rule = not StaffingRule.objects.filter(**city).exists()
        if needs_rule:
            StaffingRule.objects.create(**city)
        bands = [] if Band.objects.exists() else Band.objects.bulk_create(_bands())
        self.stdout.write(
            f"created: {done.kecamatan} kecamatan, {done.kelurahan} kelurahan, {done.counters} counters, "
            f"{done.plans} hours plans, {int(needs_rule)} staffing rule, {len(bands)} bands; renamed: {done.renamed}"
        )
