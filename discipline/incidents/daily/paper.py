"""The daily report as PDF, in the active language."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from discipline.core import provenance
from discipline.core.pdf.document import pdf as pages
from discipline.core.pdf.flow import Flowable, beside, heading, rule, shares, space
from discipline.core.pdf.fonts import BOLD
from discipline.core.pdf.styles import MAROON, QUIET, SUBTITLE, TINY, TITLE, WARNING, style
from discipline.core.pdf.tables import TableColumn, table
from discipline.core.pdf.text import paragraph
from discipline.core.wording import hour, local, weekday
from discipline.incidents.daily.contents import DailyContents, ReportedShift
from discipline.reports.files import letterhead
from discipline.reports.numbers.numerals import NONE, whole
from discipline.reports.numbers.places import Level, OrgUnit

FOOT = 60  # points from the page's lower edge
MOST_ROWS = 300  # of a table
GAP = 12  # points between the numbers at the top
NUMBER = style(14, BOLD)


def pdf(day: DailyContents, now: datetime) -> bytes:
    """Return the report as PDF. `now` dates the paper."""
    title, notice = report_title(day), provenance.demo_notice()
    story = [
        *letterhead.letterhead(OrgUnit(Level.CITY)),
        paragraph(_("Laporan harian ruang kendali"), TITLE),
        paragraph(_span(day), SUBTITLE),
    ]
    if notice:
        story.append(paragraph(notice, WARNING))
    story += [space(6), _headline(day), *_incidents(day), *_tasks(day), *_residents(day), *_counters(day)]
    story += [*_troubles(day), *_shifts(day), *_notes(day)]
    return pages(title, story, partial(letterhead.foot, title=title, notice=notice, now=now), FOOT)


def report_title(day: DailyContents) -> str:
    """Return the title that the file bears."""
    return f"{_('Laporan harian ruang kendali')}, {weekday(local(day.since))}"


def _span(day: DailyContents) -> str:
    values = {
        "first": weekday(local(day.since)),
        "begin": hour(day.since),
        "last": weekday(local(day.until)),
        "end": hour(day.until),
    }
    return _("%(first)s pukul %(begin)s sampai %(last)s pukul %(end)s WIB") % values


def _headline(day: DailyContents) -> Flowable:
    """Return four numbers side by side."""
    opened = sum(one.opened_at >= day.since for one in day.incidents)
    still = sum(one.ended_at is None for one in day.incidents)
    kept, missed = sum(one.kept for one in day.tasks), sum(one.missed for one in day.tasks)
    boxes = (
        (_("Kejadian baru"), whole(opened), _("masih terbuka: %(n)s") % {"n": whole(still)}),
        (_("Tenggat tugas terlewat"), whole(missed), _("ditepati: %(n)s") % {"n": whole(kept)}),
        (
            _("Laporan warga masuk"),
            whole(day.residents.came) if day.residents else NONE,
            _("masih terbuka: %(n)s") % {"n": whole(day.residents.open if day.residents else None)},
        ),
        (
            _("Kamera terganggu"),
            whole(len({(one.place, one.camera) for one in day.troubles})),
            _("belum pulih: %(n)s") % {"n": whole(sum(one.ended_at is None for one in day.troubles))},
        ),
    )
    cells = [
        [
            rule(MAROON, 1.2, after=2),
            paragraph(title, TINY),
            paragraph(number, NUMBER),
            paragraph(below, TINY),
        ]
        for title, number, below in boxes
    ]
    return beside(cells, shares(len(cells), GAP), GAP)


def _incidents(day: DailyContents) -> list[Flowable]:
    title = _("Kejadian menurut jenis dan keadaan")
    if not day.incidents:
        return _nothing(title, _("Tidak ada kejadian."))
    states = list(dict.fromkeys(one.state for one in day.incidents))
    columns = [TableColumn(_("Jenis"), 130), *(TableColumn(state, 60, right=True) for state in states)]
    columns.append(TableColumn(_("Seluruhnya"), 60, right=True))
    kinds = day.by_kind()
    rows = [
        [kind, *(whole(found.get(state, 0)) for state in states), whole(sum(found.values()))] for kind, found in kinds
    ]
    total = [_("Seluruhnya"), *(whole(sum(found.get(state, 0) for _kind, found in kinds)) for state in states)]
    total.append(whole(len(day.incidents)))
    listed = [
        TableColumn(_("Nomor"), 40),
        TableColumn(_("Apa dan di mana"), 170, most=4),
        TableColumn(_("Keadaan"), 62),
        TableColumn(_("Dibuka"), 52),
        TableColumn(_("Diterima"), 52),
        TableColumn(_("Ditangani"), 52),
        TableColumn(_("Berakhir"), 52),
    ]
    lines = [
        [
            one.number,
            ", ".join(filter(None, (one.title, one.place))),
            one.state,
            *(_moment(at) for at in (one.opened_at, one.acknowledged_at, one.handled_at, one.ended_at)),
        ]
        for one in day.incidents
    ]
    return [
        *heading(title),
        table(columns, rows, total if len(rows) > 1 else ()),
        *_listed(_("Kejadian satu per satu"), listed, lines),
    ]


def _tasks(day: DailyContents) -> list[Flowable]:
    title = _("Tugas instansi")
    if not day.tasks:
        return _nothing(title, _("Tidak ada tugas."))
    numbers = (_("Diminta"), _("Diselesaikan"), _("Tenggat ditepati"), _("Tenggat terlewat"))
    columns = [TableColumn(_("Instansi"), 180), *(TableColumn(name, 76, right=True) for name in numbers)]
    rows = [[one.who, *map(whole, (one.asked, one.done, one.kept, one.missed))] for one in day.tasks]
    reading = _("Tenggat: diterima, di lokasi dan selesai, yang jatuh dalam masa ini.")
    return [*heading(title), table(columns, rows), paragraph(reading, TINY)]


def _residents(day: DailyContents) -> list[Flowable]:
    found = day.residents
    if found is None:
        return []
    columns = [
        TableColumn(name, 90, right=True)
        for name in (_("Masuk"), _("Diverifikasi"), _("Berakhir"), _("Lewat tenggat"), _("Masih terbuka"))
    ]
    story = [
        *heading(_("Laporan warga")),
        table(columns, [list(map(whole, (found.came, found.verified, found.ended, found.late, found.open)))]),
    ]
    if found.by_kind:
        words = ", ".join(f"{kind} {whole(number)}" for kind, number in found.by_kind)
        story.append(paragraph(_("Yang masuk menurut jenis: %(words)s.") % {"words": words}))
    return story


def _counters(day: DailyContents) -> list[Flowable]:
    title, found = _("Loket"), day.counters
    if found is None:
        return _nothing(title, _("Tidak ada jam layanan."))
    columns = [
        TableColumn(name, 100, right=True)
        for name in (_("Ketersediaan"), _("Cakupan"), _("Kosong tanpa izin"), _("Indikasi"))
    ]
    story = [
        *heading(title),
        table(columns, [[found.availability, found.coverage, found.absent, whole(found.indications)]]),
    ]
    if not found.counted:
        story.append(paragraph(_("Hari layanan belum selesai dihitung; angkanya masih dapat berubah."), QUIET))
    return story


def _troubles(day: DailyContents) -> list[Flowable]:
    title = _("Kamera yang terganggu")
    if not day.troubles:
        return _nothing(title, _("Tidak ada gangguan."))
    columns = [
        TableColumn(_("Tempat"), 130),
        TableColumn(_("Kamera"), 100),
        TableColumn(_("Sebab"), 150),
        TableColumn(_("Sejak"), 60),
        TableColumn(_("Pulih"), 60),
    ]
    rows = [[one.place, one.camera, one.cause, _moment(one.since), _moment(one.ended_at)] for one in day.troubles]
    return _listed(title, columns, rows)


def _shifts(day: DailyContents) -> list[Flowable]:
    title = _("Giliran jaga")
    if not day.shifts:
        return _nothing(title, _("Tidak ada giliran jaga."))
    columns = [
        TableColumn(_("Regu"), 60),
        TableColumn(_("Kepala"), 90),
        TableColumn(_("Mulai"), 56),
        TableColumn(_("Serah terima"), 120, most=4),
        TableColumn(_("Yang jaga menurut instansi"), 190, most=12),
    ]
    rows = [[one.squad, one.chief, _moment(one.started_at), _handover(one), _people(one)] for one in day.shifts]
    story = _listed(title, columns, rows)
    story.append(paragraph(_("Kunjungan ke ruang kendali: %(n)s.") % {"n": whole(day.visits)}))
    return story


def _handover(shift: ReportedShift) -> str:
    if shift.handed_over_at is None:
        return _("masih berjalan")
    made = _("diserahkan %(at)s") % {"at": _moment(shift.handed_over_at)}
    if shift.signed_at is None:
        return f"{made}, {_('belum ditandatangani')}"
    return f"{made}, {_('ditandatangani %(name)s') % {'name': shift.signed_by}} {_moment(shift.signed_at)}"


def _people(shift: ReportedShift) -> str:
    return "; ".join(f"{agency}: {', '.join(names)}" for agency, names in shift.people)


def _notes(day: DailyContents) -> list[Flowable]:
    title = _("Buku jaga")
    if not day.notes:
        return _nothing(title, _("Tidak ada catatan."))
    columns = [TableColumn(_("Waktu"), 60), TableColumn(_("Catatan"), 360, most=12), TableColumn(_("Oleh"), 90)]
    return _listed(title, columns, [[_moment(one.at), one.text, one.by] for one in day.notes])


def _listed(title: str, columns: Sequence[TableColumn], rows: Sequence[Sequence[str]]) -> list[Flowable]:
    """Return a heading and at most MOST_ROWS rows; how many were left out is said below."""
    story = [*heading(title), table(columns, rows[:MOST_ROWS])]
    if len(rows) > MOST_ROWS:
        story.append(paragraph(_("dan %(n)s lainnya") % {"n": whole(len(rows) - MOST_ROWS)}, QUIET))
    return story


def _nothing(title: str, words: str) -> list[Flowable]:
    return [*heading(title, needs=30), paragraph(words)]


def _moment(at: datetime | None) -> str:
    """Return a short date and the time of day: 29 Nov 07.12; a dash for None."""
    return f"{dateformat.format(timezone.localtime(at), 'j M')} {hour(at)}" if at else NONE
