"""A report as PDF: A4 pages with letterhead, tables, notes on reading, evidence head and signature block."""

from contextlib import closing
from datetime import datetime
from functools import partial
from typing import IO

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from discipline.core import provenance
from discipline.core.pdf.document import pdf as pages
from discipline.core.pdf.flow import Flowable, beside, heading, rule, shares, space, together
from discipline.core.pdf.fonts import BOLD
from discipline.core.pdf.styles import (
    CODE,
    HEADING,
    MAROON,
    QUIET,
    SMALL,
    SOFT,
    SUBTITLE,
    TINY,
    TITLE,
    WARNING,
    style,
)
from discipline.core.pdf.tables import TableColumn, table
from discipline.core.pdf.text import paragraph
from discipline.core.wording import calendar, hour, local
from discipline.reports.files import letterhead
from discipline.reports.files.file_job import FileJob
from discipline.reports.files.pdf_background import background_part
from discipline.reports.files.pdf_charts import bars_part, trend_part
from discipline.reports.numbers import listings, tables
from discipline.reports.numbers.columns import LEVELS, availability
from discipline.reports.numbers.figures import Sums, percent, ranked
from discipline.reports.numbers.listings import ListedIndication
from discipline.reports.numbers.numerals import NONE, hours, in_minutes, share, whole
from discipline.reports.numbers.period import Period, PeriodKind, parse_period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.numbers.summary import sentences
from discipline.reports.numbers.tables import ReportData, ReportLine
from discipline.reports.numbers.words import period_title
from discipline.reports.signing.signatures import signature_of

FOOT = 60  # points from the page's lower edge
MOST_INDICATIONS = 400  # ten pages; the rest is in XLSX and CSV
DAYS_LISTED = 31  # a longer period is listed by weeks or months
FITS = 16  # letters of a headline number in the larger type
NUMBER, LONG_NUMBER = style(14, BOLD), style(11, BOLD)
SENTENCE = style(9.6, after=2)
LEFT_OUT = style(8.6, colour=SOFT, before=4)
GAP = 12  # points between the headline numbers


def write_file(job: FileJob, file: IO[bytes]) -> None:
    """Write the job's report as PDF, in the active language."""
    with job.report() as report:
        data = pdf(report, signature_of(job.place, job.period), job.now)
    file.write(data)


def pdf(report: ReportData, signature: letterhead.Signature | None = None, now: datetime | None = None) -> bytes:
    """Return the report as PDF, in the active language. `now` (default: the clock's) dates the paper."""
    now = now or timezone.now()
    title = letterhead.title(report)
    notice = provenance.demo_notice()
    story = [*letterhead.letterhead(report.place), *_head(report, notice), _headline(report)]
    if report.total.counter_days:
        story += _minutes(report)
        story += trend_part(report)
        story += bars_part(report, _("Waktu kosong, terlama dahulu"))
        for level in _levels(report.place):
            story += _parts(report, level)
        story += _kecamatan_offices(report)
        story += _days(report)
    story += _indications(report, now)
    story += background_part(report)
    # Kept together so that a signature never stands alone on the last page, nor the last page almost empty.
    signing = letterhead.signing(report.place, signature, now, _evidence(report))
    story.append(together([*_terms(report.floor), *signing]))
    return pages(title, story, partial(letterhead.foot, title=title, notice=notice, now=now), FOOT)


def _head(report: ReportData, notice: str) -> list[Flowable]:
    lines = [
        paragraph(_("Laporan kehadiran loket"), TITLE),
        paragraph(f"{report.place.title} · {period_title(report.period)}", SUBTITLE),
        paragraph(_reach(report), QUIET),
    ]
    if notice:
        lines.append(paragraph(notice, WARNING))
    return [*lines, space(4), *(paragraph(sentence, SENTENCE) for sentence in sentences(report)), space(6)]


def _reach(report: ReportData) -> str:
    if report.until is None:
        return _("Belum ada yang dinilai dalam masa ini.")
    judged = _("Dinilai sampai %(day)s pukul %(at)s WIB.")
    reach = judged % {"day": calendar(local(report.until)), "at": hour(report.until)}
    if report.recounting:
        again = _("Sebagian hari sedang dihitung ulang; angkanya masih dapat berubah.")
        return f"{reach} {again}"
    return reach


def _headline(report: ReportData) -> Flowable:
    """Return four numbers side by side, each with the period before; availability always stands with its coverage."""
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
            _("Kosong tanpa izin"),
            hours(total.absent_s),
            _("sebelumnya %(n)s") % {"n": hours(before.absent_s)},
        ),
    )
    cells = [
        [
            rule(MAROON, 1.2, after=2),
            paragraph(title, TINY),
            paragraph(number, NUMBER if len(number) < FITS else LONG_NUMBER),
            paragraph(below, TINY),
        ]
        for title, number, below in boxes
    ]
    return beside(cells, shares(len(cells), GAP), GAP)


def _available(sums: Sums, floor: int) -> str:
    if not sums.duty_s:
        return NONE
    return share(availability(sums, floor)) if sums.enough(floor) else _("tidak cukup data")


def _coverage(sums: Sums) -> str:
    return share(percent(sums.coverage))


def _minutes(report: ReportData) -> list[Flowable]:
    names = [
        _("Jam layanan"),
        _("Ada petugas"),
        _("Masa toleransi"),
        _("Kosong"),
        _("Dengan izin"),
        _("Tidak terpantau"),
    ]
    columns = [TableColumn(_("Masa"), 110), *(TableColumn(name, 66, right=True) for name in names)]
    rows = [
        [
            period_title(period),
            *map(hours, (s.duty_s, s.staffed_s, s.grace_s, s.absent_s, s.excused_s, s.unknown_s)),
        ]
        for period, s in ((report.period, report.total), (report.period.before, report.before))
    ]
    return [*heading(_("Jam layanan dan bagian-bagiannya")), table(columns, rows)]


def _levels(place: OrgUnit) -> list[Level]:
    """Return the levels that get a table, two at most: a city's counters would fill four pages."""
    return [] if place.level is Level.COUNTER else list(place.levels[:2])


def _parts(report: ReportData, level: Level) -> list[Flowable]:
    """Return the table of a level; nothing for counters where each office has one, as its numbers are the office's."""
    lines = report.lines if level is report.place.parts else tables.part_lines(report.place, report.period, level)
    if level is Level.COUNTER and len({line.code for line in lines}) == len(lines):
        return []
    columns = [TableColumn(_("Peringkat"), 42), TableColumn(str(LEVELS[level]), 100)]
    under = level is not report.place.parts
    if under:
        columns.append(TableColumn(str(LEVELS[report.place.parts]), 86))
    columns += _numbers()
    rows = []
    for row in ranked(lines, report.floor):
        named = [NONE if row.place is None else whole(row.place), row.line.name]
        rows.append([*named, *([row.line.parent] if under else []), *_figures(row.line.sums, report.floor)])
    total = ["", _("Seluruhnya"), *([""] if under else []), *_figures(report.total, report.floor)]
    title = _("Per %(level)s") % {"level": str(LEVELS[level]).lower()}
    return [*heading(title), table(columns, rows, total if len(rows) > 1 else ())]


def _kecamatan_offices(report: ReportData) -> list[Flowable]:
    """Return the table of kecamatan offices, which no other number of the report counts."""
    lines = tables.kecamatan_office_lines(report.place, report.period)
    if not lines:
        return []
    columns = [TableColumn(_("Peringkat"), 42), TableColumn(str(LEVELS[Level.KECAMATAN_OFFICE]), 100), *_numbers()]
    rows = [
        [NONE if row.place is None else whole(row.place), row.line.name, *_figures(row.line.sums, report.floor)]
        for row in ranked(lines, report.floor)
    ]
    return [*heading(_("Kantor kecamatan, dengan peringkat sendiri")), table(columns, rows)]


def _numbers() -> list[TableColumn]:
    return [
        TableColumn(_("Ketersediaan"), 54, right=True),
        TableColumn(_("Cakupan"), 44, right=True),
        TableColumn(_("Indikasi"), 44, right=True),
        TableColumn(_("Kosong (menit)"), 48, right=True),
        TableColumn(_("Dengan izin (menit)"), 50, right=True),
        TableColumn(_("Tidak terpantau (menit)"), 58, right=True),
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


def _days(report: ReportData) -> list[Flowable]:
    """Return the table of days; of a period longer than DAYS_LISTED, of weeks or months."""
    period = report.period
    if period.kind is PeriodKind.DAY:
        return []
    lines = report.days if period.days <= DAYS_LISTED else tables.trend_lines(period, report.days)
    lines = [line for line in lines if line.sums.counter_days]
    if not lines:
        return []
    rows = ([_when(line, period), *_figures(line.sums, report.floor)] for line in lines)
    return [*heading(_("Lini masa")), table([TableColumn(_("Masa"), 110), *_numbers()], rows)]


def _when(line: ReportLine, whole_period: Period) -> str:
    return period_title(parse_period(line.key, whole_period.last))


def _indications(report: ReportData, now: datetime) -> list[Flowable]:
    place, number = report.place, tables.counted_indications(report.place, report.period).count()
    if not number:
        return [*heading(_("Indikasi")), paragraph(_("Tidak ada indikasi dalam masa ini."))]
    columns = [
        TableColumn(_("Tanggal"), 54),
        TableColumn(_("Pukul (WIB)"), 58),
        TableColumn(_("Menit"), 38, right=True),
        TableColumn(_("Jenis"), 82),
    ]
    if place.level is not Level.COUNTER:
        columns.append(TableColumn(_("Loket"), 118, most=5))
    columns.append(TableColumn(_("Penjelasan dan keputusan"), 130, most=4))
    with closing(listings.iter_indications(place, report.period, now, MOST_INDICATIONS)) as listed:
        story = [*heading(_("Indikasi")), table(columns, (_indication(row, place) for row in listed))]
    if number > MOST_INDICATIONS:
        left = _("… dan %(n)s lagi: ada dalam berkas XLSX dan CSV dari laporan ini.")
        story.append(paragraph(left % {"n": whole(number - MOST_INDICATIONS)}, LEFT_OUT))
    return story


def _indication(row: ListedIndication, place: OrgUnit) -> list[str]:
    ended = hour(row.ended_at) if row.ended_at else _("kini")
    where = (
        row.counter if place.level in (Level.KELURAHAN, Level.KECAMATAN_OFFICE) else f"{row.counter}, {row.kelurahan}"
    )
    statements = [row.explained.words or _("Belum dijelaskan")]
    if row.decided.what:
        statements.append(": ".join(filter(None, (row.decided.what_word, row.decided.words))))
    return [
        dateformat.format(row.day, "j M Y"),
        f"{hour(row.since)}–{ended}",
        in_minutes(row.seconds),
        row.kind_word,
        *([] if place.level is Level.COUNTER else [where]),
        " · ".join(statements),
    ]


def _terms(floor: int) -> list[Flowable]:
    return [*heading(_("Cara membaca")), *(paragraph(sentence, SMALL) for sentence in letterhead.terms(floor))]


def _evidence(report: ReportData) -> list[Flowable]:
    title = paragraph(_("Nilai terakhir rantai bukti"), HEADING)
    sealed = letterhead.evidence_head(report.place, report.period)
    if sealed is None:
        return [title, paragraph(_("Belum ada bukti yang disegel dalam masa ini."), SMALL)]
    day, head = sealed
    own = report.place.level in (Level.KELURAHAN, Level.COUNTER, Level.KECAMATAN_OFFICE)
    of_what = _("Kantor ini pada akhir %(day)s, SHA-256:") if own else _("Semua kantor pada akhir %(day)s, SHA-256:")
    return [title, paragraph(of_what % {"day": calendar(day)}, SMALL), paragraph(head, CODE)]
