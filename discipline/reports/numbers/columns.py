"""The columns of a report's tables, once for sheets, CSV and paper: what they are called, and the number in them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from discipline.reports.numbers.figures import Ranked, Sums, minutes, percent
from discipline.reports.numbers.listings import CounterDay, Indicated
from discipline.reports.numbers.places import Level
from discipline.reports.numbers.tables import Line

Row = TypeVar("Row")
Value = str | int | bool | Decimal | date | datetime | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a sheet would run
LEVELS: dict[Level, Any] = {
    Level.KECAMATAN: _("Kecamatan"),
    Level.KELURAHAN: _("Kelurahan"),
    Level.COUNTER: _("Loket"),
}


class Kind(StrEnum):
    TEXT = "text"
    CODE = "code"  # a code that the CSV gives, and whose words `word` gives to people
    WHOLE = "whole"
    MINUTES = "minutes"  # Decimal with one place
    PERCENT = "percent"  # Decimal with one place: 98.8 for 98,8 %
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """`key` is what machines call it, in any language; `width` in letters."""

    key: str
    title: Any
    kind: Kind
    value: Callable[[Row], Value]
    width: int = 12
    word: Callable[[Row], str] | None = None


def of_lines(level: Level, floor: int) -> list[Column[Ranked[Line]]]:
    """Of places of one level, ranked."""
    above = {Level.KELURAHAN: LEVELS[Level.KECAMATAN], Level.COUNTER: LEVELS[Level.KELURAHAN]}
    named: list[Column[Ranked[Line]]] = [
        Column("place", _("Peringkat"), Kind.WHOLE, lambda row: row.place, 10),
        Column("code", _("Kode"), Kind.TEXT, lambda row: row.line.code, 15),
    ]
    if level in above:
        named.append(Column("parent", above[level], Kind.TEXT, lambda row: row.line.parent, 22))
    named.append(Column("name", LEVELS[level], Kind.TEXT, lambda row: row.line.name, 22))
    days: Column[Ranked[Line]] = Column(
        "counter_days", _("Hari loket"), Kind.WHOLE, lambda row: row.line.sums.counter_days
    )
    return [*named, days, *of_sums(lambda row: row.line.sums, floor)]


def of_days(floor: int) -> list[Column[CounterDay]]:
    named: list[Column[CounterDay]] = [
        Column("day", _("Tanggal"), Kind.DAY, lambda day: day.row.day),
        Column("kecamatan", _("Kecamatan"), Kind.TEXT, lambda day: day.counter.kelurahan.kecamatan.name, 22),
        Column("code", _("Kode"), Kind.TEXT, lambda day: day.counter.kelurahan.code, 15),
        Column("kelurahan", _("Kelurahan"), Kind.TEXT, lambda day: day.counter.kelurahan.name, 22),
        Column("counter", _("Loket"), Kind.TEXT, lambda day: day.counter.name, 22),
    ]
    basis: list[Column[CounterDay]] = [
        Column("why", _("Dasar jam layanan"), Kind.TEXT, lambda day: day.row.why, 40),
        Column("until", _("Dinilai sampai (WIB)"), Kind.MOMENT, lambda day: day.row.until, 17),
    ]
    return [*named, *of_sums(lambda day: day.sums, floor), *basis]


def of_indications() -> list[Column[Indicated]]:
    return [
        Column("number", _("Nomor"), Kind.WHOLE, lambda row: row.number, 10),
        Column("day", _("Tanggal"), Kind.DAY, lambda row: row.day),
        Column("since", _("Sejak (WIB)"), Kind.MOMENT, lambda row: row.since, 17),
        Column("until", _("Sampai (WIB)"), Kind.MOMENT, lambda row: row.ended_at, 17),
        Column("minutes", _("Lama (menit)"), Kind.MINUTES, lambda row: minutes(row.seconds)),
        Column("kind", _("Jenis"), Kind.CODE, lambda row: row.kind, 24, lambda row: row.kind_word),
        Column("kecamatan", _("Kecamatan"), Kind.TEXT, lambda row: row.kecamatan, 22),
        Column("code", _("Kode"), Kind.TEXT, lambda row: row.code, 15),
        Column("kelurahan", _("Kelurahan"), Kind.TEXT, lambda row: row.kelurahan, 22),
        Column("counter", _("Loket"), Kind.TEXT, lambda row: row.counter, 22),
        Column(
            "reason",
            _("Alasan"),
            Kind.CODE,
            lambda row: row.explained.reason,
            24,
            lambda row: row.explained.reason_word,
        ),
        Column("explanation", _("Penjelasan"), Kind.TEXT, lambda row: row.explained.text, 40),
        Column(
            "decision", _("Keputusan"), Kind.CODE, lambda row: row.decided.what, 18, lambda row: row.decided.what_word
        ),
        Column("decision_text", _("Catatan keputusan"), Kind.TEXT, lambda row: row.decided.words, 40),
    ]


def of_sums(get: Callable[[Row], Sums], floor: int) -> list[Column[Row]]:
    """Availability is left out where too little was seen, as everywhere."""

    def of_minutes(key: str, title: Any, name: str) -> Column[Row]:
        return Column(key, title, Kind.MINUTES, lambda row: minutes(getattr(get(row), name)))

    def of_number(name: str, title: Any) -> Column[Row]:
        return Column(name, title, Kind.WHOLE, lambda row: getattr(get(row), name))

    return [
        Column("availability_percent", _("Ketersediaan"), Kind.PERCENT, lambda row: availability(get(row), floor), 13),
        Column("coverage_percent", _("Cakupan"), Kind.PERCENT, lambda row: percent(get(row).coverage)),
        Column("enough", _("Cukup data"), Kind.FLAG, lambda row: get(row).enough(floor)),
        of_minutes("duty_min", _("Jam layanan (menit)"), "duty_s"),
        of_minutes("staffed_min", _("Berpetugas (menit)"), "staffed_s"),
        of_minutes("grace_min", _("Tenggang (menit)"), "grace_s"),
        of_minutes("absent_min", _("Kosong (menit)"), "absent_s"),
        of_minutes("excused_min", _("Kosong dengan izin (menit)"), "excused_s"),
        of_minutes("unknown_min", _("Tidak diketahui (menit)"), "unknown_s"),
        of_minutes("late_min", _("Terlambat buka (menit)"), "late_s"),
        of_minutes("early_min", _("Pulang sebelum waktunya (menit)"), "early_s"),
        of_minutes("longest_min", _("Kosong terlama (menit)"), "longest_s"),
        of_number("indications", _("Indikasi")),
        of_number("late_openings", _("Terlambat buka")),
        of_number("not_opened", _("Tidak buka")),
        of_number("absences", _("Loket kosong")),
        of_number("early_leaves", _("Pulang sebelum waktunya")),
        of_number("excused", _("Dengan izin")),
    ]


def with_notice(columns: list[Column[Row]], notice: str) -> list[Column[Row]]:
    """With one more column, that says of every row what it is, when there is something to say."""
    return [*columns, Column("note", _("Catatan"), Kind.TEXT, lambda row: notice, 40)] if notice else columns


def availability(sums: Sums, floor: int) -> Decimal | None:
    return percent(sums.availability) if sums.enough(floor) else None
