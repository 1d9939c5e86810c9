"""A finished spot check on paper: each office with its mark, note and pictures, and the draw behind them."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import cv2
import numpy as np
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from discipline.core.pdf.document import Book
from discipline.core.pdf.page import BOLD, LINE, MARGIN, MAROON, MONO, SOFT, WIDTH, Sheet
from discipline.core.wording import calendar, clock, hour, local, weekday
from discipline.spotchecks import result as spotcheck_result
from discipline.spotchecks import snapshots
from discipline.spotchecks.models import SpotCheck, SpotPicture
from discipline.spotchecks.result import OfficeResult, RepeatedDraw
from discipline.staffing import words as staffing_words

FLOOR = 62  # points: below it stands what is on every page
PICTURE, HIGH = 176, 112  # points
PX = 640  # pixels across, as printed
GAP = 12
MOST_PICTURES = 3  # of one office
A_STOP = HIGH + 16  # points that an office needs at least


def sheet(check: SpotCheck, parts: Sequence[OfficeResult], drawing: RepeatedDraw | None, now: datetime) -> bytes:
    """A PDF of A4 pages with these offices: those that its reader may see."""
    title = _("Hasil sidak nomor %(number)s") % {"number": check.pk}
    book = Book(title, FLOOR, partial(_foot, check=check, now=now))
    _head(book.page, check, parts)
    for part in parts:
        book.room(A_STOP)
        _stop(book.page, part)
    if drawing:
        book.room(150)
        _drawing(book, drawing)
    return book.done()


def _foot(page: Sheet, number: int, of: int, *, check: SpotCheck, now: datetime) -> None:
    page.rule()
    nature = _("Temuan adalah pengamatan atas loket pada satu saat, bukan bukti pelanggaran seseorang.")
    page.write(nature, size=7, font=BOLD, most=1)
    said = {"number": check.pk, "page": number, "pages": of, "day": calendar(local(now)), "at": hour(now)}
    page.write(
        _("Sidak nomor %(number)s · halaman %(page)s dari %(pages)s · dicetak %(day)s pukul %(at)s WIB") % said,
        size=6.5,
        colour=SOFT,
        most=1,
    )


def _head(page: Sheet, check: SpotCheck, parts: Sequence[OfficeResult]) -> None:
    page.write(_("Pemerintah Kota Palembang"), font=BOLD, size=10, colour=MAROON, most=1)
    page.y -= 4
    page.rule(MAROON, 1.4)
    page.y -= 4
    page.write(_("Hasil sidak nomor %(number)s") % {"number": check.pk}, font=BOLD, size=14, most=1)
    ended = check.finished_at or check.started_at
    page.write(
        _("%(day)s, pukul %(start)s sampai %(end)s WIB, oleh %(role)s (%(name)s) · %(how)s")
        % {
            "day": weekday(local(check.started_at)),
            "start": hour(check.started_at),
            "end": hour(ended),
            "role": check.get_role_display(),
            "name": check.by.get_full_name() or check.by.get_username(),
            "how": check.get_how_display(),
        },
        colour=SOFT,
        most=2,
    )
    told = " · ".join(f"{mark.label} {number}" for mark, number in spotcheck_result.count_marks(parts))
    page.write(told or _("Belum ada kantor yang diperiksa."), size=10.5, most=2)
    if check.reason:
        page.write(_("Alasan di luar jam layanan: %(reason)s") % {"reason": check.reason}, colour=SOFT, most=2)
    page.y -= 6


def _stop(page: Sheet, part: OfficeResult) -> None:
    """The picture on the left, what was said of it on the right."""
    page.rule(LINE)
    page.y -= 6
    top, stop = page.y, part.stop
    taken = [one for one in part.pictures if not one.destroyed_at][:MOST_PICTURES]
    tall = _draw(page, taken[0], 0, top, PICTURE, HIGH) if taken else 0.0
    x, width = (PICTURE + GAP, WIDTH - PICTURE - GAP) if taken else (0, WIDTH)
    place = _("%(place)s. %(office)s, Kecamatan %(kecamatan)s")
    named = {"place": stop.place, "office": stop.kelurahan.name, "kecamatan": stop.kelurahan.kecamatan.name}
    page.write(place % named, x=x, width=width, size=9.5, font=BOLD, most=2)
    for text, bold in _sentences(part):
        page.write(text, x=x, width=width, size=8, font=BOLD if bold else "Sidak", most=5)
    for one in taken:
        page.write(
            f"{clock(one.entry.said_at)} SHA-256 {one.sha256}", x=x, width=width, size=5.2, font=MONO, colour=SOFT
        )
    low = page.y
    for n, more in enumerate(taken[1:]):
        small = (width - GAP) / 2
        _draw(page, more, x + n * (small + GAP), low - 4, small, max(0.0, low - 4 - (top - HIGH)))
    if len(taken) > 1:
        low = min(low, top - HIGH)
    page.y = min(low, top - tall) - 8


def _sentences(part: OfficeResult) -> list[tuple[str, bool]]:
    """What is written beside a picture, and whether bold."""
    stop, said = part.stop, []
    if not stop.mark or stop.marked_at is None:
        return [(_("Belum diperiksa"), False)]
    said.append((f"{stop.get_mark_display()} · {clock(stop.marked_at)} WIB", True))
    if part.said:
        said.append((_("Menurut sistem saat itu: %(state)s") % {"state": staffing_words.STATES[part.said]}, False))
    if stop.note:
        said.append((stop.note, False))
    if part.off_duty:
        said.append((_("Di luar jam layanan, jadi tidak menjadi temuan."), False))
    if part.finding:
        until = part.finding.answer_by
        word = part.finding.get_status_display()
        if until and part.finding.status in ("waiting", "returned"):
            word = _("%(status)s, paling lambat %(day)s") % {"status": word, "day": calendar(local(until))}
        said.append((_("Temuan nomor %(number)s: %(status)s") % {"number": part.finding.pk, "status": word}, False))
    return said


def _draw(page: Sheet, picture: SpotPicture, x: float, top: float, width: float, height: float) -> float:
    """The shown form, or why there is none; returns the height taken."""
    try:
        data = snapshots.read_blurred(picture) if picture.shown_path else b""
    except snapshots.SnapshotAltered:
        return _empty(page, _("Berkas hilang atau berubah."), x, top, width, height)
    if not data:
        return _empty(page, _("Sedang disiapkan."), x, top, width, height)
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None  # its hash is that of what the worker encoded
    if image.shape[1] > PX:
        size = (PX, max(1, round(image.shape[0] * PX / image.shape[1])))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 82])[1].tobytes()
    return page.picture(jpeg, x, top, width, height)


def _empty(page: Sheet, said: str, x: float, top: float, width: float, height: float) -> float:
    page.canvas.setStrokeColor(LINE)
    page.canvas.setLineWidth(0.6)
    page.canvas.rect(MARGIN + x, top - height, width, height)
    y = page.y
    page.y = top - height / 2 + 6
    page.write(said, x=x + 6, width=width - 12, size=7, colour=SOFT, most=2)
    page.y = y
    return height


def _drawing(book: Book, drawing: RepeatedDraw) -> None:
    page = book.page
    page.heading(_("Undian ini dapat dihitung ulang"))
    page.write(
        _("%(count)s dari %(candidates)s kantor, aturan nomor %(rule)s. Benih:")
        % {"count": drawing.count, "candidates": drawing.candidates, "rule": drawing.rule},
        size=7.5,
        most=1,
    )
    page.write(drawing.seed, size=7.5, font=MONO, most=1)
    xs = (0, 34, 110, 270, 340, 400, 460)
    page.cells(
        [_("Giliran"), _("Kode"), _("Kantor"), _("Hari sejak sidak"), _("Indikasi"), _("Bobot"), _("Nilai")],
        xs,
        size=6.5,
        font=BOLD,
    )
    for turn in drawing.turns:
        if not turn.drawn:
            continue
        book.room(20)
        days = _("belum pernah") if turn.unchecked_days is None else str(turn.unchecked_days)
        cells = [
            str(turn.place),
            turn.code,
            turn.name,
            days,
            str(turn.troubles),
            str(turn.weight),
            number_format(turn.turn, 6),
        ]
        page.cells(cells, xs, size=6.5)
