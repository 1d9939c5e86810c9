"""What makes a report a letter of its office: the arms and lines above, page numbers below, the evidence head, and room
to sign."""

import logging
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline.core.pdf.document import Book
from discipline.core.pdf.page import BOLD, INK, MARGIN, MAROON, MONO, SOFT, WIDTH, Sheet
from discipline.core.wording import calendar, hour, local
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.numbers.tables import ReportData
from discipline.reports.numbers.words import period_title
from streams.evidence import store
from streams.evidence.models import EvidenceHead

log = logging.getLogger(__name__)

ARMS = 52  # points, as high as wide at most
CITY = "Palembang"


class Signature(Protocol):
    """How far a month is on its way to be signed, as signing.signatures tells it; `sha256` is empty before that."""

    @property
    def word(self) -> str: ...
    @property
    def by_title(self) -> str: ...
    @property
    def by_name(self) -> str: ...
    @property
    def at(self) -> datetime | None: ...
    @property
    def sha256(self) -> str: ...
    @property
    def amendments(self) -> int: ...


def title(report: ReportData) -> str:
    return f"{_('Laporan kehadiran loket')}, {report.place.title}, {period_title(report.period)}"


def letterhead(page: Sheet, place: OrgUnit) -> None:
    """The city's arms and lines, and the office's own, as a letter of theirs begins."""
    first, *rest = settings.LETTERHEAD
    top = page.y
    tall = _arms(page, top)
    room: dict[str, Any] = {"x": ARMS + 14, "width": WIDTH - ARMS - 14} if tall else {}
    page.write(first, font=BOLD, size=12, colour=MAROON, most=1, **room)
    for line in _own_lines(place):
        page.write(line, font=BOLD, size=10.5, most=1, **room)
    for line in rest:
        page.write(line, size=8, colour=SOFT, most=2, **room)
    page.y = min(page.y, top - tall) - 6
    page.rule(MAROON, 1.6)
    page.y -= 2
    page.rule(MAROON, 0.5)
    page.y -= 12


def _arms(page: Sheet, top: float) -> float:
    if not settings.ARMS_FILE:
        return 0.0
    try:
        return page.picture(Path(settings.ARMS_FILE).read_bytes(), 0, top, ARMS, ARMS)
    except (OSError, ValueError) as error:  # Pillow's are ValueError or OSError
        log.warning("the arms of the letterhead can't be read: %s", error)
        return 0.0


def _own_lines(place: OrgUnit) -> list[str]:
    lines = []
    at: OrgUnit | None = place
    while at and at.level is not Level.CITY:
        if at.level is not Level.COUNTER:
            lines.append(at.title)
        at = at.above
    return lines[::-1]


def terms(floor: int) -> list[str]:
    """How the numbers are made and what they don't say."""
    return [
        _("Ketersediaan = menit berpetugas ÷ (jam layanan − tidak diketahui − dengan izin)."),
        _("Cakupan = menit yang teramati ÷ jam layanan. Di bawah %(floor)s %% tidak cukup data: loket tidak dinilai.")
        % {"floor": floor},
        _("Tidak diketahui: kamera tidak dapat menilai. Menit itu tidak pernah dihitung sebagai kosong."),
        _("Tenggang: kosong, tetapi belum melewati batas toleransi. Dengan izin: kosong yang dimaklumi camat."),
        _("Peringkat hanya bagi yang cukup datanya; yang sama angkanya berbagi peringkat."),
        _("Indikasi bukan bukti pelanggaran. Yang dinilai loket, bukan orang."),
    ]


def evidence_head(place: OrgUnit, period: Period) -> tuple[date, str] | None:
    """The last day of the period whose chains of evidence are sealed, with the hash to compare: an office's own newest
    link, or that over all offices. None before any."""
    sealed = EvidenceHead.objects.filter(local_day__gte=period.first, local_day__lte=period.last)
    if place.level in (Level.KELURAHAN, Level.COUNTER):
        own = sealed.filter(kelurahan__in=place.offices()).order_by("-local_day").first()
        return (own.local_day, own.hash) if own else None
    day = sealed.order_by("-local_day").values_list("local_day", flat=True).first()
    return (day, store.city_head(day)) if day else None


def signing(book: Book, place: OrgUnit, signature: Signature | None, now: datetime) -> None:
    """At the right, as letters end. Without a signature there is room for one by hand."""
    book.room(130)
    page, x = book.page, WIDTH * 0.56
    width = WIDTH - x
    page.y -= 18
    signed_at = signature.at if signature and signature.sha256 else None
    day = calendar(local(signed_at or now))
    page.write(_("%(city)s, %(day)s") % {"city": CITY, "day": day}, x=x, width=width, size=9, most=1)
    title = signature.by_title if signature else _signer(place)
    page.write(title, x=x, width=width, size=9, font=BOLD, most=2)
    if signature and signed_at:
        _signed(page, signature, signed_at, x, width)
        return
    page.y -= 56
    page.canvas.setStrokeColor(INK)
    page.canvas.setLineWidth(0.6)
    page.canvas.line(MARGIN + x, page.y, MARGIN + WIDTH, page.y)
    page.write(_("Nama dan NIP"), x=x, width=width, size=7, colour=SOFT, most=1)
    if signature:
        said = _("Di Sidak: %(state)s, belum ditandatangani.") % {"state": signature.word}
        page.write(said, x=x, width=width, size=7, colour=SOFT, most=1)


def _signer(place: OrgUnit) -> str:
    if place.level is Level.CITY:
        return _("Wali Kota %(city)s") % {"city": CITY}
    if place.level is Level.KECAMATAN:
        return _("Camat %(name)s") % {"name": place.name}
    return _("Lurah %(name)s") % {"name": place.offices().get().name}


def _signed(page: Sheet, signature: Signature, at: datetime, x: float, width: float) -> None:
    page.y -= 6
    page.write(signature.by_name, x=x, width=width, size=10, font=BOLD, most=2)
    said = _("Ditandatangani di Sidak %(day)s pukul %(at)s WIB.") % {"day": calendar(local(at)), "at": hour(at)}
    page.write(said, x=x, width=width, size=7.5, most=2)
    page.write(_("SHA-256 dari salinan yang dibekukan:"), x=x, width=width, size=7, colour=SOFT, most=1)
    half = len(signature.sha256) // 2
    for part in (signature.sha256[:half], signature.sha256[half:]):
        page.write(part, x=x, width=width, size=6.5, font=MONO, most=1)
    if signature.amendments:
        said = ngettext(
            "Sejak itu angkanya diubah %(n)s kali; lembar ini memuat angka yang sekarang.",
            "Sejak itu angkanya diubah %(n)s kali; lembar ini memuat angka yang sekarang.",
            signature.amendments,
        )
        page.write(said % {"n": signature.amendments}, x=x, width=width, size=7.5, font=BOLD, most=3)


def foot(page: Sheet, number: int, of: int, *, title: str, notice: str, now: datetime) -> None:
    page.rule()
    if notice:
        page.write(notice, size=8, font=BOLD, colour=MAROON, most=1)
    page.write(title, size=6.5, colour=SOFT, most=1)
    said = _("Halaman %(page)s dari %(pages)s · dibuat %(day)s pukul %(at)s WIB oleh Sidak")
    values = {"page": number, "pages": of, "day": calendar(local(now)), "at": hour(now)}
    page.write(said % values, size=6.5, colour=SOFT, most=1)
