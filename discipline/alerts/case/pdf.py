"""One indication on one sheet of paper: to be read, signed and kept by people who never saw the system."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import cv2
import numpy as np
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor

from discipline.alerts.case import sentences
from discipline.alerts.case.explanation import DESTROYED, PREPARING, READY, EvidenceItem, Explanation, explain
from discipline.alerts.case.timeline import DUTY, IndicationTimeline, TimelineBand
from discipline.alerts.models import Alert
from discipline.alerts.words import moment_word
from discipline.core.pdf.page import BOLD, INK, LINE, MARGIN, MAROON, MONO, SOFT, WIDTH, Sheet
from discipline.core.provenance import demo_notice, is_made_up
from discipline.core.wording import calendar, clock, hour, local
from discipline.staffing import words as staffing_words
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.pixels.occupancy import Look

FLOOR = 78  # points: below it stands what is on every sheet
STILL_PX, SHOT_PX = 420, 180
SHOT, SHOT_HIGH = 58, 33
MOST_SHOTS, MOST_FLIPS = 8, 6
WHITE = HexColor("#ffffff")
COLOURS = {Look.STAFFED: HexColor("#157347"), Look.EMPTY: HexColor("#c4161f")}


def sheet(alert: Alert, now: datetime, history: Sequence[str] = ()) -> bytes:
    """A PDF of one A4 page. `history`: what people decided, a line each."""
    why = explain(alert, now, width=WIDTH, picture=SHOT, most=MOST_SHOTS)
    page = Sheet(f"{alert.get_kind_display()}, {sentences.place(alert)}", FLOOR)
    _head(page, why)
    shown = _stills(page, why) if why.accuses else []
    shown += _film(page, why)
    blind = [
        f"{clock(s.started_at)}–{clock(s.ended_at)} {staffing_words.look_word(s.look, s.reason)}"
        for s in why.sight.blind[:3]
    ]
    page.columns([(_("Aturannya"), [*why.rule, why.rule_source]), (_("Jam layanan hari itu"), why.hours)])
    page.columns([(_("Keadaan kamera"), [*why.seen, *blind]), (_("Dihitung ulang"), [why.rechecked])])
    if why.fault:
        page.columns([(_("Yang perlu dilakukan"), [why.advice])])
    _flips(page, why)
    _history(page, history)
    _hashes(page, shown)
    _foot(page, why, now)
    return page.done()


def _head(page: Sheet, why: Explanation) -> None:
    alert = why.alert
    office = alert.counter.kelurahan
    page.write(_("Pemerintah Kota Palembang"), font=BOLD, size=10, colour=MAROON, most=1)
    page.write(
        _("Kelurahan %(office)s, Kecamatan %(kecamatan)s (%(code)s) · Sidak, indikasi nomor %(number)s")
        % {"office": office.name, "kecamatan": office.kecamatan.name, "code": office.code, "number": alert.pk},
        colour=SOFT,
        most=1,
    )
    page.y -= 4
    page.rule(MAROON, 1.4)
    page.y -= 4
    page.write(str(alert.get_kind_display()), font=BOLD, size=14, most=1)
    if is_made_up(alert.since):
        page.write(demo_notice(), font=BOLD, colour=MAROON, most=1)
    page.write(why.headline, size=10.5, most=3)
    if why.ending:
        page.write(why.ending, colour=SOFT, most=1)
    if alert.superseded_by:
        said = _("Kekosongan yang sama dinilai dalam indikasi yang lebih akhir:")
        page.write(f"{said} {alert.superseded_by.get_kind_display()} ({alert.superseded_by.pk})", colour=SOFT, most=1)
    page.y -= 4


def _stills(page: Sheet, why: Explanation) -> list[Evidence]:
    """The four moments side by side, drawn, and below them without lines. Returns the files shown."""
    shown: list[Evidence] = []
    if not why.recorded:
        page.write(_("Untuk indikasi ini tidak ada gambar yang terekam."), colour=SOFT)
        return shown
    width = (WIDTH - 3 * 8) / 4
    top = page.y
    for n, piece in enumerate(why.stills):
        page.y = top
        page.write(str(piece.kind.label), x=n * (width + 8), width=width, size=6.4, font=BOLD, most=1)
        page.write(f"{clock(piece.at)} WIB" if piece.at else "–", x=n * (width + 8), width=width, size=6.4, most=1)
    top = page.y - 3
    for form in (Evidence.Form.DRAWN, Evidence.Form.PLAIN):
        tallest = 0.0
        for n, piece in enumerate(why.stills):
            row = piece.drawn if form == Evidence.Form.DRAWN else piece.plain
            height = _draw(page, row, n * (width + 8), top, width, width * 0.75, STILL_PX) if row else 0.0
            if row and height:
                shown.append(row)
            elif row or not piece.best:
                height = width * 9 / 16
                _empty(page, piece, n * (width + 8), top, width, height)
            tallest = max(tallest, height)
        top -= tallest + 4
    page.y = top
    return shown


def _draw(page: Sheet, row: Evidence, x: float, top: float, width: float, height: float, px: int) -> float:
    """The height taken; 0 when the file is gone or is not the one that was recorded."""
    try:
        data = store.path_of(row).read_bytes()
    except OSError:
        return 0.0
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if image is None or hashlib.sha256(data).hexdigest() != row.sha256:
        return 0.0
    small = cv2.resize(image, (px, max(1, round(image.shape[0] * px / image.shape[1]))), interpolation=cv2.INTER_AREA)
    return page.picture(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 82])[1].tobytes(), x, top, width, height)


def _empty(page: Sheet, piece: EvidenceItem, x: float, top: float, width: float, height: float) -> None:
    page.canvas.setStrokeColor(LINE)
    page.canvas.setLineWidth(0.6)
    page.canvas.rect(MARGIN + x, top - height, width, height)
    said = {
        READY: _("Berkas hilang atau berubah sejak direkam."),
        PREPARING: _("Sedang disiapkan."),
        DESTROYED: _("Sudah dimusnahkan."),
    }.get(piece.state, _("Tidak terekam."))
    y = page.y
    page.y = top - height / 2 + 6
    page.write(said, x=x + 6, width=width - 12, size=7, colour=SOFT, most=2)
    page.y = y


def _film(page: Sheet, why: Explanation) -> list[Evidence]:
    """Pictures over the axis of time, what was seen, the hours, and the moments that count."""
    film, canvas, shown = why.film, page.canvas, []
    page.heading(_("Dari waktu ke waktu"))
    top = page.y - 2
    axis = top - (SHOT_HIGH + 8 if why.shots else 0) - 18
    for shot, piece in why.shots:
        row = piece.best
        if row and _draw(page, row, shot.x, top, SHOT, SHOT_HIGH, SHOT_PX):
            canvas.setStrokeColor(LINE)
            canvas.line(MARGIN + shot.x + SHOT / 2, top - SHOT_HIGH, MARGIN + shot.at_x, axis + 14)
            shown.append(row)
    for band in film.seen:
        _band(page, band, axis)
    for band in film.hours:
        canvas.setFillColor(SOFT if band.kind == DUTY else LINE)
        canvas.rect(MARGIN + band.x, axis - 5, band.width, 3, stroke=0, fill=1)
    page.y = axis - 5
    canvas.setFont("Sidak", 6)
    canvas.setFillColor(SOFT)
    for tick in film.ticks:
        if 14 < tick.x < film.width - 14:
            canvas.drawCentredString(MARGIN + tick.x, axis - 12, clock(tick.at))
    page.y = axis - 14
    _marks(page, film, axis, fault=why.fault)
    return shown


def _band(page: Sheet, band: TimelineBand, axis: float) -> None:
    canvas, tall = page.canvas, band.kind == Look.EMPTY
    canvas.setStrokeColor(SOFT)
    canvas.setLineWidth(0.4)
    low, high = (axis, 14) if tall else (axis + 2, 10)
    if band.kind in COLOURS:
        canvas.setFillColor(COLOURS[Look(band.kind)])
        canvas.rect(MARGIN + band.x, low, band.width, high, stroke=0, fill=1)
    else:
        canvas.rect(MARGIN + band.x, low, band.width, high)
        for step in range(4, band.width, 4):
            canvas.line(MARGIN + band.x + step - 4, low, MARGIN + band.x + step, low + high)
    word = staffing_words.look_word(band.kind, band.reason)
    if canvas.stringWidth(word, BOLD, 6.5) < band.width - 6:
        if band.kind not in COLOURS:
            canvas.setFillColor(WHITE)
            canvas.rect(MARGIN + band.x + 1, axis + 3, canvas.stringWidth(word, BOLD, 6.5) + 4, 8, stroke=0, fill=1)
        canvas.setFillColor(WHITE if band.kind in COLOURS else INK)
        canvas.setFont(BOLD, 6.5)
        canvas.drawString(MARGIN + band.x + 3, axis + 4.5, word)


def _marks(page: Sheet, film: IndicationTimeline, axis: float, *, fault: bool) -> None:
    page.canvas.setStrokeColor(INK)
    page.canvas.setFillColor(INK)
    for mark in film.marks:
        page.y -= 9
        text = f"{clock(mark.at)} {moment_word(mark.kind, fault=fault)}"
        page.canvas.setLineWidth(0.7)
        page.canvas.line(MARGIN + mark.x, axis + 16, MARGIN + mark.x, page.y)
        page.canvas.setFont(BOLD, 6.5)
        if mark.x > film.width - 130:
            page.canvas.drawRightString(MARGIN + mark.x - 3, page.y + 1, text)
        else:
            page.canvas.drawString(MARGIN + mark.x + 3, page.y + 1, text)
    page.y -= 2


def _flips(page: Sheet, why: Explanation) -> None:
    if not why.flips or not page.heading(_("Perubahan keadaan")):
        return
    columns = (0, 60, 150, 250, 400)
    page.cells([_("Pukul (WIB)"), _("Dari"), _("Menjadi"), _("Sebab"), _("Tercatat")], columns, font=BOLD)
    for flip in why.flips[:MOST_FLIPS]:
        old, new = str(staffing_words.STATES[flip.old]), str(staffing_words.STATES[flip.new])
        page.cells(
            [clock(flip.at), old, new, str(staffing_words.REASONS.get(flip.reason, "")), clock(flip.noticed_at)],
            columns,
        )
    _more(page, len(why.flips) - MOST_FLIPS)


def _history(page: Sheet, history: Sequence[str]) -> None:
    if history and page.heading(_("Penjelasan dan keputusan")):
        for number, line in enumerate(history):
            if page.y - page.floor < 60:  # room for the hashes
                _more(page, len(history) - number)
                return
            page.write(line, size=7.5, most=2)


def _hashes(page: Sheet, shown: Sequence[Evidence]) -> None:
    rows = list({row.pk: row for row in shown}.values())
    if not rows or not page.heading(
        _("Berkas pada lembar ini: nomor dalam rantai bukti kantor, isi, dan sidik SHA-256")
    ):
        return
    for number, row in enumerate(rows):
        if page.y - page.floor < 16 and number < len(rows) - 1:
            _more(page, len(rows) - number)
            return
        root = row.of or row
        what = f"{Evidence.Kind(root.kind).label} {clock(root.at)}, {row.get_form_display()}"
        page.cells([str(row.number), what], (0, 26), size=6)
        page.canvas.setFont(MONO, 5.6)
        page.canvas.drawRightString(MARGIN + WIDTH, page.y + 1.5, row.sha256)


def _more(page: Sheet, left: int) -> None:
    if left > 0:
        page.write(_("… dan %(n)s lagi, lihat halaman indikasi.") % {"n": left}, size=6.5, colour=SOFT, most=1)


def _foot(page: Sheet, why: Explanation, now: datetime) -> None:
    alert = why.alert
    number, head = store.chain_head(alert.counter.place_id)
    page.floor = 0
    page.y = FLOOR - 6
    page.rule()
    page.write(why.nature, font=BOLD, size=7.5, most=2)
    if number:
        page.write(
            _("Kepala rantai bukti kantor ini: nomor %(number)s") % {"number": number}, size=6.5, colour=SOFT, most=1
        )
        page.write(head, font=MONO, size=6, colour=SOFT, most=1)
    page.write(
        _("Dicetak %(day)s pukul %(at)s WIB dari indikasi nomor %(number)s.")
        % {"day": calendar(local(now)), "at": hour(now), "number": alert.pk},
        size=6.5,
        colour=SOFT,
        most=1,
    )
