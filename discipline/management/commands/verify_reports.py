"""manage.py verify_reports: is every signed report, and every amendment, what was signed? Exit code 1 when not."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from discipline.reports.signing import verifying


class Command(BaseCommand):
    help = "Checks the documents of every signed month against their SHA-256 and the chain of their amendments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = list(verifying.verify_months())
        broken = [one for one in checked if one.broken]
        if options["json"]:
            self.stdout.write(json.dumps([asdict(one) for one in checked]))
        else:
            for one in broken:
                numbers = ", ".join(map(str, one.broken))
                self.stdout.write(f"{one.kecamatan} {one.month}: document {numbers} is not what was signed")
            documents = sum(one.documents for one in checked)
            self.stdout.write(f"{len(checked)} signed months, {documents} documents, {len(broken)} broken")
        if broken:
            raise SystemExit(1)
