"""manage.py verify_evidence: report evidence that was changed, removed or inserted."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from discipline.ops.append_only import copies
from discipline.ops.append_only.comparing import HeadsReport, compare_heads
from offices.places.models import Place
from streams.evidence import store, verify


class Command(BaseCommand):
    """Verify evidence."""

    help = (
        "Check every file and row of evidence against its hash, the chain of each office and its daily heads, and all "
        "append-only tables against their signed heads, here and in copies. "
        "Exits with 1 when something was changed, removed or inserted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--office", action="append", metavar="CODE", help="only this office or point; may be repeated"
        )
        parser.add_argument("--day", type=date.fromisoformat, help="also print the city's head hash of this day")
        parser.add_argument(
            "--heads",
            action="append",
            type=Path,
            metavar="FILE",
            default=[],
            help="also compare with this copy of the signed heads; may be repeated. The copy in HEADS_DIR always is",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the faults and a count of what was checked; exit with 1 when there are faults."""
        offices = None
        if codes := options["office"]:
            known = Place.objects.loaded().annotate(place_code=Place.code_at()).filter(place_code__in=codes)
            offices = list(known.order_by("place_code"))
            if unknown := set(codes) - {office.code for office in offices}:
                raise CommandError(f"no office {', '.join(sorted(unknown))}")
        report = verify.verify_evidence(timezone.now(), offices)
        heads = self._compare_heads(options["heads"]) if offices is None or options["heads"] else HeadsReport()
        head = store.city_head(options["day"]) if options["day"] else None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict() | {"city_head": head, "heads": asdict(heads)}))
        else:
            for fault in report.faults:
                self.stdout.write(f"{fault.office}: {fault.message}")
            for sentence in heads.faults:
                self.stdout.write(sentence)
            for path in report.unknown_files:
                self.stdout.write(f"note: no row knows the file {path} yet")
            for sentence in heads.notes:
                self.stdout.write(f"note: {sentence}")
            if head is not None:
                self.stdout.write(f"head of {options['day']}: {head or 'none'}")
            faults = len(report.faults) + len(heads.faults)
            self.stdout.write(
                f"{report.offices} offices, {report.rows} rows, {report.files} files, {heads.heads} signed heads, "
                f"{faults} faults"
            )
        if report.faults or heads.faults:
            raise SystemExit(1)

    def _compare_heads(self, files: list[Path]) -> HeadsReport:
        own = copies.own_file()
        try:
            return compare_heads([*files, *([own] if own.exists() else [])], timezone.now())
        except OSError as error:
            raise CommandError(str(error)) from error
