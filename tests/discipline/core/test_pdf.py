"""The layer below every PDF: text in lines, tables over pages, footers with the number of pages."""

from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics

from discipline.core.pdf.document import pdf
from discipline.core.pdf.flow import Flowable, as_many, height, together
from discipline.core.pdf.fonts import BOLD, MONO, PLAIN, width_of
from discipline.core.pdf.styles import BODY, SMALL, WIDTH
from discipline.core.pdf.tables import TableColumn, table
from discipline.core.pdf.text import ELLIPSIS, fitted, paragraph
from offices.city.loading import read_offices
from tests.support.paths import ROOT

NAME = "Kelurahan Persiapan Muara Sungai Lumpatan Hulu Raya & <Baru>"
TYPED = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=300)


def pages(*story: Flowable) -> list[str]:
    data = pdf("Uji", story, lambda number, of: [paragraph(f"halaman {number} dari {of}")], 60)
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages]


def more(left: int) -> Flowable:
    return paragraph(f"{left} lagi")


@given(TYPED, st.integers(10, 300), st.integers(1, 5))
def test_no_line_is_wider_than_its_room_and_only_an_ellipsis_hides_text(text: str, width: int, most: int) -> None:
    lines = fitted(text, PLAIN, 8, width, most)
    assert len(lines) <= most
    assert all(width_of(line, PLAIN, 8) <= width or len(line) == 1 for line in lines)
    shown, whole = "".join("".join(lines).split()), "".join(text.split())
    assert shown == whole or (shown.endswith(ELLIPSIS) and whole.startswith(shown.removesuffix(ELLIPSIS)))


@given(TYPED, st.integers(1, 4))
def test_a_paragraph_of_few_lines_takes_no_more_room(text: str, most: int) -> None:
    assert height([paragraph(text, SMALL, most, 120)], 120) <= most * SMALL.leading


def test_what_people_write_is_no_markup() -> None:
    (page,) = pages(paragraph("<b>1 & 2</b> <font size=99>", BODY), paragraph("baris satu\nbaris dua"))
    assert "<b>1 & 2</b> <font size=99> baris satu baris dua" in page


def test_a_table_repeats_its_heads_and_parts_no_total_from_its_rows() -> None:
    columns = [TableColumn("Kelurahan", 100), TableColumn("Indikasi", 60, right=True)]
    for number in range(30, 110, 3):
        rows = [[f"{NAME} {n}", str(n)] for n in range(number)]
        found = pages(table(columns, rows, ["Seluruhnya", "99"]))
        assert all(page.startswith("Kelurahan Indikasi") for page in found)
        assert f"{NAME} {number - 1} {number - 1} Seluruhnya 99" in found[-1]
        assert sum(page.count(NAME) for page in found) == number
        assert all(page.endswith(f"halaman {n} dari {len(found)}") for n, page in enumerate(found, start=1))


def test_a_long_name_is_broken_into_lines_and_a_word_longer_than_a_line_too() -> None:
    (page,) = pages(table([TableColumn("Nama", 60, most=9), TableColumn("N", 400)], [[NAME, "1"], ["Q" * 40, "2"]]))
    assert NAME in page
    assert page.replace(" ", "").count("Q") == 40
    assert ELLIPSIS not in page


def test_what_belongs_together_stands_on_one_page() -> None:
    filling = [paragraph(f"baris {n}") for n in range(62)]
    found = pages(*filling, together([paragraph("Kepala rantai bukti"), *[paragraph(f"tanda {n}") for n in range(20)]]))
    assert len(found) == 2
    assert "Kepala rantai bukti tanda 0" in found[1]


def test_as_many_lines_as_there_is_room_for() -> None:
    lines = [paragraph(f"baris {n}") for n in range(10)]
    one = height(lines[:1])
    assert len(as_many(lines, 10 * one, more)) == 10
    shown = as_many(lines, 9.5 * one, more)
    assert [line.getPlainText() for line in shown] == [*(f"baris {n}" for n in range(8)), "2 lagi"]
    assert [line.getPlainText() for line in as_many(lines, one, more)] == ["10 lagi"]


@pytest.mark.parametrize("font", [PLAIN, BOLD])
def test_the_fonts_have_every_sign_that_sidak_prints(font: str) -> None:
    with (ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalog = read_po(file)
    texts = [text for entry in catalog for text in (entry.id, entry.string)]
    printed = {text for one in texts for text in ([one] if isinstance(one, str) else one or ())}
    printed |= {office.name for office in read_offices()}
    signs = {sign for text in printed for sign in text if sign.isprintable()} | set("ÁÉáéèêëïöüçñ’“”–—×÷≤≥→↔…·°²✓")
    glyphs = pdfmetrics.getFont(font).face.charToGlyph
    assert not {sign for sign in signs if ord(sign) not in glyphs}


def test_hashes_stand_in_letters_of_one_width() -> None:
    assert len({width_of(sign, MONO, 8) for sign in "0123456789abcdef"}) == 1


def test_every_font_travels_with_the_file() -> None:
    data = pdf(
        "Uji", [paragraph("satu"), table([TableColumn("a", WIDTH)], [["b"]])], lambda _number, of: [more(of)], 60
    )
    (page,) = PdfReader(BytesIO(data)).pages
    for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
        assert "/FontFile2" in font.get_object()["/FontDescriptor"]
