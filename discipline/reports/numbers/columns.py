"""The columns of a report's tables, shared by workbook, CSV and PDF: their titles and their values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from discipline.reports.numbers.figures import Ranked, Sums, minutes, percent
from discipline.reports.numbers.listings import CounterDay, ListedIndication
from discipline.reports.numbers.places import Level
from discipline.reports.numbers.tables import ReportLine
from discipline.staffing.alert_kinds import ACCUSATIONS, AlertKind

Row = TypeVar("Row")
Value = str | int | bool | Decimal | date | datetime | None
# A spreadsheet would run text that begins with one of these; some read the full-width ones as well.
LEVELS: dict[Level, Promise] = {
    Level.KECAMATAN: _("Kecamatan"),
    Level.KELURAHAN: _("Kelurahan"),
    Level.COUNTER: _("Loket"),
    Level.KECAMATAN_OFFICE: _("Kantor kecamatan"),
}


class ColumnKind(StrEnum):
    """What a column holds, which decides how each file format writes it."""

    TEXT = "text"
    CODE = "code"  # the CSV has the code; Column.word turns it into words for people
    WHOLE = "whole"
    MINUTES = "minutes"  # Decimal with one place
    PERCENT = "percent"  # Decimal with one place: 98.8 for 98,8 %
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column. `key` names it for machines, the same in every language; `width` is in characters."""

    key: str
    title: str | Promise
    kind: ColumnKind
    value: Callable[[Row], Value]
    width: int = 12
    word: Callable[[Row], str] | None = None


def line_columns(level: Level, floor: int) -> list[Column[Ranked[ReportLine]]]:
    """Return the columns of ranked places of one level. `floor`: ReportData.floor."""
    above = {Level.KELURAHAN: LEVELS[Level.KECAMATAN], Level.COUNTER: LEVELS[Level.KELURAHAN]}
    named: list[Column[Ranked[ReportLine]]] = [
        Column("place", _("Peringkat"), ColumnKind.WHOLE, lambda row: row.place, 10),
        Column("code", _("Kode"), ColumnKind.TEXT, lambda row: row.line.code, 15),
    ]
    if level in above:
        named.append(Column("parent", above[level], ColumnKind.TEXT, lambda row: row.line.parent, 22))
    named.append(Column("name", LEVELS[level], ColumnKind.TEXT, lambda row: row.line.name, 22))
    days: Column[Ranked[ReportLine]] = Column(
        "counter_days", _("Hari loket"), ColumnKind.WHOLE, lambda row: row.line.sums.counter_days
    )
    return [*named, days, *sums_columns(lambda row: row.line.sums, floor)]


def day_columns(floor: int) -> list[Column[CounterDay]]:
    """Return the columns of counter-days. `floor`: ReportData.floor."""
    named: list[Column[CounterDay]] = [
        Column("day", _("Tanggal"), ColumnKind.DAY, lambda day: day.row.day),
        Column("kecamatan", _("Kecamatan"), ColumnKind.TEXT, lambda day: day.counter.office.area.name, 22),
        Column("code", _("Kode"), ColumnKind.TEXT, lambda day: day.counter.office.code, 15),
        Column("kelurahan", _("Kelurahan"), ColumnKind.TEXT, lambda day: day.counter.office.name, 22),
        Column("counter", _("Loket"), ColumnKind.TEXT, lambda day: day.counter.name, 22),
    ]
    basis: list[Column[CounterDay]] = [
        Column("why", _("Dasar jam layanan"), ColumnKind.TEXT, lambda day: day.row.why, 40),
        Column("until", _("Dinilai sampai (WIB)"), ColumnKind.MOMENT, lambda day: day.row.until, 17),
    ]
    return [*named, *sums_columns(lambda day: day.sums, floor), *basis]


def indication_columns() -> list[Column[ListedIndication]]:
    """Return the columns of indications."""
    return [
        Column("number", _("Nomor"), ColumnKind.WHOLE, lambda row: row.number, 10),
        Column("day", _("Tanggal"), ColumnKind.DAY, lambda row: row.day),
        Column("since", _("Sejak (WIB)"), ColumnKind.MOMENT, lambda row: row.since, 17),
        Column("until", _("Sampai (WIB)"), ColumnKind.MOMENT, lambda row: row.ended_at, 17),
        Column("minutes", _("Lama (menit)"), ColumnKind.MINUTES, lambda row: minutes(row.seconds)),
        Column("kind", _("Jenis"), ColumnKind.CODE, lambda row: row.kind, 24, lambda row: row.kind_word),
        Column("kecamatan", _("Kecamatan"), ColumnKind.TEXT, lambda row: row.kecamatan, 22),
        Column("code", _("Kode"), ColumnKind.TEXT, lambda row: row.code, 15),
        Column("kelurahan", _("Kelurahan"), ColumnKind.TEXT, lambda row: row.kelurahan, 22),
        Column("counter", _("Loket"), ColumnKind.TEXT, lambda row: row.counter, 22),
        Column(
            "reason",
            _("Alasan"),
            ColumnKind.CODE,
            lambda row: row.explained.reason,
            24,
            lambda row: row.explained.reason_word,
        ),
        Column("explanation", _("Penjelasan"), ColumnKind.TEXT, lambda row: row.explained.text, 40),
        Column(
            "decision",
            _("Keputusan"),
            ColumnKind.CODE,
            lambda row: row.decided.what,
            18,
            lambda row: row.decided.what_word,
        ),
        Column("decision_text", _("Catatan keputusan"), ColumnKind.TEXT, lambda row: row.decided.words, 40),
    ]


def sums_columns(get: Callable[[Row], Sums], floor: int) -> list[Column[Row]]:
    """Return the columns of the sums that `get` finds in a row. Availability is None below the coverage floor."""

    def of_minutes(key: str, title: Promise, name: str) -> Column[Row]:
        return Column(key, title, ColumnKind.MINUTES, lambda row: minutes(getattr(get(row), name)))

    def of_number(name: str, title: Promise) -> Column[Row]:
        return Column(name, title, ColumnKind.WHOLE, lambda row: getattr(get(row), name))

    def of_count(kind: AlertKind) -> Column[Row]:
        name = kind.row.column
        return Column(name, kind.label, ColumnKind.WHOLE, lambda row: get(row).counts[name])

    return [
        Column(
            "availability_percent", _("Ketersediaan"), ColumnKind.PERCENT, lambda row: availability(get(row), floor), 13
        ),
        Column("coverage_percent", _("Cakupan"), ColumnKind.PERCENT, lambda row: percent(get(row).coverage)),
        Column("enough", _("Cukup data"), ColumnKind.FLAG, lambda row: get(row).enough(floor)),
        of_minutes("duty_min", _("Jam layanan (menit)"), "duty_s"),
        of_minutes("staffed_min", _("Ada petugas (menit)"), "staffed_s"),
        of_minutes("grace_min", _("Masa toleransi (menit)"), "grace_s"),
        of_minutes("absent_min", _("Kosong (menit)"), "absent_s"),
        of_minutes("excused_min", _("Kosong dengan izin (menit)"), "excused_s"),
        of_minutes("unknown_min", _("Tidak terpantau (menit)"), "unknown_s"),
        of_minutes("late_min", _("Terlambat buka (menit)"), "late_s"),
        of_minutes("early_min", _("Pulang sebelum waktunya (menit)"), "early_s"),
        of_minutes("longest_min", _("Kosong terlama (menit)"), "longest_s"),
        of_number("indications", _("Indikasi")),
        *(of_count(kind) for kind in ACCUSATIONS),
        of_number("excused", _("Dengan izin")),
    ]


def with_notice(columns: list[Column[Row]], notice: str) -> list[Column[Row]]:
    """Return the columns with one more that repeats the notice in every row; unchanged when the notice is ""."""
    return [*columns, Column("note", _("Catatan"), ColumnKind.TEXT, lambda _row: notice, 40)] if notice else columns


def availability(sums: Sums, floor: int) -> Decimal | None:
    """Return availability in percent with one decimal; None below the coverage floor."""
    return percent(sums.availability) if sums.enough(floor) else None
