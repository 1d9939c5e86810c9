"""Verification that every stored document is what was signed."""

from collections.abc import Iterator
from dataclasses import dataclass

from discipline.reports.signing import snapshot, steps
from discipline.reports.signing.models import MonthReport


@dataclass(frozen=True, slots=True)
class VerifiedMonth:
    """A signed month (`kecamatan` is its code), its number of documents, and the numbers of the broken ones.

    In a signed month without any document number 1 counts as broken.
    """

    kecamatan: str
    month: str
    documents: int
    broken: list[int]


def verify_months() -> Iterator[VerifiedMonth]:
    """Check every signed month, oldest first."""
    for report in MonthReport.objects.filter(state__in=steps.FINAL).select_related("kecamatan").order_by("month"):
        rows = list(report.snapshots.order_by("number"))
        stored = [snapshot.StoredDocument(row.number, bytes(row.body), row.sha256) for row in rows]
        broken = snapshot.broken_documents(stored) if stored else [snapshot.SIGNED]
        yield VerifiedMonth(report.kecamatan.code, f"{report.month:%Y-%m}", len(rows), broken)
