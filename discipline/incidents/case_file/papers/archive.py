"""The list of hashes, the log of openings as CSV, and the ZIP of a case."""

import csv
from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone

from discipline.core.wording import name_of
from discipline.incidents.case_file import contents, files
from discipline.incidents.case_file.contents import CaseEntry
from discipline.incidents.case_file.models import CaseFile
from streams.evidence.store import EvidenceAltered

AT_ONCE = 1_000_000  # bytes


def sums(listed: Iterable[CaseEntry]) -> bytes:
    """Return the list of hashes as `sha256sum -c` reads it."""
    return "".join(f"{one.sha256}  {one.name}\n" for one in listed).encode()


def openings_csv(case: CaseFile) -> bytes:
    """Return who opened the case so far and why, oldest first, as CSV in UTF-8 with the sign that Excel wants."""
    text = StringIO()
    rows = csv.writer(text)
    rows.writerow(["waktu", "akun", "nama", "alasan"])
    for one in case.openings.select_related("user").order_by("pk"):
        at = timezone.localtime(one.at).isoformat(timespec="seconds")
        rows.writerow([at, *map(_plain, (one.user.get_username(), name_of(one.user), one.reason))])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def write(case: CaseFile, to: Path, now: datetime) -> None:
    """Write the ZIP, a piece at a time, with each file as its hash says. Raises EvidenceAltered or OSError."""
    listed = list(contents.entries(case, papers=True))
    listed += contents.listed_sums(case)
    at = timezone.localtime(now)
    dated = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    with ZipFile(to, "w", ZIP_STORED) as archive:
        for one in listed:
            if not files.check_file(one.path, one.sha256):
                raise EvidenceAltered(f"case {case.pk}: {one.name} is gone or was changed")
            entry = ZipInfo(f"{case.number}/{one.name}", dated)
            with one.path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                while piece := source.read(AT_ONCE):
                    target.write(piece)


def _plain(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
