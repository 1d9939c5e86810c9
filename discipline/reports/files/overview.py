"""The first sheet of an XLSX report: its subject, the numbers beside the period before, bands and notes on reading."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from discipline.reports.files import letterhead
from discipline.reports.numbers import background
from discipline.reports.numbers.columns import Column, ColumnKind, Value, sums_columns
from discipline.reports.numbers.figures import Sums
from discipline.reports.numbers.summary import sentences
from discipline.reports.numbers.tables import ReportData
from discipline.reports.numbers.words import period_title


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One row of the sheet; `kind` formats the values after the first cell."""

    cells: tuple[Value, ...]
    kind: ColumnKind = ColumnKind.TEXT
    bold: bool = False


def overview_rows(report: ReportData, now: datetime, notice: str) -> Iterator[OverviewRow]:
    """Yield the rows in the active language; an empty `notice` is left out."""
    place, period = report.place, report.period
    yield OverviewRow((letterhead.title(report),))
    if notice:
        yield OverviewRow((notice,), bold=True)
    for sentence in sentences(report):
        yield OverviewRow((sentence,))
    yield OverviewRow(())
    yield OverviewRow((_("Tempat"), place.title))
    yield OverviewRow((_("Dari"), period.first), ColumnKind.DAY)
    yield OverviewRow((_("Sampai dengan"), period.last), ColumnKind.DAY)
    yield OverviewRow((_("Dinilai sampai (WIB)"), report.until), ColumnKind.MOMENT)
    yield OverviewRow((_("Dibuat (WIB)"), now), ColumnKind.MOMENT)
    if head := letterhead.evidence_head(place, period):
        yield OverviewRow((_("Nilai terakhir rantai bukti"), head[0], head[1]), ColumnKind.DAY)
    yield OverviewRow(())
    yield from _numbers(report)
    yield from _bands(report)
    yield OverviewRow(())
    yield OverviewRow((_("Cara membaca"),), bold=True)
    for term in letterhead.terms(report.floor):
        yield OverviewRow((term,))


def _numbers(report: ReportData) -> Iterator[OverviewRow]:
    yield OverviewRow(("", period_title(report.period), period_title(report.period.before)), bold=True)
    days: Column[Sums] = Column("counter_days", _("Hari loket"), ColumnKind.WHOLE, lambda sums: sums.counter_days)
    numbers: list[Column[Sums]] = sums_columns(lambda sums: sums, report.floor)
    for column in [days, *numbers]:
        yield OverviewRow((str(column.title), column.value(report.total), column.value(report.before)), column.kind)


def _bands(report: ReportData) -> Iterator[OverviewRow]:
    counts = background.count_bands(report.place, report.period)
    if not counts:
        return
    yield OverviewRow(())
    yield OverviewRow((_("Kelompok"), _("Hari loket"), _("Dasar hukum")), bold=True)
    for count in counts:
        yield OverviewRow((count.band.name, count.counter_days, count.band.reference), ColumnKind.WHOLE)
