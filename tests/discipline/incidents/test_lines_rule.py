"""The lines of a procedure, and the telephone numbers in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.incidents.procedures.lines_rule import LinePart, lines_of, parts_of


def test_bullets_numbers_and_blank_lines_go() -> None:
    assert lines_of("1. Lihat kamera\n\n  - Hubungi 112\n3) Tutup") == ["Lihat kamera", "Hubungi 112", "Tutup"]


@pytest.mark.parametrize(
    ("line", "tel"),
    [
        ("Hubungi 112.", "112"),
        ("PUPR: 0711-123456, siang", "0711123456"),
        ("Piket +62 711 123 456", "+62711123456"),
        ("Periksa setiap 30 menit", ""),
        ("Sampai 1120 meter", ""),
        ("Pompa nomor 0 dan 1", ""),
    ],
)
def test_a_telephone_number_can_be_called(line: str, tel: str) -> None:
    assert [part.tel for part in parts_of(line) if part.tel] == ([tel] if tel else [])


@given(st.text(max_size=80))
def test_the_pieces_are_the_line(line: str) -> None:
    parts: list[LinePart] = parts_of(line)
    assert "".join(part.text for part in parts) == line
