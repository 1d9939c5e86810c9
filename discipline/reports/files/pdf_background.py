"""The background part of a report's PDF: bands, causes of absence, and how well the cameras saw."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline.core.pdf.flow import Flowable, heading
from discipline.core.pdf.styles import style
from discipline.core.pdf.tables import TableColumn, table
from discipline.core.pdf.text import paragraph
from discipline.core.wording import duration
from discipline.reports.numbers import background
from discipline.reports.numbers.figures import percent
from discipline.reports.numbers.models import Band
from discipline.reports.numbers.numerals import NONE, hours, in_minutes, share, whole
from discipline.reports.numbers.tables import ReportData

ABOVE_A_TABLE = style(8, after=3)


def background_part(report: ReportData) -> list[Flowable]:
    """Return the headings and tables; parts without data are left out."""
    return [*_bands(report), *_causes(report), *_cameras(report)]


def _bands(report: ReportData) -> list[Flowable]:
    counts = sorted(
        background.count_bands(report.place, report.period), key=lambda count: count.band.kind != Band.Kind.LATE
    )
    if not counts:
        return []
    columns = [
        TableColumn(_("Kelompok"), 90),
        TableColumn(_("Jenis"), 110),
        TableColumn(_("Menit"), 70),
        TableColumn(_("Hari loket"), 58, right=True),
        TableColumn(_("Dasar hukum"), 130, most=6),
    ]
    rows = []
    for count in counts:
        band, first, last = count.band, count.band.from_minute, count.band.to_minute
        length = f"{first}–{last}" if last else _("%(n)s ke atas") % {"n": first}
        kind, reference = str(band.get_kind_display()), band.reference or NONE
        rows.append([band.name, kind, length, whole(count.counter_days), reference])
    return [
        *heading(_("Kelompok keterlambatan: terlambat (TL) dan pulang sebelum waktunya (PSW)")),
        table(columns, rows),
    ]


def _causes(report: ReportData) -> list[Flowable]:
    causes = background.count_causes(report.place, report.period)
    if not causes:
        return []
    columns = [
        TableColumn(_("Sebab"), 200),
        TableColumn(_("Dihitung"), 90, right=True),
        TableColumn(_("Dengan izin"), 90, right=True),
    ]
    rows = [[cause.label, whole(cause.counted), whole(cause.excused)] for cause in causes]
    total = [_("Seluruhnya"), whole(report.total.indications), whole(report.total.excused)]
    return [*heading(_("Sebab kekosongan menurut penjelasan")), table(columns, rows, total if len(rows) > 1 else ())]


def _cameras(report: ReportData) -> list[Flowable]:
    health = background.camera_health(report)
    if not health.duty_s:
        return []
    sentences = [
        _("Kamera tidak melihat %(length)s layanan (%(share)s).")
        % {"length": hours(health.unknown_s), "share": share(percent(health.share))},
        ngettext("%(n)s gangguan kamera dilaporkan.", "%(n)s gangguan kamera dilaporkan.", health.faults)
        % {"n": whole(health.faults)},
    ]
    if health.incidents:
        lasted = ngettext(
            "Sidak sendiri terganggu %(n)s kali, %(lasting)s; selama itu tidak ada yang dinilai.",
            "Sidak sendiri terganggu %(n)s kali, %(lasting)s; selama itu tidak ada yang dinilai.",
            health.incidents,
        )
        sentences.append(lasted % {"n": whole(health.incidents), "lasting": duration(health.incident_s)})
    story = [*heading(_("Kamera")), paragraph(" ".join(sentences), ABOVE_A_TABLE)]
    if len(health.worst) < 2:
        return story
    columns = [
        TableColumn(_("Paling lama tidak terpantau"), 150),
        TableColumn(_("Kecamatan"), 110),
        TableColumn(_("Tidak terpantau (menit)"), 90, right=True),
        TableColumn(_("Dari jam layanan"), 70, right=True),
        TableColumn(_("Gangguan"), 60, right=True),
    ]
    rows = (
        [part.name, part.kecamatan, in_minutes(part.unknown_s), share(percent(part.share)), whole(part.faults)]
        for part in health.worst
    )
    return [*story, table(columns, rows)]
