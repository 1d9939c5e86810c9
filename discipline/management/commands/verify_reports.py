"""manage.py verify_reports: report signed documents that are not what was signed."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from discipline.reports.signing import verifying


class Command(BaseCommand):
    """Verify signed reports."""

    help = (
        "Check the documents of every signed month against their SHA-256 and the chain of their amendments. "
        "Exits with 1 when one differs from what was signed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the broken months and a count of what was checked; exit with 1 when one is broken."""
        checked = list(verifying.verify_months())
        broken = [month for month in checked if month.broken]
        if options["json"]:
            self.stdout.write(json.dumps([asdict(month) for month in checked]))
        else:
            for month in broken:
                numbers = ", ".join(map(str, month.broken))
                self.stdout.write(f"{month.kecamatan} {month.month}: document {numbers} is not what was signed")
            documents = sum(month.documents for month in checked)
            self.stdout.write(f"{len(checked)} signed months, {documents} documents, {len(broken)} broken")
        if broken:
            raise SystemExit(1)
