"""The first sheet of a report: what it is about, its numbers beside those before, bands, and what the words mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from discipline.reports.files import letterhead
from discipline.reports.numbers import tables
from discipline.reports.numbers.columns import Column, Kind, Value, of_sums
from discipline.reports.numbers.figures import Sums
from discipline.reports.numbers.summary import sentences
from discipline.reports.numbers.tables import Report
from discipline.reports.numbers.words import period_title


@dataclass(frozen=True, slots=True)
class Row:
    """`kind` of the values behind the first cell."""

    cells: tuple[Value, ...]
    kind: Kind = Kind.TEXT
    bold: bool = False


def overview(report: Report, now: datetime, notice: str) -> Iterator[Row]:
    place, period = report.place, report.period
    yield Row((letterhead.title(report),))
    if notice:
        yield Row((notice,), bold=True)
    for sentence in sentences(report):
        yield Row((sentence,))
    yield Row(())
    yield Row((_("Tempat"), place.title))
    yield Row((_("Dari"), period.first), Kind.DAY)
    yield Row((_("Sampai dengan"), period.last), Kind.DAY)
    yield Row((_("Dinilai sampai (WIB)"), report.until), Kind.MOMENT)
    yield Row((_("Dibuat (WIB)"), now), Kind.MOMENT)
    if head := letterhead.evidence_head(place, period):
        yield Row((_("Kepala rantai bukti"), head[0], head[1]), Kind.DAY)
    yield Row(())
    yield from _numbers(report)
    yield from _bands(report)
    yield Row(())
    yield Row((_("Cara membaca"),), bold=True)
    for term in letterhead.terms(report.floor):
        yield Row((term,))


def _numbers(report: Report) -> Iterator[Row]:
    yield Row(("", period_title(report.period), period_title(report.period.before)), bold=True)
    days: Column[Sums] = Column("counter_days", _("Hari loket"), Kind.WHOLE, lambda sums: sums.counter_days)
    numbers: list[Column[Sums]] = of_sums(lambda sums: sums, report.floor)
    for column in [days, *numbers]:
        yield Row((str(column.title), column.value(report.total), column.value(report.before)), column.kind)


def _bands(report: Report) -> Iterator[Row]:
    counts = tables.bands(report.place, report.period)
    if not counts:
        return
    yield Row(())
    yield Row((_("Pita"), _("Hari loket"), _("Dasar hukum")), bold=True)
    for one in counts:
        yield Row((one.band.name, one.counter_days, one.band.reference), Kind.WHOLE)
