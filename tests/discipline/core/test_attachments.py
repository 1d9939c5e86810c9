"""Attachments: what is accepted, under which name it is kept, and how many one person may send."""

import struct
import unicodedata
import zlib
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from discipline.core import attachments
from discipline.core.attachments import BadFile
from discipline.core.models import Attachment
from tests.support.base import OfficeTestCase
from tests.support.pictures import noise_jpeg

PDF = b"%PDF-1.4\n%%EOF\n"


def png(width: int, height: int) -> bytes:
    """Return a black PNG of one bit per pixel, small however many pixels it has."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row, packed = bytes(1 + (width + 7) // 8), zlib.compressobj(9)
    rows = b"".join(packed.compress(row) for _ in range(height)) + packed.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_picture_is_measured_before_it_is_decoded() -> None:
    assert attachments.media_type(png(5000, 5000)) == "image/png"
    assert attachments.media_type(noise_jpeg()) == "image/jpeg"
    with patch("cv2.imdecode", side_effect=AssertionError("decoded")), pytest.raises(BadFile, match="type"):
        attachments.media_type(png(5001, 5000))


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("surat izin.pdf", "application/pdf", "surat izin.pdf"),
        ("a.html", "application/pdf", "a.pdf"),
        ("surat\u202efdp.exe", "application/pdf", "suratfdp.pdf"),
        ("foto.JPEG", "image/jpeg", "foto.jpg"),
        ("../../evil.cmd", "image/png", "evil.png"),
        ("C:\\berkas\\surat.pdf", "application/pdf", "surat.pdf"),
        ("a\x00\r\nX-Evil: 1.pdf", "application/pdf", "aX-Evil: 1.pdf"),
        ("", "application/pdf", "lampiran.pdf"),
        (".pdf", "application/pdf", "pdf.pdf"),
    ],
)
def test_the_name_ends_as_the_content_is(name: str, kind: str, shown: str) -> None:
    assert attachments.shown_name(name, kind) == shown


@given(st.text(max_size=400), st.sampled_from(sorted(attachments.TYPES)))
def test_any_name_becomes_one_that_a_browser_shows_as_it_is(name: str, kind: str) -> None:
    shown = attachments.shown_name(name, kind)
    assert not any(unicodedata.category(one).startswith("C") for one in shown)
    assert shown.endswith(attachments.TYPES[kind])
    assert len(shown) <= 120
    assert not {"\0", "\n", "\r", "/", "\\", "\u202e", "\u2066", "\u200b"} & set(shown)


class Quota(OfficeTestCase):
    def send(self, data: bytes = PDF) -> Attachment:
        row = attachments.store_attachment(SimpleUploadedFile("surat.pdf", data), self.world.dewi.pk)
        self.addCleanup(attachments.delete_file, row)
        return row

    def test_one_person_sends_so_many_a_day(self) -> None:
        with patch.object(attachments, "MOST_A_DAY", 2):
            first = self.send()
            self.send()
            with pytest.raises(BadFile, match="too_many"):
                self.send()
            other = attachments.store_attachment(SimpleUploadedFile("surat.pdf", PDF), self.world.budi.pk)
            self.addCleanup(attachments.delete_file, other)
            Attachment.objects.filter(pk=first.pk).update(at=first.at and first.at - timedelta(hours=25))
            self.send()

    def test_and_so_many_bytes(self) -> None:
        with patch.object(attachments, "MOST_BYTES_A_DAY", 2 * len(PDF)):
            self.send()
            with pytest.raises(BadFile, match="too_many"):
                self.send(PDF + b"%more")
            self.send()

    def test_a_lurah_is_told(self) -> None:
        alert = self.world.accuse(self.world.counter(self.world.ilir35))
        self.client.force_login(self.world.dewi)
        with patch.object(attachments, "MOST_A_DAY", 0):
            form = {
                "reason": "sakit",
                "text": "Surat dokter terlampir.",
                "last_seen": "",
                "attachment": SimpleUploadedFile("a.pdf", PDF),
            }
            answer = self.client.post(f"/indikasi/{alert.pk}/jelaskan/", form, follow=True)
        self.assertContains(answer, "sebanyak yang diizinkan")
        self.assertContains(answer, "Surat dokter terlampir.")
        assert not Attachment.objects.exists()
