"""The part of a report's paper that stands behind its numbers: bands, causes, and how well the cameras saw."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline.core.pdf.document import Book, Column, spread
from discipline.core.wording import duration
from discipline.reports.numbers import background, tables
from discipline.reports.numbers.figures import percent
from discipline.reports.numbers.models import Band
from discipline.reports.numbers.numerals import NONE, in_minutes, share, whole
from discipline.reports.numbers.tables import ReportData


def write(book: Book, report: ReportData) -> None:
    _bands(book, report)
    _causes(book, report)
    _cameras(book, report)


def _bands(book: Book, report: ReportData) -> None:
    counts = sorted(tables.count_bands(report.place, report.period), key=lambda one: one.band.kind != Band.Kind.LATE)
    if not counts:
        return
    book.heading(_("Pita keterlambatan buka dan pulang sebelum waktunya"))
    columns = spread(
        [
            Column(_("Pita"), 90),
            Column(_("Jenis"), 110),
            Column(_("Menit"), 70),
            Column(_("Hari loket"), 68, right=True),
            Column(_("Dasar hukum"), 120, most=3),
        ]
    )
    rows = []
    for one in counts:
        band, first, last = one.band, one.band.from_minute, one.band.to_minute
        length = f"{first}–{last}" if last else _("%(n)s ke atas") % {"n": first}
        kind, reference = str(band.get_kind_display()), band.reference or NONE
        rows.append([band.name, kind, length, whole(one.counter_days), reference])
    book.table(columns, rows)


def _causes(book: Book, report: ReportData) -> None:
    causes = background.count_causes(report.place, report.period)
    if not causes:
        return
    book.heading(_("Sebab kekosongan menurut penjelasan"))
    columns = [Column(_("Sebab"), 200), Column(_("Indikasi"), 70, right=True), Column(_("Dengan izin"), 80, right=True)]
    book.table(columns, ([one.label, whole(one.number), whole(one.excused)] for one in causes))


def _cameras(book: Book, report: ReportData) -> None:
    seen = background.camera_health(report.place, report.period)
    if not seen.duty_s:
        return
    book.heading(_("Kamera"))
    said = [
        _("Kamera tidak melihat %(minutes)s menit jam layanan (%(share)s).")
        % {"minutes": in_minutes(seen.unknown_s), "share": share(percent(seen.share))},
        ngettext("%(n)s gangguan kamera dilaporkan.", "%(n)s gangguan kamera dilaporkan.", seen.faults)
        % {"n": whole(seen.faults)},
    ]
    if seen.incidents:
        lasted = ngettext(
            "Sidak sendiri terganggu %(n)s kali, %(lasting)s; selama itu tidak ada yang dinilai.",
            "Sidak sendiri terganggu %(n)s kali, %(lasting)s; selama itu tidak ada yang dinilai.",
            seen.incidents,
        )
        said.append(lasted % {"n": whole(seen.incidents), "lasting": duration(seen.incident_s)})
    book.page.write(" ".join(said), size=7.5)
    if len(seen.worst) < 2:
        return
    columns = [
        Column(_("Paling lama tidak terlihat"), 150),
        Column(_("Kecamatan"), 110),
        Column(_("Tidak diketahui (menit)"), 90, right=True),
        Column(_("Dari jam layanan"), 70, right=True),
        Column(_("Gangguan"), 60, right=True),
    ]
    rows = (
        [one.name, one.kecamatan, in_minutes(one.unknown_s), share(percent(one.share)), whole(one.faults)]
        for one in seen.worst
    )
    book.table(columns, rows)
