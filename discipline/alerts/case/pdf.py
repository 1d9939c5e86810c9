"""One indication as a PDF of one A4 page, to be read, signed and filed by people who never saw the system."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import cv2
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discipline.alerts.case import sentences
from discipline.alerts.case.explanation import DESTROYED, PREPARING, READY, EvidenceItem, Explanation, explain
from discipline.alerts.case.pdf_timeline import SHOT, FilmStrip
from discipline.alerts.models import Alert
from discipline.core.pdf.document import frame_height, pdf
from discipline.core.pdf.flow import Flowable, as_many, beside, box, grid, height, picture, rule, shares, space
from discipline.core.pdf.fonts import BOLD, MONO
from discipline.core.pdf.styles import (
    AUTHORITY,
    LEAD,
    MAROON,
    QUIET,
    SOFT,
    TINY,
    TITLE,
    WARNING,
    WIDTH,
    style,
)
from discipline.core.pdf.tables import TableColumn, table
from discipline.core.pdf.text import paragraph
from discipline.core.provenance import demo_notice, is_made_up
from discipline.core.wording import calendar, clock, hour, local
from discipline.staffing import words as staffing_words
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.pixels.jpeg import decode_jpeg, encode_jpeg

FOOT = 70  # height of the footer above the page's lower edge, in points
STILL_PX, SHOT_PX = 420, 180  # widths of embedded pictures
MOST_SHOTS, MOST_FLIPS = 8, 6
MOST_SENTENCES = 6  # in each part of the explanation
# Font size and lines per sentence of the explanation; the first that fits is used.
SET_IN = ((8, 3), (7.4, 3), (6.8, 3), (6.4, 2), (6.4, 1))
FULL_SIZES = 3  # try so many of SET_IN before files are left out to make room for the explanation
LEAST_DECIDED, LEAST_FILES = 38, 56  # points reserved for decisions and files, so that some of each are always shown
GAP, COLUMN_GAP = 8, 18  # points
NUMBER, HASH = 26, 230.5  # widths of columns in the list of files, in points
DECIDED = gettext_lazy("Penjelasan dan keputusan")
FILES = gettext_lazy("Berkas pada lembar ini: nomor dalam rantai bukti kantor, isi, dan sidik SHA-256")
HEAD = style(8.8, BOLD, MAROON, before=5, after=1)
MOMENT, MOMENT_AT = style(7.2, BOLD), style(7.2)
DECISION, FILE, FINGERPRINT = style(7.6), style(6.6), style(6, MONO)
NATURE, CHAIN_HEAD = style(8.4, BOLD), style(6.4, MONO, SOFT)


def sheet(alert: Alert, now: datetime, history: Sequence[str] = ()) -> bytes:
    """Return a PDF of one A4 page. `history` is the explanations and decisions, a line each.

    The head, the stills and the timeline always fit. If the rest is more than the page holds, the explanation is set
    smaller, and each list ends with the number of entries left out.
    """
    why = explain(alert, now, width=round(WIDTH), picture=SHOT, most=MOST_SHOTS)
    stills, shown = _stills(why) if why.accuses else ([], [])
    film, in_film = _film(why)
    files = _files([*shown, *in_film])
    above, flips = [*_head(why), *stills, *film], _flips(why)
    decisions = [paragraph(line, DECISION, most=2) for line in history]
    all_files = height(_listed(FILES, files))
    least = min(LEAST_DECIDED, height(_listed(DECIDED, decisions)))
    room = frame_height(FOOT) - height(above) - height(flips) - 1  # a point against rounding
    explained = _explained(why, room - least - all_files, room - least - min(LEAST_FILES, all_files))
    room -= height(explained)
    decided = _listed(DECIDED, decisions, max(room - all_files, least))
    room -= height(decided)
    story = [*above, *explained, *flips, *decided, *_listed(FILES, files, room)]
    title = f"{alert.get_kind_display()}, {sentences.place(alert)}"
    return pdf(title, story, lambda _number, _pages: _foot(why, now), FOOT)


def _head(why: Explanation) -> list[Flowable]:
    alert = why.alert
    office = alert.counter.office
    number = _("%(office)s, Kecamatan %(kecamatan)s (%(code)s) · Sidak, indikasi nomor %(number)s") % {
        "office": office.office_title,
        "kecamatan": office.area.name,
        "code": office.code,
        "number": alert.pk,
    }
    lines = [
        paragraph(_("Pemerintah Kota Palembang"), AUTHORITY),
        paragraph(number, QUIET, most=3),
        rule(MAROON, 1.4, before=4, after=4),
        paragraph(str(alert.get_kind_display()), TITLE),
    ]
    if is_made_up(alert.since):
        lines.append(paragraph(demo_notice(), WARNING))
    lines.append(paragraph(why.headline, LEAD, most=3))
    if why.ending:
        lines.append(paragraph(why.ending, QUIET, most=2))
    if alert.superseded_by:
        judged = _("Kekosongan yang sama dinilai dalam indikasi yang lebih akhir:")
        later = f"{judged} {alert.superseded_by.get_kind_display()} ({alert.superseded_by.pk})"
        lines.append(paragraph(later, QUIET, most=2))
    return [*lines, space(5)]


def _stills(why: Explanation) -> tuple[list[Flowable], list[Evidence]]:
    """Return the moments side by side, the drawn pictures above the plain ones; and the files shown."""
    if not why.recorded:
        return [paragraph(_("Untuk indikasi ini tidak ada gambar yang terekam."), QUIET)], []
    widths = shares(len(why.stills), GAP)
    width, shown = widths[0], []
    rows: list[list[object]] = [[_moment(item) for item in why.stills]]
    for form in (Evidence.Form.DRAWN, Evidence.Form.PLAIN):
        cells: list[object] = []
        for item in why.stills:
            row = item.drawn if form == Evidence.Form.DRAWN else item.plain
            data = _jpeg(row, STILL_PX) if row else b""
            if row and data:
                shown.append(row)
                cells.append(picture(data, width, width * 0.75))
            else:
                cells.append(_missing(item, width) if row or not item.best else [])
        rows.append(cells)
    return [grid(rows, widths, GAP, below=4)], shown


def _moment(item: EvidenceItem) -> list[Flowable]:
    at = f"{clock(item.at)} WIB" if item.at else "–"
    return [paragraph(str(item.kind.label), MOMENT), paragraph(at, MOMENT_AT)]


def _missing(item: EvidenceItem, width: float) -> Flowable:
    note = {
        READY: _("Berkas hilang atau berubah sejak direkam."),
        PREPARING: _("Sedang disiapkan."),
        DESTROYED: _("Sudah dimusnahkan."),
    }.get(item.state, _("Tidak terekam."))
    return box(note, width, width * 9 / 16)


def _jpeg(row: Evidence, px: int) -> bytes:
    """Return the picture as JPEG, `px` wide; empty when the file is missing or its hash differs from the record's."""
    try:
        data = store.path_of(row).read_bytes()
    except OSError:
        return b""
    image = decode_jpeg(data)
    if image is None or hashlib.sha256(data).hexdigest() != row.sha256:
        return b""
    small = cv2.resize(image, (px, max(1, round(image.shape[0] * px / image.shape[1]))), interpolation=cv2.INTER_AREA)
    return encode_jpeg(small, 82)


def _film(why: Explanation) -> tuple[list[Flowable], list[Evidence]]:
    """Return the timeline with its pictures; and the files shown."""
    pictures, shown = [], []
    for shot, item in why.shots:
        data = _jpeg(item.best, SHOT_PX) if item.best else b""
        if item.best and data:
            pictures.append((shot, data))
            shown.append(item.best)
    return [paragraph(_("Lini masa"), HEAD), FilmStrip(why.film, pictures, fault=why.fault)], shown


def _explained(why: Explanation, room: float, most_room: float) -> list[Flowable]:
    """Return rule, hours, camera and recheck in the largest setting that fits.

    The first FULL_SIZES settings must fit into `room` points; if none does, all settings are tried with `most_room`,
    and the last is used if none fits.
    """
    blind = [
        f"{clock(s.started_at)}–{clock(s.ended_at)} {staffing_words.look_word(s.look, s.reason)}"
        for s in why.visibility.blind[:3]
    ]
    parts: list[tuple[str, Sequence[str]]] = [
        (_("Aturan yang dipakai"), [*why.rule, why.rule_source]),
        (_("Jam layanan hari itu"), why.hours),
        (_("Keadaan kamera"), [*why.seen, *blind]),
        (_("Dihitung ulang"), [why.rechecked]),
    ]
    if why.fault:
        parts.append((_("Yang perlu dilakukan"), [why.advice]))
    attempts = [(setting, room) for setting in SET_IN[:FULL_SIZES]] + [(setting, most_room) for setting in SET_IN]
    layouts = ((_columns(parts, *setting), points) for setting, points in attempts)
    return next((columns for columns, points in layouts if height(columns) <= points), _columns(parts, *SET_IN[-1]))


def _columns(parts: Sequence[tuple[str, Sequence[str]]], size: float, most: int) -> list[Flowable]:
    """Return parts as headings with sentences, two parts side by side; `most` lines per sentence."""
    widths, letters = shares(2, COLUMN_GAP), style(size)
    cells = [
        [
            paragraph(title, HEAD),
            *(paragraph(sentence, letters, most, widths[0]) for sentence in texts[:MOST_SENTENCES]),
        ]
        for title, texts in parts
    ]
    return [beside([*cells[n : n + 2], []][:2], widths, COLUMN_GAP, before=4) for n in range(0, len(cells), 2)]


def _flips(why: Explanation) -> list[Flowable]:
    if not why.flips:
        return []
    columns = [
        TableColumn(_("Pukul (WIB)"), 60),
        TableColumn(_("Dari"), 90),
        TableColumn(_("Menjadi"), 90),
        TableColumn(_("Sebab"), 150),
        TableColumn(_("Tercatat"), 60),
    ]
    rows = [
        [
            clock(flip.at),
            str(staffing_words.STATES[flip.old]),
            str(staffing_words.STATES[flip.new]),
            str(staffing_words.REASONS.get(flip.reason, "")),
            clock(flip.noticed_at),
        ]
        for flip in why.flips[:MOST_FLIPS]
    ]
    lines = [paragraph(_("Perubahan keadaan"), HEAD), table(columns, rows, compact=True)]
    return lines if len(why.flips) <= MOST_FLIPS else [*lines, _more(len(why.flips) - MOST_FLIPS)]


def _files(shown: Sequence[Evidence]) -> list[Flowable]:
    """Return a line for each file on the sheet: its number in the evidence chain, content and SHA-256."""
    lines: list[Flowable] = []
    for row in {row.pk: row for row in shown}.values():
        root = row.of or row
        what = f"{Evidence.Kind(root.kind).label} {clock(root.at)}, {row.get_form_display()}"
        cells = [paragraph(str(row.number), FILE), paragraph(what, FILE), paragraph(row.sha256, FINGERPRINT)]
        lines.append(beside(cells, [NUMBER, WIDTH - NUMBER - HASH, HASH]))
    return lines


def _listed(title: str | Promise, lines: Sequence[Flowable], room: float = float("inf")) -> list[Flowable]:
    """Return the title and as many lines as fit into `room` points; nothing without lines or room for one."""
    headed: list[Flowable] = [paragraph(str(title), HEAD)]
    if not lines or height([*headed, _more(1)]) > room:
        return []
    return [*headed, *as_many(lines, room - height(headed), _more)]


def _more(left: int) -> Flowable:
    return paragraph(_("… dan %(n)s lagi, lihat halaman indikasi.") % {"n": left}, TINY)


def _foot(why: Explanation, now: datetime) -> list[Flowable]:
    alert = why.alert
    number, head = store.chain_head(alert.counter.place_id)
    lines = [rule(after=2), paragraph(why.nature, NATURE, most=2)]
    if number:
        lines.append(
            paragraph(_("Nilai terakhir rantai bukti kantor ini: nomor %(number)s") % {"number": number}, TINY)
        )
        lines.append(paragraph(head, CHAIN_HEAD))
    printed = _("Dicetak %(day)s pukul %(at)s WIB dari indikasi nomor %(number)s.")
    values = {"day": calendar(local(now)), "at": hour(now), "number": alert.pk}
    return [*lines, paragraph(printed % values, TINY)]
