"""The PDF of a finished spot check: each office with its mark, note and pictures, and the draw behind them."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from discipline.core.pdf.document import pdf
from discipline.core.pdf.flow import Flowable, beside, box, heading, rule, shares, space, together
from discipline.core.pdf.flow import picture as fitting
from discipline.core.pdf.fonts import BOLD, MONO
from discipline.core.pdf.styles import (
    AUTHORITY,
    BODY,
    LEAD,
    MAROON,
    QUIET,
    SMALL,
    SOFT,
    STRONG,
    TINY,
    TITLE,
    WIDTH,
    style,
)
from discipline.core.pdf.tables import TableColumn, table
from discipline.core.pdf.text import paragraph
from discipline.core.wording import calendar, clock, deadline, hour, local, name_of, weekday, with_role
from discipline.spotchecks import result as spotcheck_result
from discipline.spotchecks import snapshots
from discipline.spotchecks.models import SpotCheck, SpotPicture
from discipline.spotchecks.result import OfficeResult, RepeatedDraw
from discipline.staffing import words as staffing_words
from streams.pixels.jpeg import decode_jpeg, encode_jpeg, narrowed

FOOT = 62  # points from the page's lower edge to the content
PICTURE, HIGH = 176, 112  # points: width and height of the large picture
SMALL_HIGH = 72  # points: height of the small ones
PX = 640  # pixels: widest that is embedded
GAP = 12  # points between columns
MOST_PICTURES = 3  # of one office
MOST_LINES = 24  # of a note: an office with pictures stays on one page
OFFICE, FINGERPRINT = style(10.4, BOLD), style(5.6, MONO, SOFT)
NATURE, SEED = style(7.6, BOLD), style(8, MONO, after=3)


def sheet(check: SpotCheck, parts: Sequence[OfficeResult], drawing: RepeatedDraw | None, now: datetime) -> bytes:
    """Return a PDF of A4 pages. `parts` are the offices that its reader may see."""
    title = _("Hasil inspeksi nomor %(number)s") % {"number": check.pk}
    story = _head(check, parts, title)
    for part in parts:
        story += _stop(part)
    if drawing:
        story += _drawing(drawing)
    return pdf(title, story, partial(_foot, check=check, now=now), FOOT)


def _foot(number: int, pages: int, *, check: SpotCheck, now: datetime) -> list[Flowable]:
    nature = _("Temuan adalah pengamatan atas loket pada satu saat, bukan bukti pelanggaran seseorang.")
    numbered = _("Inspeksi nomor %(number)s · halaman %(page)s dari %(pages)s · dicetak %(day)s pukul %(at)s WIB")
    values = {"number": check.pk, "page": number, "pages": pages, "day": calendar(local(now)), "at": hour(now)}
    return [rule(after=1), paragraph(nature, NATURE), paragraph(numbered % values, TINY)]


def _head(check: SpotCheck, parts: Sequence[OfficeResult], title: str) -> list[Flowable]:
    ended = check.finished_at or check.started_at
    about = _("%(day)s, pukul %(start)s sampai %(end)s WIB, oleh %(by)s · %(how)s") % {
        "day": weekday(local(check.started_at)),
        "start": hour(check.started_at),
        "end": hour(ended),
        "by": with_role(name_of(check.by), check.get_role_display()),
        "how": check.get_how_display(),
    }
    counts = " · ".join(f"{mark.label} {number}" for mark, number in spotcheck_result.count_marks(parts))
    lines = [
        paragraph(_("Pemerintah Kota Palembang"), AUTHORITY),
        rule(MAROON, 1.4, before=4, after=4),
        paragraph(title, TITLE),
        paragraph(about, QUIET),
        paragraph(counts or _("Belum ada kantor yang diperiksa."), LEAD),
    ]
    if check.reason:
        lines.append(paragraph(_("Alasan di luar jam layanan: %(reason)s") % {"reason": check.reason}, QUIET))
    return [*lines, space(8)]


def _stop(part: OfficeResult) -> list[Flowable]:
    """Return an office, kept on one page: the picture on the left, mark and note on the right."""
    taken = [picture for picture in part.pictures if not picture.destroyed_at][:MOST_PICTURES]
    width = WIDTH - PICTURE - GAP if taken else WIDTH
    text = _description(part, taken, width)
    inside = [beside([_picture(taken[0], PICTURE, HIGH), text], [PICTURE, width], GAP)] if taken else text
    return [together([rule(after=6), *inside, space(10)])]


def _description(part: OfficeResult, taken: Sequence[SpotPicture], width: float) -> list[Flowable]:
    stop, office = part.stop, part.stop.office
    place = _("%(place)s. %(office)s, Kecamatan %(kecamatan)s")
    named = {"place": stop.place, "office": office.name, "kecamatan": office.area.name}
    lines = [paragraph(place % named, OFFICE)]
    lines += [paragraph(text, STRONG if bold else BODY, MOST_LINES, width) for text, bold in _sentences(part)]
    lines += [paragraph(f"{clock(shot.entry.entered_at)} SHA-256 {shot.sha256}", FINGERPRINT) for shot in taken]
    if len(taken) > 1:
        widths = shares(MOST_PICTURES - 1, GAP, width)
        more = [_picture(shot, widths[0], SMALL_HIGH) for shot in taken[1:]]
        lines += [space(5), beside([*more, []][: len(widths)], widths, GAP)]
    return lines


def _sentences(part: OfficeResult) -> list[tuple[str, bool]]:
    """Return the sentences beside a picture, and whether each is bold."""
    stop = part.stop
    sentences: list[tuple[str, bool]] = []
    if not stop.mark or stop.marked_at is None:
        return [(_("Belum diperiksa"), False)]
    sentences.append((f"{stop.get_mark_display()} · {clock(stop.marked_at)} WIB", True))
    if part.system_state:
        state = staffing_words.STATES[part.system_state]
        sentences.append((_("Menurut sistem saat itu: %(state)s") % {"state": state}, False))
    if part.items:
        sentences.append((", ".join(str(item.label) for item in part.items), False))
    if stop.note:
        sentences.append((stop.note, False))
    if part.off_duty:
        sentences.append((_("Di luar jam layanan, jadi tidak menjadi temuan."), False))
    if part.finding:
        until = part.finding.answer_by
        word = part.finding.get_status_display()
        if until and part.finding.status in ("waiting", "returned"):
            word = _("%(status)s, paling lambat %(day)s") % {"status": word, "day": deadline(until, full=True)}
        sentences.append(
            (_("Temuan nomor %(number)s: %(status)s") % {"number": part.finding.pk, "status": word}, False)
        )
    return sentences


def _picture(picture: SpotPicture, width: float, height: float) -> Flowable:
    """Return the copy that may be shown, or a box with the reason why there is none."""
    try:
        data = snapshots.read_blurred(picture) if picture.shown_path else b""
    except snapshots.SnapshotAltered:
        return box(_("Berkas hilang atau berubah."), width, height)
    if not data:
        return box(_("Sedang disiapkan."), width, height)
    image = decode_jpeg(data)
    assert image is not None  # the SHA-256 matched, and the worker encoded it
    return fitting(encode_jpeg(narrowed(image, PX), 82), width, height)


def _drawing(drawing: RepeatedDraw) -> list[Flowable]:
    drawn = _("%(count)s dari %(candidates)s kantor, aturan nomor %(rule)s. Benih:")
    counts = {"count": drawing.count, "candidates": drawing.candidates, "rule": drawing.rule}
    columns = [
        TableColumn(_("Giliran"), 40),
        TableColumn(_("Kode"), 76),
        TableColumn(_("Kantor"), 140),
        TableColumn(_("Hari sejak inspeksi"), 70, right=True),
        TableColumn(_("Indikasi"), 50, right=True),
        TableColumn(_("Bobot"), 50, right=True),
        TableColumn(_("Nilai"), 70, right=True),
    ]
    rows = (
        [
            str(turn.place),
            turn.code,
            turn.name,
            _("belum pernah") if turn.unchecked_days is None else str(turn.unchecked_days),
            str(turn.troubles),
            str(turn.weight),
            number_format(turn.turn, 6),
        ]
        for turn in drawing.turns
        if turn.drawn
    )
    return [
        *heading(_("Undian ini dapat dihitung ulang")),
        paragraph(drawn % counts, SMALL),
        paragraph(drawing.seed, SEED),
        table(columns, rows),
    ]
