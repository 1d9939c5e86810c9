"""The PDF of one indication, read back with pypdf."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from pypdf import PageObject, PdfReader

from discipline.alerts.case import pdf as indication_pdf
from discipline.alerts.models import Alert
from discipline.staffing import ledger
from discipline.staffing.models import Flip, StaffingRule
from offices.hours.models import Closure, HoursPlan
from offices.places.models import Kelurahan
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.pixels.occupancy import Look
from tests.support.base import World
from tests.support.clock import wib
from tests.support.exhibits import exhibit
from tests.support.story import RecordedDay, absence_of_eighteen_minutes

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NOW = datetime(2026, 11, 24, 3, 5, tzinfo=UTC)
LONG = "nama yang sangat panjang sekali " * 4


@pytest.fixture
def world() -> World:
    ledger.schedule.forget()
    return World()


@pytest.fixture
def alert(world: World) -> Alert:
    return absence_of_eighteen_minutes(world.counter(world.ilir35))


def printed(alert: Alert, history: tuple[str, ...] = ()) -> PageObject:
    """Return the only page, with dates and names as they are in the database now."""
    fresh = Alert.objects.select_related("counter__kelurahan__kecamatan").get(pk=alert.pk)
    reader = PdfReader(BytesIO(indication_pdf.sheet(fresh, NOW, history)))
    assert len(reader.pages) == 1
    (page,) = reader.pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    return page


def words(page: PageObject) -> str:
    return " ".join(page.extract_text().split())


def test_the_sheet_says_all_that_a_reader_needs(alert: Alert, footage: Path) -> None:
    exhibit(alert, footage)
    page = printed(alert, ("Lurah 35 Ilir, 23 November 2026 10.30: apel di kecamatan.",))
    text = words(page)
    for what in (
        "Pemerintah Kota Palembang",
        "Kelurahan 35 Ilir, Kecamatan Ilir Barat II (16.71.01.1001)",
        "kosong 18 menit: sejak 09.42.05 sampai 10.00.10 WIB, Senin 23 November 2026.",
        "Pengamatan terakhir dengan petugas 09.42.00 WIB",
        "Saat masa toleransi habis",
        "setelah 10 menit tanpa petugas",
        "Aturan: Seluruh kota",
        "Jam layanan Senin 23 November 2026: 07.30–12.00, 13.00–16.00 WIB.",
        "217 kali",
        "hasilnya sama",
        "Ada petugas Masa toleransi",
        "apel di kecamatan",
        "Indikasi, bukan bukti pelanggaran.",
        "Dicetak 24 November 2026 pukul 10.05 WIB",
    ):
        assert what in text, what
    assert len(page.images) == 16


def test_each_file_on_the_sheet_stands_with_its_hash_and_the_chain_with_its_head(alert: Alert, footage: Path) -> None:
    exhibit(alert, footage)
    text = words(printed(alert))
    drawn = Evidence.objects.filter(kind="deadline", form="drawn").get()
    assert f"{drawn.number} Saat masa toleransi habis 09.52.05, Wajah dikaburkan, zona digambar {drawn.sha256}" in text
    number, head = store.chain_head(alert.counter.place_id)
    assert f"Nilai terakhir rantai bukti kantor ini: nomor {number} {head}" in text
    assert text.count("Wajah dikaburkan") == 12


def test_a_changed_file_is_not_shown(alert: Alert, footage: Path) -> None:
    exhibit(alert, footage)
    drawn, plain = Evidence.objects.filter(kind="deadline", form__in=("drawn", "plain")).order_by("form")
    path = store.path_of(drawn)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    store.path_of(plain).unlink()
    page = printed(alert)
    assert words(page).count("Berkas hilang atau berubah sejak direkam.") == 2
    assert len(page.images) == 13
    assert drawn.sha256 not in words(page)


def test_however_much_there_is_to_say_it_is_one_page(alert: Alert, footage: Path) -> None:
    exhibit(alert, footage)
    Kelurahan.objects.update(name="Kelurahan " + "dengan nama panjang " * 2)
    HoursPlan.objects.update(name=LONG[:80], source=LONG)
    for hour in range(8, 20):
        Closure.objects.create(starts_at=wib(f"{hour:02}:00", 23), ends_at=wib(f"{hour:02}:01", 23), reason=LONG[:120])
    Flip.objects.bulk_create(
        Flip(counter=alert.counter, at=at, old="grace", new="staffed", reason="", since=at, noticed_at=at)
        for at in (wib("09:43") + timedelta(seconds=n) for n in range(40))
    )
    text = words(printed(alert, tuple(f"Keputusan nomor {n}: {LONG}" for n in range(30))))
    assert "lagi, lihat halaman indikasi" in text
    assert "Keputusan nomor 0" in text
    assert Evidence.objects.get(kind="last_staffed", form="drawn").sha256 in text
    assert "Bila 1 menit tidak ada pengamatan, atau kamera tidak dapat melihat, hitungan mulai lagi dari awal." in text
    assert "Indikasi, bukan bukti pelanggaran." in text


def test_the_letters_travel_with_the_sheet(alert: Alert) -> None:
    fonts: Any = printed(alert)["/Resources"]["/Font"]  # type: ignore[index]
    assert fonts
    for font in fonts.values():
        assert "/FontFile2" in font.get_object()["/FontDescriptor"]


def test_without_pictures_the_sheet_still_explains(alert: Alert) -> None:
    page = printed(alert)
    assert "tidak ada gambar yang terekam" in words(page)
    assert len(page.images) == 0


def test_a_camera_fault_is_printed_as_a_technical_fault(world: World) -> None:
    StaffingRule.objects.create()
    day = RecordedDay(world.counter(world.ilir35))
    day.sees(Look.STAFFED, "07:29", "09:00")
    day.sees(Look.BLIND, "09:00", "09:10", "dark")
    day.sweep("09:09")
    text = words(printed(Alert.objects.get(counter=day.counter)))
    assert "Periksa lampu ruangan" in text
    assert "Tidak ada loket yang dinyatakan kosong" in text
    assert "bukti pelanggaran" not in text


def test_an_english_reader_gets_an_english_sheet(alert: Alert) -> None:
    with override("en"):
        text = words(printed(alert))
    assert "A counter is reported as unstaffed after 10 minutes without staff." in text
