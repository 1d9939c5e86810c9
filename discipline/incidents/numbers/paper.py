"""A month's numbers as PDF, in the active language."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from discipline.core import provenance
from discipline.core.pdf.document import pdf as pages
from discipline.core.pdf.flow import Flowable, heading, space
from discipline.core.pdf.styles import SUBTITLE, TITLE, WARNING
from discipline.core.pdf.tables import TableColumn, table
from discipline.core.pdf.text import paragraph
from discipline.core.wording import duration, exact_length
from discipline.incidents.numbers.counting import MonthNumbers, TimesLine
from discipline.incidents.numbers.statistics_rule import Spread
from discipline.reports.files import letterhead
from discipline.reports.numbers.columns import availability
from discipline.reports.numbers.figures import percent
from discipline.reports.numbers.numerals import NONE, share, whole
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.numbers.words import period_title

FOOT = 60  # points from the page's lower edge


def pdf(numbers: MonthNumbers, now: datetime) -> bytes:
    """Return the paper. `now` dates it."""
    title, notice = numbers_title(numbers), provenance.demo_notice()
    story = [
        *letterhead.letterhead(OrgUnit(Level.CITY)),
        paragraph(_("Angka penanganan kejadian"), TITLE),
        paragraph(period_title(numbers.month), SUBTITLE),
    ]
    if notice:
        story.append(paragraph(notice, WARNING))
    story += [
        space(4),
        paragraph(summary(numbers)),
        *_times(_("Kejadian per jenis"), _("Jenis"), numbers.kinds),
        *_times(_("Kejadian per kecamatan"), _("Kecamatan"), numbers.kecamatan),
        *_times(_("Tugas per instansi"), _("Instansi"), numbers.agencies, of_tasks=True),
        *_places(numbers),
        *heading(_("Cara membaca")),
        *(paragraph(line) for line in reading()),
    ]
    return pages(title, story, partial(letterhead.foot, title=title, notice=notice, now=now), FOOT)


def numbers_title(numbers: MonthNumbers) -> str:
    """Return the title that the files bear."""
    return f"{_('Angka penanganan kejadian')}, {period_title(numbers.month)}"


def summary(numbers: MonthNumbers) -> str:
    """Return the number of incidents and their times as one line."""
    total = numbers.total
    return _("%(number)s kejadian. Diterima: %(acknowledge)s. Di lokasi: %(arrive)s. Ditutup: %(close)s.") % {
        "number": whole(total.number),
        "acknowledge": times_words(total.acknowledge),
        "arrive": times_words(total.arrive),
        "close": times_words(total.close),
    }


def reading() -> list[str]:
    """Return the notes on how to read the numbers."""
    return [
        _("Kejadian dihitung pada bulan dibukanya, tanpa duplikat; tugas pada bulan dimintanya."),
        _("Setiap waktu: median, lalu waktu yang cukup bagi sembilan dari sepuluh."),
        _("Yang belum tercapai tidak dihitung."),
        _("Kejadian yang dibuka petugas sendiri diterima saat itu juga, dan tidak dihitung pada waktu terima."),
        _("Di lokasi: petugas pertama, menurut jam ponselnya."),
        _("Laporan warga tidak membuktikan loket kosong; angka di sebelahnya adalah yang terpantau kamera."),
    ]


def times_words(times: Spread) -> str:
    """Return median and 90th percentile in words; a dash without any."""
    if times.median_s is None or times.p90_s is None:
        return NONE
    return " · ".join(
        (exact_length if seconds < 60 else duration)(seconds) for seconds in (times.median_s, times.p90_s)
    )


def _times(title: str, name: str, lines: Sequence[TimesLine], *, of_tasks: bool = False) -> list[Flowable]:
    if not lines:
        return [*heading(title, needs=30), paragraph(_("Tidak ada dalam bulan ini."))]
    columns = [
        TableColumn(name, 140),
        TableColumn(_("Jumlah"), 42, right=True),
        *(
            TableColumn(what, 100)
            for what in (_("Diterima"), _("Di lokasi"), _("Selesai") if of_tasks else _("Ditutup"))
        ),
    ]
    if of_tasks:
        columns += [TableColumn(what, 50, right=True) for what in (_("Tenggat ditepati"), _("Tenggat terlewat"))]
    rows = [
        [
            line.name,
            whole(line.number),
            *(times_words(times) for times in (line.acknowledge, line.arrive, line.close)),
            *([whole(line.kept), whole(line.missed)] if of_tasks else []),
        ]
        for line in lines
    ]
    return [*heading(title), table(columns, rows)]


def _places(numbers: MonthNumbers) -> list[Flowable]:
    title = _("Laporan warga tentang kantor, di samping kehadiran loketnya")
    if not numbers.places:
        return [*heading(title, needs=30), paragraph(_("Tidak ada dalam bulan ini."))]
    columns = [
        TableColumn(_("Kantor"), 120),
        TableColumn(_("Kecamatan"), 110),
        *(
            TableColumn(what, 70, right=True)
            for what in (_("Laporan warga"), _("Ketersediaan"), _("Cakupan"), _("Indikasi"))
        ),
    ]
    rows = [
        [
            line.name,
            line.kecamatan,
            whole(line.reports),
            share(availability(line.sums, numbers.floor)),
            share(percent(line.sums.coverage)),
            whole(line.sums.indications),
        ]
        for line in numbers.places
    ]
    return [*heading(title), table(columns, rows)]
