"""The berita acara of a case as a PDF for signature: what happened, what shows it, by which clocks, and the hashes."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from discipline.core import attachments
from discipline.core.pdf.document import pdf
from discipline.core.pdf.flow import Flowable, beside, grid, heading, picture, rule, shares, space, together
from discipline.core.pdf.styles import AUTHORITY, BODY, MAROON, QUIET, SMALL, SMALL_STRONG, TINY, TITLE, WIDTH
from discipline.core.pdf.tables import TableColumn, table
from discipline.core.pdf.text import paragraph
from discipline.core.wording import calendar, clock, local, name_of, weekday
from discipline.incidents.case_file import changes, contents, files
from discipline.incidents.case_file.models import BylawArticle, CaseFile, CasePart, CaseStep
from discipline.incidents.case_file.papers import clocks
from discipline.incidents.case_file.state_rule import CaseStepKind
from streams.evidence.recording.models import RecordedMinute
from streams.pixels.jpeg import decode_jpeg, encode_jpeg, narrowed

FOOT = 50
LABEL = 130.0  # points
PICTURE_HIGH = 110  # points
PX = 640  # pixels: widest that is embedded
A_ROW = 3  # pictures
MOST_PHOTOS = 6
SIGN_HIGH = 52  # points for a signature
DOTS = "." * 44

Rows = list[tuple[str, str]]


def sheet(case: CaseFile, letterhead: str, now: datetime) -> bytes:
    """Return the PDF, in the active language. The files that it lists must be there."""
    title = _("Berita acara pelanggaran nomor %(number)s") % {"number": case.number}
    story: list[Flowable] = [
        paragraph(letterhead, AUTHORITY),
        paragraph(case.agency.name, SMALL),
        rule(MAROON, 1.5, before=3, after=6),
        paragraph(title, TITLE),
        space(4),
        _facts(_event_rows(case)),
        *heading(_("Pasal yang dilanggar")),
        _facts(_article_rows(case.article)),
        paragraph(
            _("Sanksi dan besarnya denda diputuskan oleh sidang, bukan oleh berkas ini."),
            SMALL_STRONG,
        ),
        *heading(_("Yang melihat dan yang mengonfirmasi")),
        _facts(_people_rows(case)),
        *heading(_("Kedatangan petugas")),
        *_visits(case),
        *heading(_("Rekaman")),
        _facts(_recording_rows(case)),
        *_stills(case),
        *heading(_("Pernyataan tentang jam")),
        _facts([(line.what, line.said) for line in clocks.statement(case.clocks)]),
        *heading(_("Daftar berkas dan sidik SHA-256")),
        _sums(case),
        paragraph(
            _("Semuanya, berikut berita acara ini, terdaftar di SHA256SUMS dan diperiksa dengan sha256sum -c."), QUIET
        ),
        together(_ending(case)),
    ]

    def footer(number: int, pages: int) -> Sequence[Flowable]:
        printed = f"{calendar(local(now))}, {clock(now)} WIB"
        return [paragraph(f"{title} · {printed} · {number}/{pages}", TINY)]

    return pdf(title, story, footer, FOOT)


def moment(at: datetime) -> str:
    """Return day and time to the second in WIB."""
    return f"{weekday(local(at))}, {clock(at)} WIB"


def article_sureness(article: BylawArticle) -> str:
    """Return where the article's text is from and how sure it is."""
    return f"{article.get_certainty_display()}. {article.source}"


def in_force(article: BylawArticle) -> str:
    """Return from when until when the article is in force, in words."""
    unknown = _("belum diketahui")
    since = calendar(article.valid_from) if article.valid_from else unknown
    if article.valid_until:
        return _("%(since)s sampai %(until)s") % {"since": since, "until": calendar(article.valid_until)}
    return _("sejak %(since)s") % {"since": since}


def _event_rows(case: CaseFile) -> Rows:
    incident = case.incident
    place = incident.place
    rows = [
        (_("Kejadian"), f"{incident.number} {incident.title} ({incident.kind.name})"),
        (_("Saat pelanggaran"), moment(case.moment)),
        (_("Tempat"), ", ".join(text for text in (place.name if place else "", incident.address) if text) or "–"),
        (_("Koordinat"), f"{incident.latitude:.6f}, {incident.longitude:.6f}"),
    ]
    if incident.near:
        rows.append((_("Kecamatan"), f"{incident.near.kecamatan.name} ({_('menurut kantor kelurahan terdekat')})"))
    if incident.description:
        rows.append((_("Keterangan"), incident.description))
    rows.append((_("Alasan membuka berkas"), case.reason))
    return rows


def _article_rows(article: BylawArticle) -> Rows:
    return [
        (_("Peraturan"), article.bylaw),
        (_("Pasal"), article.article or _("belum diketahui")),
        (_("Isi"), article.text),
        (_("Berlaku"), in_force(article)),
        (_("Kepastian"), article_sureness(article)),
    ]


def _people_rows(case: CaseFile) -> Rows:
    confirmed = confirmation_of(case)
    waits = _("Belum dikonfirmasi orang kedua. Berkas ini belum dapat diserahkan.")
    return [
        (_("Melihat"), f"{name_of(case.seen_by)} ({case.incident.get_source_display()})"),
        (_("Mengonfirmasi"), f"{name_of(confirmed.by)}, {moment(confirmed.at)}" if confirmed else waits),
        (_("Membuka berkas"), f"{name_of(case.opened_by)}, {moment(case.opened_at)}"),
    ]


def confirmation_of(case: CaseFile) -> CaseStep | None:
    """Return the step in which the second person confirmed the case."""
    return case.steps.filter(kind=CaseStepKind.CONFIRMED.value).select_related("by").first()


def _visits(case: CaseFile) -> list[Flowable]:
    steps = contents.visits(case)
    if not steps:
        return [paragraph(_("Belum ada langkah petugas yang tercatat."), BODY)]
    columns = [TableColumn(_("Saat"), 150), TableColumn(_("Langkah"), 90), TableColumn(_("Petugas"), 100)]
    columns.append(TableColumn(_("Keterangan"), 150, most=6))
    rows = [(moment(one.happened_at), one.get_state_display(), name_of(one.by), one.text or "–") for one in steps]
    shown = [(name, attachments.path_of(photo).read_bytes()) for name, photo in contents.photos(case)][:MOST_PHOTOS]
    return [table(columns, rows), *_pictures(shown)]


def _recording_rows(case: CaseFile) -> Rows:
    evidence = contents.original_of(case)
    if evidence is None:
        return [(_("Tidak ada rekaman"), case.get_no_recording_display())]
    since, until = changes.span_of(case)
    words = dict(RecordedMinute.Gap.choices)
    gaps = [
        f"{clock(datetime.fromisoformat(one['from']))}–{clock(datetime.fromisoformat(one['until']))}"
        f" ({words[one['why']] if one['why'] else _('sebabnya belum diketahui')})"
        for one in evidence.facts["gaps"]
    ]
    left_out = [_("%(path)s hilang atau berubah") % {"path": one["path"]} for one in evidence.facts.get("left_out", [])]
    return [
        (_("Kamera"), case.camera_name),
        (_("Rentang"), f"{moment(since)} – {clock(until)} WIB"),
        (_("Nomor dalam rantai bukti"), f"{evidence.place.name} no. {evidence.number}"),
        (_("Sela"), "; ".join(gaps + left_out) or _("Tidak ada sela.")),
        (
            _("Salinan"),
            _("Di dalam salinan semua kepala yang ditemukan disembunyikan. Klip aslinya utuh, tanpa suara."),
        ),
    ]


def _stills(case: CaseFile) -> list[Flowable]:
    parts = case.parts.filter(kind=CasePart.Kind.HIDDEN).select_related("still__by").order_by("name")
    shown = []
    for part in parts:
        still = part.still
        assert still is not None
        seconds = f"{still.at_s:.1f}".replace(".", ",")
        about = _("Detik %(seconds)s: %(note)s (dipilih %(by)s)")
        words = about % {"seconds": seconds, "note": still.note, "by": name_of(still.by)}
        shown.append((words, files.path_of(part).read_bytes()))
    return _pictures(shown)


def _pictures(shown: Sequence[tuple[str, bytes]]) -> list[Flowable]:
    widths = shares(A_ROW, 10)
    story: list[Flowable] = []
    for first in range(0, len(shown), A_ROW):
        row = [_picture(words, data, widths[0]) for words, data in shown[first : first + A_ROW]]
        row += [[]] * (A_ROW - len(row))
        story.append(beside(row, widths, 10, before=6))
    return story


def _picture(words: str, data: bytes, width: float) -> list[Flowable]:
    image = decode_jpeg(data)
    if image is None:  # a PDF or PNG that an officer attached
        return [paragraph(words, TINY, 3, width)]
    return [picture(encode_jpeg(narrowed(image, PX), 82), width, PICTURE_HIGH), paragraph(words, TINY, 3, width)]


def _sums(case: CaseFile) -> Flowable:
    columns = [TableColumn(_("Berkas"), 170), TableColumn(_("Ukuran (B)"), 60, right=True), TableColumn("SHA-256", 290)]
    return table(columns, [(one.name, str(one.size), one.sha256) for one in contents.entries(case, papers=False)])


def _ending(case: CaseFile) -> list[Flowable]:
    confirmed = confirmation_of(case)
    signers = (
        (_("Yang melihat"), name_of(case.seen_by)),
        (_("Yang mengonfirmasi"), name_of(confirmed.by) if confirmed else ""),
        (_("Yang diperiksa"), ""),
    )
    cells = [
        [paragraph(role, SMALL), space(SIGN_HIGH), rule(), paragraph(name or _("Nama:"), SMALL)]
        for role, name in signers
    ]
    return [
        space(4),
        paragraph(
            _(
                "Orang dan kendaraan di dalam rekaman tidak dicari dengan pengenalan wajah atau pelat nomor. Setiap"
                " pembukaan berkas ini dicatat bersama alasannya (pembukaan.csv)."
            ),
            BODY,
        ),
        space(10),
        paragraph(_("Palembang, tanggal %(dots)s") % {"dots": DOTS}, BODY),
        space(6),
        beside(cells, shares(len(cells), 24), 24),
    ]


def _facts(rows: Rows) -> Flowable:
    widths = [LABEL, WIDTH - LABEL]
    return grid([[paragraph(name, QUIET), paragraph(said, BODY)] for name, said in rows], widths, below=1.5)
