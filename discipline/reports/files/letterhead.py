"""The letter around a report's PDF: letterhead, page foot, notes on reading, evidence head and signature block."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from discipline.core.pdf.flow import Flowable, beside, picture, rule, space
from discipline.core.pdf.fonts import BOLD
from discipline.core.pdf.styles import CODE, INK, MAROON, QUIET, SMALL, SMALL_STRONG, SUBTITLE, TINY, WIDTH, style
from discipline.core.pdf.text import paragraph
from discipline.core.wording import calendar, hour, local
from discipline.reports.numbers.period import Period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.reports.numbers.tables import ReportData
from discipline.reports.numbers.words import period_title
from offices.places.models import place_of
from streams.evidence import store
from streams.evidence.models import EvidenceHead

log = logging.getLogger(__name__)

ARMS = 52  # points, greatest width and height of the arms
ARMS_GAP = 14
SIGNING_GAP = 16  # points left of the signature
BY_HAND = 58  # points of room for a signature by hand
CITY_LINE = style(13, BOLD, MAROON)
SIGNING, SIGNER = style(9.5), style(9.5, BOLD)
SIGNED_BY = style(10.5, BOLD, before=6)
FOOT_NOTICE = style(8.4, BOLD, MAROON)
CITY = "Palembang"


class Signature(Protocol):
    """The state of a month's signature, as signing.signatures returns it; `at` is None and `sha256` empty before it."""

    @property
    def word(self) -> str:
        """The state in words."""

    @property
    def by_title(self) -> str:
        """The office that signs: "Camat Ilir Barat I"."""

    @property
    def by_name(self) -> str:
        """The full name of the person who signed."""

    @property
    def at(self) -> datetime | None:
        """The moment of the signature, aware."""

    @property
    def sha256(self) -> str:
        """The hash of the signed document in hexadecimal, 64 digits."""

    @property
    def amendments(self) -> int:
        """The number of amendments since."""


def title(report: ReportData) -> str:
    """Return the report's title with place and period, as PDF and XLSX bear it."""
    return f"{_('Laporan kehadiran loket')}, {report.place.title}, {period_title(report.period)}"


def letterhead(place: OrgUnit) -> list[Flowable]:
    """Return the city's arms and lines with those of the office, from its kecamatan down, and the rules below them."""
    first, *rest = settings.LETTERHEAD
    lines: list[Flowable] = [paragraph(first, CITY_LINE)]
    lines += [paragraph(line, SUBTITLE) for line in _own_lines(place)]
    lines += [paragraph(line, QUIET) for line in rest]
    arms = _arms()
    if arms:
        lines = [beside([arms, lines], [ARMS, WIDTH - ARMS - ARMS_GAP], ARMS_GAP)]
    return [*lines, rule(MAROON, 1.6, before=7), rule(MAROON, 0.5, before=1.6, after=12)]


def _arms() -> Flowable | None:
    if not settings.ARMS_FILE:
        return None
    try:
        return picture(Path(settings.ARMS_FILE).read_bytes(), ARMS, ARMS)
    except (OSError, ValueError) as error:  # Pillow raises both
        log.warning("Can't read ARMS_FILE for the letterhead: %s", error)
        return None


def _own_lines(place: OrgUnit) -> list[str]:
    lines = []
    at: OrgUnit | None = place
    while at and at.level is not Level.CITY:
        if at.level is not Level.COUNTER:
            lines.append(at.title)
        at = at.above
    return lines[::-1]


def terms(floor: int) -> list[str]:
    """Return the notes on how to read the numbers; `floor` is the least coverage in percent."""
    return [
        _("Ketersediaan = menit ada petugas ÷ (jam layanan − tidak terpantau − dengan izin)."),
        _("Cakupan = menit yang terpantau ÷ jam layanan. Di bawah %(floor)s %% tidak cukup data: loket tidak dinilai.")
        % {"floor": floor},
        _("Tidak terpantau: kamera tidak dapat melihat loket. Menit itu tidak pernah dihitung sebagai kosong."),
        _(
            "Masa toleransi: kosong, tetapi belum cukup lama untuk menjadi indikasi. Dengan izin: kosong yang "
            "dimaklumi camat."
        ),
        _("Peringkat hanya bagi yang cukup datanya; yang sama angkanya berbagi peringkat."),
        _("Indikasi bukan bukti pelanggaran. Yang dinilai loket, bukan orang."),
    ]


def evidence_head(place: OrgUnit, period: Period) -> tuple[date, str] | None:
    """Return the last day of the period with a sealed evidence chain, and the hash to compare.

    Of a kelurahan or a counter that is the office's own newest hash, else the hash over all offices. None when no day
    of the period is sealed.
    """
    sealed = EvidenceHead.objects.filter(local_day__gte=period.first, local_day__lte=period.last)
    if place.level in (Level.KELURAHAN, Level.COUNTER, Level.KECAMATAN_OFFICE):
        at = place_of(place.row.office if place.level is Level.COUNTER else place.row)
        own = sealed.filter(place=at).order_by("-local_day").first()
        return (own.local_day, own.hash) if own else None
    day = sealed.order_by("-local_day").values_list("local_day", flat=True).first()
    return (day, store.city_head(day)) if day else None


def signing(
    place: OrgUnit, signature: Signature | None, now: datetime, left_of_it: Sequence[Flowable] = ()
) -> list[Flowable]:
    """Return the signature block, at the right of `left_of_it`; unsigned, it has room for a signature by hand."""
    signed_at = signature.at if signature and signature.sha256 else None
    day = calendar(local(signed_at or now))
    lines: list[Flowable] = [
        paragraph(_("%(city)s, %(day)s") % {"city": CITY, "day": day}, SIGNING),
        paragraph(signature.by_title if signature else _signer(place), SIGNER),
    ]
    if signature and signed_at:
        lines += _signed(signature, signed_at)
    else:
        lines += [rule(INK, before=BY_HAND, after=2), paragraph(_("Nama dan NIP"), TINY)]
        if signature:
            lines.append(paragraph(_("Di Sidak: %(state)s, belum ditandatangani.") % {"state": signature.word}, TINY))
    left = WIDTH * 0.56
    return [space(18), beside([list(left_of_it), lines], [left - SIGNING_GAP, WIDTH - left], SIGNING_GAP)]


def _signer(place: OrgUnit) -> str:
    if place.level is Level.CITY:
        return _("Wali Kota %(city)s") % {"city": CITY}
    if place.level is Level.KECAMATAN:
        return _("Camat %(name)s") % {"name": place.name}
    if place.of_kecamatan_office:
        office = place.row.office if place.level is Level.COUNTER else place.row
        return _("Camat %(name)s") % {"name": office.area}
    return _("Lurah %(name)s") % {"name": place.offices().get().name}


def _signed(signature: Signature, at: datetime) -> list[Flowable]:
    signed_when = _("Ditandatangani di Sidak %(day)s pukul %(at)s WIB.") % {"day": calendar(local(at)), "at": hour(at)}
    half = len(signature.sha256) // 2
    lines = [
        paragraph(signature.by_name, SIGNED_BY),
        paragraph(signed_when, SMALL),
        paragraph(_("SHA-256 dari salinan yang dibekukan:"), TINY),
        paragraph(signature.sha256[:half], CODE),
        paragraph(signature.sha256[half:], CODE),
    ]
    if signature.amendments:
        changed = ngettext(
            "Sejak itu angkanya diubah %(n)s kali; lembar ini memuat angka yang sekarang.",
            "Sejak itu angkanya diubah %(n)s kali; lembar ini memuat angka yang sekarang.",
            signature.amendments,
        )
        lines.append(paragraph(changed % {"n": signature.amendments}, SMALL_STRONG))
    return lines


def foot(number: int, pages: int, *, title: str, notice: str, now: datetime) -> list[Flowable]:
    """Return the foot of a page: the title, the page's number and when the file was made; `notice` may be empty."""
    made = _("Halaman %(page)s dari %(pages)s · dibuat %(day)s pukul %(at)s WIB oleh Sidak")
    values = {"page": number, "pages": pages, "day": calendar(local(now)), "at": hour(now)}
    lines = [rule(after=1), paragraph(title, TINY, most=1), paragraph(made % values, TINY, most=1)]
    if notice:
        lines.insert(1, paragraph(notice, FOOT_NOTICE, most=1))
    return lines
