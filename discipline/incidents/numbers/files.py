"""A month's numbers as files and mails, which the rooms of reports keep and send."""

from datetime import datetime
from typing import IO, Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discipline.incidents.models import Incident
from discipline.incidents.numbers import paper
from discipline.incidents.numbers.counting import MonthNumbers, bounds, month_numbers
from discipline.incidents.numbers.table_rows import place_columns, times_columns
from discipline.incidents.tasks.models import Task
from discipline.reports.files.other_rooms.registry import OtherReport
from discipline.reports.files.workbook import SheetTable, write_tables
from discipline.reports.numbers.numerals import whole
from discipline.reports.numbers.period import Period
from streams.servers.repeatable_read import repeatable_read


def write_pdf(month: Period, now: datetime, file: IO[bytes]) -> None:
    """Write the month as PDF, in the active language."""
    file.write(paper.pdf(_numbers(month, now), now))


def write_xlsx(month: Period, now: datetime, file: IO[bytes]) -> None:
    """Write the month as XLSX, in the active language."""
    found = _numbers(month, now)
    sheets: list[SheetTable[Any]] = [
        SheetTable(_("Jenis"), times_columns(_("Jenis")), found.kinds),
        SheetTable(_("Kecamatan"), times_columns(_("Kecamatan")), found.kecamatan),
        SheetTable(_("Instansi"), times_columns(_("Instansi"), of_tasks=True), found.agencies),
        SheetTable(_("Laporan warga"), place_columns(found.floor), found.places),
    ]
    write_tables(file, paper.numbers_title(found), sheets, now)


def sentences(month: Period, now: datetime) -> list[str]:
    """Return what a mail tells of the month, in the active language: at most three sentences."""
    found = _numbers(month, now)
    lines = [paper.summary(found)]
    kept, missed = sum(line.kept for line in found.agencies), sum(line.missed for line in found.agencies)
    if found.agencies:
        lines.append(
            _("Tenggat tugas: %(kept)s ditepati, %(missed)s terlewat.") % {"kept": whole(kept), "missed": whole(missed)}
        )
    if found.places:
        most = found.places[0]
        words = {"place": most.name, "n": whole(most.reports)}
        lines.append(_("Laporan warga tentang kantor terbanyak: %(place)s, %(n)s.") % words)
    return lines


def has_any(month: Period) -> bool:
    """Return whether an incident was opened or a task asked for in the month."""
    since, until = bounds(month)
    return (
        Incident.objects.filter(opened_at__gte=since, opened_at__lt=until).exists()
        or Task.objects.filter(asked_at__gte=since, asked_at__lt=until).exists()
    )


def page(month: Period) -> str:
    """Return the path of the month's page."""
    return f"{reverse('incident-numbers')}?{urlencode({'bulan': month.key})}"


def _numbers(month: Period, now: datetime) -> MonthNumbers:
    with repeatable_read():
        return month_numbers(month, now)


MONTH = OtherReport(
    key="kejadian",
    name=gettext_lazy("Angka penanganan kejadian"),
    write={"pdf": write_pdf, "xlsx": write_xlsx},
    sentences=sentences,
    has_any=has_any,
    page=page,
)
