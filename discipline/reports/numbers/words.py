"""Periods, and the reasons why one is invalid, in words."""

from datetime import date

from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from discipline.core.wording import calendar, weekday
from discipline.reports.numbers.period import BadPeriod, Period, PeriodKind

KINDS: dict[PeriodKind, Promise] = {
    PeriodKind.DAY: gettext_lazy("Hari"),
    PeriodKind.WEEK: pgettext_lazy("periode", "Minggu"),  # "Minggu" alone means Sunday
    PeriodKind.MONTH: gettext_lazy("Bulan"),
    PeriodKind.QUARTER: gettext_lazy("Triwulan"),
    PeriodKind.YEAR: gettext_lazy("Tahun"),
    PeriodKind.RANGE: gettext_lazy("Rentang"),
}
WEEKDAY_OF = date(2024, 1, 1)  # a Monday
REFUSED = {
    BadPeriod.UNREADABLE: gettext_lazy("Tanggalnya tidak terbaca. Pilih tanggal dari kalender."),
    BadPeriod.BACKWARDS: gettext_lazy("Tanggal akhir lebih awal daripada tanggal mulai."),
    BadPeriod.FUTURE: gettext_lazy("Rentang itu belum dimulai. Pilih tanggal hari ini atau sebelumnya."),
    BadPeriod.TOO_LONG: gettext_lazy("Rentang lebih dari lima tahun. Pilih rentang yang lebih pendek."),
}


def period_title(period: Period) -> str:
    """Return a period in words.

    By kind: Senin 23 November 2026, Minggu 47 · 16–22 November 2026, November 2026, Triwulan IV 2026, 2026, or a range.
    """
    first, last = period.first, period.last
    if period.kind is PeriodKind.DAY:
        return weekday(first)
    if period.kind is PeriodKind.WEEK:
        return _("Minggu %(number)s · %(days)s") % {"number": first.isocalendar().week, "days": day_range(first, last)}
    if period.kind is PeriodKind.MONTH:
        return dateformat.format(first, "F Y")
    if period.kind is PeriodKind.QUARTER:
        number = ("I", "II", "III", "IV")[first.month // 3]
        return _("Triwulan %(number)s %(year)s") % {"number": number, "year": first.year}
    return str(first.year) if period.kind is PeriodKind.YEAR else day_range(first, last)


def step_title(period: Period, steps: int) -> str:
    """Return a label for below a chart with this many steps: Sen, 16, 16 Nov, Nov or Nov 26."""
    if period.kind is PeriodKind.MONTH:
        return dateformat.format(period.first, "M" if steps <= 12 else "M y")
    if period.kind is PeriodKind.WEEK:
        return dateformat.format(period.first, "j M")
    return dateformat.format(period.first, "D" if steps <= 7 else "j")


def day_range(first: date, last: date) -> str:
    """Return days in words: 16–22 November 2026, 30 Oktober – 5 November 2026, or 16 November 2026 for one."""
    if first == last:
        return calendar(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{calendar(last)}"
    begin = dateformat.format(first, "j F") if first.year == last.year else calendar(first)
    return f"{begin} – {calendar(last)}"


def weekday_name(number: int) -> str:
    """Return the name of an ISO weekday: 1 → Senin."""
    return dateformat.format(WEEKDAY_OF.replace(day=number), "l")


def of_hour(number: int) -> str:
    """Format an hour of the day as a range: 9 → 09–10."""
    return f"{number:02}–{number + 1:02}"


def bad_period_word(error: BadPeriod) -> str:
    """Return the sentence that explains to users why a period is invalid."""
    return str(REFUSED[error.code])
