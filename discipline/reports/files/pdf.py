"""A report on paper: A4 pages with letterhead, tables, what the words mean, the evidence head and room to sign."""

from contextlib import closing
from datetime import datetime
from functools import partial

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from discipline.core import provenance
from discipline.core.pdf.document import Book, Column, spread
from discipline.core.pdf.page import BOLD, MARGIN, MAROON, MONO, SOFT, WIDTH, Sheet
from discipline.core.wording import calendar, hour, local
from discipline.reports.files import letterhead
from discipline.reports.files import pdf_background as behind
from discipline.reports.numbers import listings, tables
from discipline.reports.numbers.columns import LEVELS, availability
from discipline.reports.numbers.figures import Sums, percent, ranked
from discipline.reports.numbers.listings import ListedIndication
from discipline.reports.numbers.numerals import NONE, in_minutes, share, whole
from discipline.reports.numbers.period import Period, PeriodKind, parse_period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.numbers.summary import sentences
from discipline.reports.numbers.tables import ReportData, ReportLine
from discipline.reports.numbers.words import period_title

FLOOR = 60  # points: below it stands what is on every page
MOST_INDICATIONS = 400  # ten pages; more of them are for a sheet
DAYS_LISTED = 31
FITS = 13  # letters of a headline number


def pdf(report: ReportData, signature: letterhead.Signature | None = None, now: datetime | None = None) -> bytes:
    """In the language that is active."""
    now = now or timezone.now()
    title = letterhead.title(report)
    notice = provenance.demo_notice()
    book = Book(title, FLOOR, partial(letterhead.foot, title=title, notice=notice, now=now))
    letterhead.letterhead(book.page, report.place)
    _head(book.page, report, notice)
    _headline(book.page, report)
    if report.total.counter_days:
        _minutes(book, report)
        for level in _levels(report.place):
            _parts(book, report, level)
        _days(book, report)
    _indications(book, report, now)
    behind.write(book, report)
    _terms(book, report.floor)
    _evidence(book, report)
    letterhead.signing(book, report.place, signature, now)
    return book.done()


def _head(page: Sheet, report: ReportData, notice: str) -> None:
    page.write(_("Laporan kehadiran loket"), font=BOLD, size=15, most=1)
    page.write(f"{report.place.title} · {period_title(report.period)}", font=BOLD, size=10.5, most=2)
    page.write(_reach(report), colour=SOFT, most=2)
    if notice:
        page.write(notice, font=BOLD, size=10.5, colour=MAROON, most=1)
    page.y -= 4
    for sentence in sentences(report):
        page.write(sentence, size=9, most=4)
        page.y -= 2


def _reach(report: ReportData) -> str:
    if report.until is None:
        return _("Belum ada yang dinilai dalam masa ini.")
    said = _("Dinilai sampai %(day)s pukul %(at)s WIB.")
    reach = said % {"day": calendar(local(report.until)), "at": hour(report.until)}
    if report.recounting:
        again = _("Sebagian hari sedang dihitung ulang; angkanya masih dapat berubah.")
        return f"{reach} {again}"
    return reach


def _headline(page: Sheet, report: ReportData) -> None:
    """Four numbers side by side, each with what it was before. No availability without its coverage."""
    total, before, floor = report.total, report.before, report.floor
    boxes = (
        (_("Ketersediaan"), _available(total, floor), _("cakupan %(share)s") % {"share": _coverage(total)}),
        (
            _("Ketersediaan sebelumnya"),
            _available(before, floor),
            _("cakupan %(share)s") % {"share": _coverage(before)},
        ),
        (_("Indikasi"), whole(total.indications), _("sebelumnya %(n)s") % {"n": whole(before.indications)}),
        (
            _("Kosong tanpa izin (menit)"),
            in_minutes(total.absent_s),
            _("sebelumnya %(n)s") % {"n": in_minutes(before.absent_s)},
        ),
    )
    gap = 12
    width = (WIDTH - gap * (len(boxes) - 1)) / len(boxes)
    top = page.y - 4
    for n, (title, number, below) in enumerate(boxes):
        x = n * (width + gap)
        page.canvas.setStrokeColor(MAROON)
        page.canvas.setLineWidth(1.2)
        page.canvas.line(MARGIN + x, top, MARGIN + x + width, top)
        page.y = top - 3
        page.write(title, x=x, width=width, size=7.5, colour=SOFT, most=1)
        page.write(number, x=x, width=width, size=13 if len(number) < FITS else 10, font=BOLD, most=1)
        page.write(below, x=x, width=width, size=7, colour=SOFT, most=1)
    page.y -= 6


def _available(sums: Sums, floor: int) -> str:
    if not sums.duty_s:
        return NONE
    return share(availability(sums, floor)) if sums.enough(floor) else _("tidak cukup data")


def _coverage(sums: Sums) -> str:
    return share(percent(sums.coverage))


def _minutes(book: Book, report: ReportData) -> None:
    book.heading(_("Menit layanan dan bagian-bagiannya"))
    names = [_("Jam layanan"), _("Berpetugas"), _("Tenggang"), _("Kosong"), _("Dengan izin"), _("Tidak diketahui")]
    columns = spread([Column(_("Masa"), 110, most=2), *(Column(name, 66, right=True) for name in names)])
    rows = [
        [
            period_title(period),
            *map(in_minutes, (s.duty_s, s.staffed_s, s.grace_s, s.absent_s, s.excused_s, s.unknown_s)),
        ]
        for period, s in ((report.period, report.total), (report.period.before, report.before))
    ]
    book.table(columns, rows)


def _levels(place: OrgUnit) -> list[Level]:
    """Two at most: a city's counters would be four pages that nobody reads."""
    return [] if place.level is Level.COUNTER else list(place.levels[:2])


def _parts(book: Book, report: ReportData, level: Level) -> None:
    lines = report.lines if level is report.place.parts else tables.part_lines(report.place, report.period, level)
    book.heading(_("Per %(level)s") % {"level": str(LEVELS[level]).lower()})
    columns = [Column(_("Peringkat"), 44), Column(str(LEVELS[level]), 100, most=2)]
    under = level is not report.place.parts
    if under:
        columns.append(Column(str(LEVELS[report.place.parts]), 76))
    columns += _numbers()
    rows = []
    for one in ranked(lines, report.floor):
        named = [NONE if one.place is None else whole(one.place), one.line.name]
        rows.append([*named, *([one.line.parent] if under else []), *_figures(one.line.sums, report.floor)])
    total = ["", _("Seluruhnya"), *([""] if under else []), *_figures(report.total, report.floor)]
    book.table(spread(columns), rows, total if len(rows) > 1 else ())


def _numbers() -> list[Column]:
    return [
        Column(_("Ketersediaan"), 58, right=True, most=2),
        Column(_("Cakupan"), 48, right=True),
        Column(_("Indikasi"), 52, right=True),
        Column(_("Kosong (menit)"), 50, right=True),
        Column(_("Dengan izin (menit)"), 50, right=True),
        Column(_("Tidak diketahui (menit)"), 54, right=True),
    ]


def _figures(sums: Sums, floor: int) -> list[str]:
    return [
        _available(sums, floor),
        _coverage(sums),
        whole(sums.indications),
        in_minutes(sums.absent_s),
        in_minutes(sums.excused_s),
        in_minutes(sums.unknown_s),
    ]


def _days(book: Book, report: ReportData) -> None:
    """Day by day, of a long period by weeks or months."""
    period = report.period
    if period.kind is PeriodKind.DAY:
        return
    lines = report.days if period.days <= DAYS_LISTED else tables.trend_lines(period, report.days)
    lines = [line for line in lines if line.sums.counter_days]
    if not lines:
        return
    book.heading(_("Dari waktu ke waktu"))
    columns = spread([Column(_("Masa"), 110, most=2), *_numbers()])
    book.table(columns, ([_when(line, period), *_figures(line.sums, report.floor)] for line in lines))


def _when(line: ReportLine, whole_period: Period) -> str:
    return period_title(parse_period(line.key, whole_period.last))


def _indications(book: Book, report: ReportData, now: datetime) -> None:
    place, number = report.place, tables.counted_indications(report.place, report.period).count()
    book.heading(_("Indikasi"))
    if not number:
        book.page.write(_("Tidak ada indikasi dalam masa ini."))
        return
    columns = [Column(_("Tanggal"), 54), Column(_("Pukul (WIB)"), 62), Column(_("Menit"), 40, right=True)]
    columns.append(Column(_("Jenis"), 80, most=2))
    if place.level is not Level.COUNTER:
        columns.append(Column(_("Loket"), 100, most=2))
    columns.append(Column(_("Penjelasan dan keputusan"), 130, most=4))
    with closing(listings.iter_indications(place, report.period, now, MOST_INDICATIONS)) as found:
        book.table(spread(columns), (_indication(one, place) for one in found))
    if number > MOST_INDICATIONS:
        book.room(20)
        left = _("… dan %(n)s lagi: ada dalam berkas XLSX dan CSV dari laporan ini.")
        book.page.write(left % {"n": whole(number - MOST_INDICATIONS)}, colour=SOFT)


def _indication(one: ListedIndication, place: OrgUnit) -> list[str]:
    ended = hour(one.ended_at) if one.ended_at else _("kini")
    where = one.counter if place.level is Level.KELURAHAN else f"{one.counter}, {one.kelurahan}"
    said = [one.explained.words or _("Belum dijelaskan")]
    if one.decided.what:
        said.append(": ".join(filter(None, (one.decided.what_word, one.decided.words))))
    return [
        dateformat.format(one.day, "j M Y"),
        f"{hour(one.since)}–{ended}",
        in_minutes(one.seconds),
        one.kind_word,
        *([] if place.level is Level.COUNTER else [where]),
        " · ".join(said),
    ]


def _terms(book: Book, floor: int) -> None:
    book.heading(_("Cara membaca"))
    for sentence in letterhead.terms(floor):
        book.page.write(sentence, size=7.5, most=3)


def _evidence(book: Book, report: ReportData) -> None:
    book.heading(_("Kepala rantai bukti"))
    found = letterhead.evidence_head(report.place, report.period)
    if found is None:
        book.page.write(_("Belum ada bukti yang disegel dalam masa ini."), size=7.5)
        return
    day, head = found
    own = report.place.level in (Level.KELURAHAN, Level.COUNTER)
    said = _("Kantor ini pada akhir %(day)s, SHA-256:") if own else _("Semua kantor pada akhir %(day)s, SHA-256:")
    book.page.write(said % {"day": calendar(day)}, size=7.5)
    book.page.write(head, font=MONO, size=7, most=1)
