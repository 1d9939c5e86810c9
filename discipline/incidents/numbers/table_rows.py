"""The tables of a month's numbers: their columns, shared by the page, the PDF and the workbook."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from discipline.incidents.numbers.counting import PlaceLine, TimesLine
from discipline.incidents.numbers.statistics_rule import Spread
from discipline.reports.numbers.columns import Column, ColumnKind, availability
from discipline.reports.numbers.figures import minutes, percent

ACKNOWLEDGE, ARRIVE, CLOSE = _("Diterima"), _("Di lokasi"), _("Ditutup")


def times_columns(title: str | Promise, *, of_tasks: bool = False) -> list[Column[TimesLine]]:
    """Return the columns of lines; `title` heads their names. Times are minutes."""

    def spreads(key: str, what: str | Promise, get: Callable[[TimesLine], Spread]) -> list[Column[TimesLine]]:
        return [
            _column(f"{key}_n", _("%(what)s: jumlah"), what, lambda line: get(line).number),
            _column(f"{key}_median", _("%(what)s: median (menit)"), what, lambda line: _minutes(get(line).median_s)),
            _column(f"{key}_p90", _("%(what)s: 9 dari 10 dalam (menit)"), what, lambda line: _minutes(get(line).p90_s)),
        ]

    columns: list[Column[TimesLine]] = [
        Column("name", title, ColumnKind.TEXT, lambda line: line.name, 34),
        Column("number", _("Jumlah"), ColumnKind.WHOLE, lambda line: line.number),
        *spreads("acknowledge", ACKNOWLEDGE, lambda line: line.acknowledge),
        *spreads("arrive", ARRIVE, lambda line: line.arrive),
        *spreads("close", _("Selesai") if of_tasks else CLOSE, lambda line: line.close),
    ]
    if of_tasks:
        columns += [
            Column("kept", _("Tenggat ditepati"), ColumnKind.WHOLE, lambda line: line.kept),
            Column("missed", _("Tenggat terlewat"), ColumnKind.WHOLE, lambda line: line.missed),
        ]
    return columns


def place_columns(floor: int) -> list[Column[PlaceLine]]:
    """Return the columns of offices. `floor`: MonthNumbers.floor."""
    return [
        Column("name", _("Kantor"), ColumnKind.TEXT, lambda line: line.name, 30),
        Column("kecamatan", _("Kecamatan"), ColumnKind.TEXT, lambda line: line.kecamatan, 26),
        Column("reports", _("Laporan warga"), ColumnKind.WHOLE, lambda line: line.reports),
        Column("availability", _("Ketersediaan"), ColumnKind.PERCENT, lambda line: availability(line.sums, floor)),
        Column("coverage", _("Cakupan"), ColumnKind.PERCENT, lambda line: percent(line.sums.coverage)),
        Column("indications", _("Indikasi"), ColumnKind.WHOLE, lambda line: line.sums.indications),
    ]


def _column(
    key: str, title: Promise, what: str | Promise, get: Callable[[TimesLine], int | Decimal | None]
) -> Column[TimesLine]:
    kind = ColumnKind.WHOLE if key.endswith("_n") else ColumnKind.MINUTES
    return Column(key, str(title) % {"what": what}, kind, get)


def _minutes(seconds: int | None) -> Decimal | None:
    return None if seconds is None else minutes(seconds)
