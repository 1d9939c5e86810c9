"""The list of who may enter the room, and who did, as PDF, in the active language."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from discipline.core import provenance
from discipline.core.pdf.document import pdf as pages
from discipline.core.pdf.flow import Flowable, heading, space
from discipline.core.pdf.styles import QUIET, SUBTITLE, TITLE, WARNING
from discipline.core.pdf.tables import TableColumn, table
from discipline.core.pdf.text import paragraph
from discipline.core.wording import calendar, hour, local, name_of
from discipline.incidents.room.models import RoomPass, RoomVisit
from discipline.reports.files import letterhead
from discipline.reports.numbers.numerals import NONE
from discipline.reports.numbers.places import Level, OrgUnit

FOOT = 60  # points from the page's lower edge


def pdf(passes: Sequence[RoomPass], visits: Sequence[RoomVisit], since: date, now: datetime) -> bytes:
    """Return the paper. `visits` are those since that day."""
    title, notice = _("Yang boleh masuk ruang kendali"), provenance.demo_notice()
    story = [
        *letterhead.letterhead(OrgUnit(Level.CITY)),
        paragraph(title, TITLE),
        paragraph(calendar(local(now)), SUBTITLE),
        paragraph(_("Yang tidak tercantum di sini tidak masuk."), QUIET),
    ]
    if notice:
        story.append(paragraph(notice, WARNING))
    story += [space(4), *_passes(passes), *_visits(visits, since)]
    return pages(title, story, partial(letterhead.foot, title=title, notice=notice, now=now), FOOT)


def _passes(passes: Sequence[RoomPass]) -> list[Flowable]:
    head = heading(_("Daftar nama"))
    if not passes:
        return [*head, paragraph(_("Belum ada nama."))]
    columns = [
        TableColumn(_("Nama"), 120),
        TableColumn(_("Instansi atau perusahaan"), 110),
        TableColumn(_("Alasan"), 130),
        TableColumn(_("Berlaku"), 100),
        TableColumn(_("Dicatat oleh"), 80),
    ]
    rows = [
        [one.name, one.body, one.reason, f"{_day(one.first)} – {_day(one.last)}", name_of(one.by)] for one in passes
    ]
    return [*head, table(columns, rows)]


def _visits(visits: Sequence[RoomVisit], since: date) -> list[Flowable]:
    head = heading(_("Yang masuk sejak %(day)s") % {"day": calendar(since)})
    if not visits:
        return [*head, paragraph(_("Belum ada yang masuk."))]
    columns = [
        TableColumn(_("Nama"), 110),
        TableColumn(_("Masuk"), 62),
        TableColumn(_("Keluar"), 62),
        TableColumn(_("Keperluan"), 140),
        TableColumn(_("Diizinkan oleh"), 80),
        TableColumn(_("Koreksi"), 80),
    ]
    rows = [
        [one.room_pass.name, _moment(one.came_at), _moment(one.left_at), one.purpose, name_of(one.let_in_by), one.note]
        for one in visits
    ]
    return [*head, table(columns, rows)]


def _day(day: date) -> str:
    return dateformat.format(day, "j M Y")


def _moment(at: datetime | None) -> str:
    return f"{dateformat.format(timezone.localtime(at), 'j M')} {hour(at)}" if at else NONE
