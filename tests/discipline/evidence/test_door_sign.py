"""The sign for an office's door, read back with pypdf."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from discipline.evidence import door_sign
from discipline.evidence.models import Retention
from tests.support.base import World

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LONG = "Keamanan, ketertiban dan pemantauan ketersediaan layanan loket di kantor ini. " * 30


def printed(numbers: Retention) -> str:
    """Return the words of the only page."""
    (page,) = PdfReader(BytesIO(door_sign.sheet(World().ilir35, numbers))).pages
    return " ".join(page.extract_text().split())


def test_it_says_who_films_why_how_long_and_whom_to_ask(settings: Any) -> None:
    settings.LETTERHEAD = ["Pemerintah Kota Contoh", "Jalan Merdeka 1"]
    settings.DOOR_SIGN_PURPOSE = "Keamanan gedung."
    settings.DOOR_SIGN_CONTACT = "Pejabat PDP, telepon 0711-000"
    text = printed(Retention(still_days=14, case_days=45))
    for what in (
        "Area ini dipantau kamera CCTV",
        "Kantor Kelurahan 35 Ilir",
        "Pemerintah Kota Contoh, sebagai pengendali",
        "Keamanan gedung.",
        "setelah 14 hari, atau setelah 45 hari",
        "Pejabat PDP, telepon 0711-000",
        "tidak digunakan untuk mengenali wajah",
    ):
        assert what in text


@pytest.mark.parametrize("contact", ["", LONG])
def test_it_stays_on_one_page(settings: Any, contact: str) -> None:
    settings.DOOR_SIGN_PURPOSE, settings.DOOR_SIGN_CONTACT = LONG, contact
    assert "Kepada siapa bertanya" in printed(Retention())
