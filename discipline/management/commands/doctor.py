"""manage.py doctor: examine this installation, and say how to mend what is wrong."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from discipline.ops.doctor.diagnosis import Severity
from discipline.ops.doctor.examination import examine


class Command(BaseCommand):
    """Examine the installation."""

    help = (
        "Examine database, Valkey, programs, settings, clock, disks, models, keys, mail, push and cameras. "
        "Exits with 1 when there is a fault."
    )
    requires_system_checks = ()  # they are among the findings

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--cameras", action="store_true", help="also test the address of each camera")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print each finding; exit with 1 when one is a fault."""
        styles = {
            Severity.OK: self.style.SUCCESS,
            Severity.WARNING: self.style.WARNING,
            Severity.FAULT: self.style.ERROR,
        }
        findings = []
        for finding in examine(probe_cameras=options["cameras"]):
            findings.append(finding)
            if not options["json"]:
                self.stdout.write(
                    f"{styles[finding.severity](f'{finding.severity:<7}')} {finding.subject}: {finding.text}"
                )
                if finding.mend:
                    self.stdout.write(f"        {finding.mend}")
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings]))
        if any(finding.severity == Severity.FAULT for finding in findings):
            raise SystemExit(1)
