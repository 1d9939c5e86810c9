"""manage.py load_offices: the 107 offices, the city's hours and its staffing rule. Safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from discipline.reports.numbers.models import Band
from discipline.staffing.models import StaffingRule
from offices.city import loading


def _bands() -> list[Band]:
    """The thirty-minute bands that most rules use. They say nothing of pay; their legal reference is the city's."""
    edges = ((1, 30), (31, 60), (61, 90), (91, None))
    names = ((Band.Kind.LATE, "TL"), (Band.Kind.EARLY, "PSW"))
    return [
        Band(kind=kind, name=f"{name} {number}", from_minute=first, to_minute=last)
        for kind, name in names
        for number, (first, last) in enumerate(edges, start=1)
    ]


class Command(BaseCommand):
    help = "Load Palembang's kecamatan and kelurahan, and city-wide hours and rule where there are none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--refresh", action="store_true", help="take names from the file again (never pins)")
        parser.add_argument("--with-counters", action="store_true", help="a first counter where an office has none")

    def handle(self, *args: Any, refresh: bool, with_counters: bool, **options: Any) -> None:
        done = loading.load_offices(loading.read_offices(), refresh=refresh, counters=with_counters)
        city = {"kecamatan": None, "kelurahan": None, "counter": None}
        ruled = not StaffingRule.objects.filter(**city).exists()
        if ruled:
            StaffingRule.objects.create(**city)
        bands = [] if Band.objects.exists() else Band.objects.bulk_create(_bands())
        self.stdout.write(
            f"created: {done.kecamatan} kecamatan, {done.kelurahan} kelurahan, {done.counters} counters, "
            f"{done.plans} hours plans, {int(ruled)} staffing rule, {len(bands)} bands; renamed: {done.renamed}"
        )
