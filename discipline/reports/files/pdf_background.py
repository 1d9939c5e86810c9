"""The part of a report's paper that stands behind its numbers: bands, causes, and how well the cameras saw."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline.core.pdf.flow import Flowable, heading
from discipline.core.pdf.styles import style
from discipline.core.pdf.tables import TableColumn, table
from discipline.core.pdf.text import paragraph
from discipline.core.wording import duration
from discipline.reports.numbers import background, tables
from discipline.reports.numbers.figures import percent
from discipline.reports.numbers.models import Band
from discipline.reports.numbers.numerals import NONE, in_minutes, share, whole
from discipline.reports.numbers.tables import ReportData

ABOVE_A_TABLE = style(8, after=3)


def background_part(report: ReportData) -> list[Flowable]:
    """Return the headings and tables; a part without anything to show is left out."""
    return [*_bands(report), *_causes(report), *_cameras(report)]


def _bands(report: ReportData) -> list[Flowable]:
    counts = sorted(tables.count_bands(report.place, report.period), key=lambda one: one.band.kind != Band.Kind.LATE)
    if not counts:
        return []
    columns = [
        TableColumn(_("Pita"), 90),
        TableColumn(_("Jenis"), 110),
        TableColumn(_("Menit"), 70),
        TableColumn(_("Hari loket"), 58, right=True),
        TableColumn(_("Dasar hukum"), 130, most=6),
    ]
    rows = []
    for one in counts:
        band, first, last = one.band, one.band.from_minute, one.band.to_minute
        length = f"{first}–{last}" if last else _("%(n)s ke atas") % {"n": first}
        kind, reference = str(band.get_kind_display()), band.reference or NONE
        rows.append([band.name, kind, length, whole(one.counter_days), reference])
    return [*heading(_("Pita keterlambatan buka dan pulang sebelum waktunya")), table(columns, rows)]


def _causes(report: ReportData) -> list[Flowable]:
    causes = background.count_causes(report.place, report.period)
    if not causes:
        return []
    columns = [
        TableColumn(_("Sebab"), 200),
        TableColumn(_("Indikasi"), 90, right=True),
        TableColumn(_("Dengan izin"), 90, right=True),
    ]
    rows = ([one.label, whole(one.number), whole(one.excused)] for one in causes)
    return [*heading(_("Sebab kekosongan menurut penjelasan")), table(columns, rows)]


def _cameras(report: ReportData) -> list[Flowable]:
    seen = background.camera_health(report.place, report.period)
    if not seen.duty_s:
        return []
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
    story = [*heading(_("Kamera")), paragraph(" ".join(said), ABOVE_A_TABLE)]
    if len(seen.worst) < 2:
        return story
    columns = [
        TableColumn(_("Paling lama tidak terlihat"), 150),
        TableColumn(_("Kecamatan"), 110),
        TableColumn(_("Tidak diketahui (menit)"), 90, right=True),
        TableColumn(_("Dari jam layanan"), 70, right=True),
        TableColumn(_("Gangguan"), 60, right=True),
    ]
    rows = (
        [one.name, one.kecamatan, in_minutes(one.unknown_s), share(percent(one.share)), whole(one.faults)]
        for one in seen.worst
    )
    return [*story, table(columns, rows)]
