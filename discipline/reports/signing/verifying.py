"""Is every document what was signed?"""

from collections.abc import Iterator
from dataclasses import dataclass

from discipline.reports.signing import snapshot, steps
from discipline.reports.signing.models import MonthReport


@dataclass(frozen=True, slots=True)
class VerifiedMonth:
    """A signed month, how many documents it has, and the numbers of those that are changed or not of the chain. A
    signed month without its first document is broken, too."""

    kecamatan: str
    month: str
    documents: int
    broken: list[int]


def verify_months() -> Iterator[VerifiedMonth]:
    """Every signed month, one after the other."""
    for report in MonthReport.objects.filter(state__in=steps.FINAL).select_related("kecamatan").order_by("month"):
        rows = list(report.snapshots.order_by("number"))
        kept = [snapshot.StoredDocument(row.number, bytes(row.body), row.sha256) for row in rows]
        broken = snapshot.broken_documents(kept) if kept else [snapshot.SIGNED]
        yield VerifiedMonth(report.kecamatan.code, f"{report.month:%Y-%m}", len(rows), broken)
