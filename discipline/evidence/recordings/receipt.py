"""The receipt of an export as a PDF: what the file is, of which moments by both clocks, and what is missing of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from discipline.core.pdf.document import pdf
from discipline.core.pdf.flow import Flowable, heading, rule, space
from discipline.core.pdf.styles import AUTHORITY, BODY, CODE, MAROON, QUIET, TINY, TITLE, WIDTH
from discipline.core.pdf.tables import TableColumn, table
from discipline.core.pdf.text import paragraph
from discipline.core.wording import name_of
from discipline.evidence.recordings.models import RecordingExport
from streams.evidence.models import Evidence
from streams.evidence.recording.models import RecordedMinute

FOOT = 50
LABEL = 150.0  # points


def sheet(export: RecordingExport, letterhead: str) -> bytes:
    """Return the PDF of an export that is done."""
    evidence = export.evidence
    assert evidence is not None
    facts = evidence.facts
    story: list[Flowable] = [
        paragraph(letterhead, AUTHORITY),
        rule(MAROON, 1.5, before=3, after=6),
        paragraph(_("Tanda terima ekspor rekaman"), TITLE),
        space(6),
        *_facts_table(_request_rows(export)),
        *heading(_("Berkas")),
        *_facts_table(_file_rows(evidence)),
        paragraph(f"SHA-256  {evidence.sha256}", CODE),
        paragraph(_("Rantai bukti: sidik baris {hash}").format(hash=evidence.hash), CODE),
        *heading(_("Waktu menurut kedua jam")),
        *_facts_table(_clock_rows(facts)),
        *heading(_("Isi berkas")),
        _runs(facts),
        *heading(_("Yang tidak ada")),
        *_missing(facts),
        *heading(_("Berkas menit asal")),
        _minutes(facts),
        space(10),
        paragraph(
            _("Gambar tidak disandikan ulang dan tidak ada suara. Sela tidak ditampilkan di dalam berkas."), QUIET
        ),
    ]
    foot = f"{export} · {evidence.sha256[:16]}"

    def footer(number: int, pages: int) -> Sequence[Flowable]:
        return [paragraph(f"{foot} · {number}/{pages}", TINY)]

    return pdf(str(_("Tanda terima ekspor rekaman")), story, footer, FOOT)


def _request_rows(export: RecordingExport) -> list[tuple[str, str]]:
    by = export.by
    return [
        (_("Kamera"), f"{export.place.name}: {export.camera_name}"),
        (_("Rentang yang diminta"), f"{_exact(export.since)} – {_exact(export.until)}"),
        (_("Diminta oleh"), export.requester),
        (_("Nomor surat permintaan"), export.letter),
        (_("Keperluan"), export.reason),
        (_("Dicatat oleh"), f"{name_of(by)}, {_exact(export.asked_at)}"),
    ]


def _file_rows(evidence: Evidence) -> list[tuple[str, str]]:
    facts = evidence.facts
    return [
        (_("Nomor dalam rantai bukti"), f"{evidence.place.name} no. {evidence.number}"),
        (_("Disimpan"), _exact(evidence.stored_at)),
        (_("Ukuran"), f"{evidence.size} B"),
        (_("Video"), f"{facts['codec']}, {facts['width']} × {facts['height']}"),
        (_("Banyaknya gambar"), str(facts["pictures"])),
        (_("Lama putar"), f"{facts['duration_s']:.1f} s"),
    ]


def _clock_rows(facts: dict[str, Any]) -> list[tuple[str, str]]:
    first, last = facts["minutes"][0], facts["minutes"][-1]
    return [
        (_("Jam server: tibanya gambar"), _span(first["arrived_from"], last["arrived_until"])),
        (_("Jam kamera: waktu dalam berkas"), _span(first["plays_from"], last["plays_until"])),
        (_("Selisih pada awal"), _apart(first["arrived_from"], first["plays_from"])),
        (_("Selisih pada akhir"), _apart(last["arrived_until"], last["plays_until"])),
    ]


def _facts_table(rows: Sequence[tuple[str, str]]) -> list[Flowable]:
    columns = [TableColumn("", LABEL), TableColumn("", WIDTH - LABEL, most=8)]
    return [table(columns, rows, compact=True)]


def _runs(facts: dict[str, Any]) -> Flowable:
    columns = [TableColumn(_("Dalam berkas"), 110), TableColumn(_("Waktu (WIB)"), 300)]
    return table(columns, [(_played(run["at_s"]), _span(run["from"], run["until"])) for run in facts["runs"]])


def _missing(facts: dict[str, Any]) -> list[Flowable]:
    words = dict(RecordedMinute.Gap.choices)
    lines = [f"{_span(one['from'], one['until'])}: {words[one['why']] if one['why'] else '–'}" for one in facts["gaps"]]
    lines += [
        _("{path}: berkas menit berubah atau hilang, tidak disertakan").format(path=one["path"])
        for one in facts["left_out"]
    ]
    return [paragraph(line, BODY) for line in lines or [_("Tidak ada sela.")]]


def _minutes(facts: dict[str, Any]) -> Flowable:
    columns = [TableColumn(_("Berkas"), 190), TableColumn("SHA-256", 330)]
    return table(columns, [(one["path"], one["sha256"]) for one in facts["minutes"]])


def _exact(at: datetime) -> str:
    return f"{timezone.localtime(at):%d-%m-%Y %H:%M:%S} WIB"


def _span(first: str, last: str) -> str:
    begins, ends = (timezone.localtime(datetime.fromisoformat(text)) for text in (first, last))
    return f"{begins:%d-%m-%Y %H:%M:%S.%f}"[:-3] + f" – {ends:%H:%M:%S.%f}"[:-3]


def _apart(one: str, other: str) -> str:
    return f"{(datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds():+.3f} s"


def _played(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
