"""A report in three sentences: availability, what stood out, what is still open. About counters, never about persons.

Every number in them is shown in the report too, with the same rounding.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from discipline.reports.numbers import tables
from discipline.reports.numbers.figures import Sums, percent
from discipline.reports.numbers.numerals import lasted, share, tenths, whole
from discipline.reports.numbers.period import Period, PeriodKind
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.numbers.tables import ReportData, ReportLine
from discipline.staffing.alert_kinds import ACCUSATIONS
from offices.hours.schedule import Schedule
from offices.places.models import Counter

BEFORE: dict[PeriodKind, Promise] = {
    PeriodKind.DAY: gettext_lazy("hari sebelumnya"),
    PeriodKind.WEEK: gettext_lazy("minggu sebelumnya"),
    PeriodKind.MONTH: gettext_lazy("bulan sebelumnya"),
    PeriodKind.QUARTER: gettext_lazy("triwulan sebelumnya"),
    PeriodKind.YEAR: gettext_lazy("tahun sebelumnya"),
    PeriodKind.RANGE: gettext_lazy("rentang sebelumnya"),
}
MOST_NAMED = 2  # parts that share the highest number of indications; if more do, none is named


class Undecided(NamedTuple):
    """The number of indications without a decision, and of those among them without an explanation."""

    number: int
    unexplained: int


def count_undecided(place: OrgUnit, period: Period) -> Undecided:
    """Return how many of the period's indications wait, in one query."""
    waiting = tables.counted_indications(place, period).filter(outcome="").with_explained().order_by()
    return Undecided(**waiting.aggregate(number=Count("pk"), unexplained=Count("pk", filter=Q(explained=False))))


def sentences(report: ReportData, undecided: Undecided | None = None) -> list[str]:
    """Return the three sentences in the active language. `undecided`: what count_undecided() returned, if known."""
    undecided = undecided or count_undecided(report.place, report.period)
    return [_available(report), _stood_out(report), _waiting(report, undecided)]


def _available(report: ReportData) -> str:
    total, before = report.total, report.before
    if not total.duty_s:
        return _without_duty(report.place, report.period)
    if not total.enough(report.floor):
        if total.coverage and not total.counted_s:
            return _("Seluruh jam layanan yang terpantau mendapat izin; tidak ada yang dinilai.")
        return _("Tidak cukup data untuk menilai: cakupan %(coverage)s, batasnya %(floor)s %%.") % {
            "coverage": share(percent(total.coverage)),
            "floor": report.floor,
        }
    sentence = _("Ada petugas di loket %(share)s dari jam layanan yang dinilai, dengan cakupan %(coverage)s") % {
        "share": share(percent(total.availability)),
        "coverage": share(percent(total.coverage)),
    }
    return f"{sentence}; {_compared(total, before, report.period, report.floor)}."


def _compared(total: Sums, before: Sums, period: Period, floor: int) -> str:
    then: dict[str, str | Promise] = {"before": BEFORE[period.kind]}
    now_percent, then_percent = percent(total.availability), percent(before.availability)
    if not before.duty_s:
        return _("tidak ada pembanding dari %(before)s") % then
    if now_percent is None or then_percent is None or not before.enough(floor):
        return _("%(before)s tidak cukup data untuk dibandingkan") % then
    then |= {"points": tenths(abs(now_percent - then_percent)), "share": share(then_percent)}
    if now_percent > then_percent:
        return _("naik %(points)s poin persen dari %(before)s (%(share)s)") % then
    if now_percent < then_percent:
        return _("turun %(points)s poin persen dari %(before)s (%(share)s)") % then
    return _("sama dengan %(before)s") % then


def _without_duty(place: OrgUnit, period: Period) -> str:
    if period.kind is not PeriodKind.DAY:
        return _("Tidak ada jam layanan yang tercatat.")
    schedule = Schedule(Counter.objects.filter(place.within()).values_list("pk", flat=True))
    counters = list(Counter.objects.filter(place.within(), active=True).values_list("pk", flat=True))
    if any(schedule.day(pk, period.first).intervals for pk in counters):
        return _("Belum ada jam layanan yang tercatat.")
    basis = schedule.basis(counters[0], period.first) if counters else None
    name = basis and (basis.override.name if basis.override else basis.holiday)
    return _("Tidak ada jam layanan: %(holiday)s.") % {"holiday": name} if name else _("Tidak ada jam layanan.")


def _stood_out(report: ReportData) -> str:
    total = report.total
    excused = ngettext("%(n)s mendapat izin", "%(n)s mendapat izin", total.excused) % {"n": whole(total.excused)}
    if not total.indications:
        if total.excused:
            return _("Tidak ada indikasi selain yang mendapat izin: %(n)s.") % {"n": whole(total.excused)}
        return _("Tidak ada indikasi.") if total.counted_s else _("Tidak ada loket yang dinilai.")
    parts = [_("Ada indikasi %(kinds)s") % {"kinds": _listed(_kinds(total))}]
    if total.longest_s:
        parts.append(_longest(report))
    if most := _most_indications(report):
        parts.append(most)
    if total.excused:
        parts.append(excused)
    return "; ".join(parts) + "."


def _kinds(total: Sums) -> list[str]:
    numbers = [(kind.row.times, total.counts[kind.row.column]) for kind in ACCUSATIONS]
    return [times % {"count": number, "n": whole(number)} for times, number in numbers if number]


def _longest(report: ReportData) -> str:
    where = [line for line in report.lines if line.sums.longest_s == report.total.longest_s]
    if len(report.lines) > 1 and len(where) == 1:
        sentence = _("kosong terlama %(lasted)s di %(place)s")
        return sentence % {"lasted": lasted(report.total.longest_s), "place": _named(report.place.parts, where[0])}
    return _("kosong terlama %(lasted)s") % {"lasted": lasted(report.total.longest_s)}


def _most_indications(report: ReportData) -> str:
    """Name the parts with the most indications; "" for fewer than two indications, or too many such parts."""
    most = max((line.sums.indications for line in report.lines), default=0)
    where = [_named(report.place.parts, line) for line in report.lines if line.sums.indications == most]
    if most < 2 or len(report.lines) < 2 or len(where) > MOST_NAMED:
        return ""
    return _("paling sering di %(places)s (%(n)s kali)") % {"places": _listed(where), "n": whole(most)}


def _waiting(report: ReportData, undecided: Undecided) -> str:
    number, unexplained = undecided
    if not number:
        sentence = _("Tidak ada indikasi yang menunggu penjelasan atau keputusan")
    elif unexplained == number:
        sentence = ngettext("%(n)s indikasi menunggu penjelasan", "%(n)s indikasi menunggu penjelasan", number)
    elif unexplained:
        sentence = ngettext(
            "%(n)s indikasi menunggu keputusan, %(unexplained)s di antaranya belum dijelaskan",
            "%(n)s indikasi menunggu keputusan, %(unexplained)s di antaranya belum dijelaskan",
            number,
        )
    else:
        sentence = ngettext("%(n)s indikasi menunggu keputusan", "%(n)s indikasi menunggu keputusan", number)
    sentence %= {"n": whole(number), "unexplained": whole(unexplained)}
    coverage = percent(report.total.coverage)
    if coverage is None or coverage == 100:
        return f"{sentence}."
    blind = _("kamera tidak melihat %(share)s jam layanan") % {"share": share(100 - coverage)}
    return f"{sentence}; {blind}."


def _named(level: Level, line: ReportLine) -> str:
    if level is Level.KECAMATAN:
        return _("Kecamatan %(name)s") % {"name": line.name}
    return _("Kelurahan %(name)s") % {"name": line.name} if level is Level.KELURAHAN else line.name


def _listed(words: Sequence[str]) -> str:
    """Join words: a; a dan b; a, b, dan c."""
    if len(words) < 3:
        return _("%(first)s dan %(last)s") % {"first": words[0], "last": words[1]} if words[1:] else words[0]
    return _("%(first)s, dan %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
