"""Explaining and deciding in a real Chromium before a real Daphne, on desktop and phone."""

from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from discipline.alerts.models import Alert, Decision
from discipline.core.models import Attachment
from tests.support.base import World
from tests.support.browsing import fits, opened
from tests.support.pictures import grey_jpeg
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHOTO = grey_jpeg()
WORDS = "Petugas rapat di kecamatan"


@pytest.fixture
def alert(world: World) -> Alert:
    now = timezone.now()
    return world.accuse(
        world.counter(world.ilir35),
        since=now - timedelta(minutes=18),
        raised_at=now,
        explain_by=now + timedelta(days=3),
    )


class Door:
    def __init__(self, chrome: Any, site: Daphne, width: int) -> None:
        self.parts = chrome, site, width

    def __call__(self, user: Any) -> AbstractContextManager[Page]:
        chrome, site, width = self.parts
        return opened(chrome, site, user, width)


@pytest.fixture
def sign_in(chrome: Any, site: Daphne, width: int) -> Door:
    return Door(chrome, site, width)


def explain(page: Page, file: Path | None = None) -> None:
    page.get_by_label("Alasan").select_option("dinas_luar")
    page.get_by_label("Penjelasan", exact=False).last.fill(WORDS)
    if file:
        page.get_by_label("Lampiran").set_input_files(file)
    page.get_by_role("button", name="Kirim penjelasan").click()


def test_a_camat_excuses_and_takes_it_back_while_the_mayors_board_follows(
    sign_in: Door, world: World, alert: Alert
) -> None:
    with sign_in(world.walikota) as board, sign_in(world.budi) as page:
        with board.expect_websocket():
            board.goto("/")
        board.wait_for_timeout(300)
        board.evaluate("window.unreloaded = true")
        outcome = board.locator("#feed [data-outcome]")
        expect(outcome).to_have_text("")
        page.goto("/indikasi/?tahap=semua")
        assert fits(page)
        page.goto(f"/indikasi/{alert.pk}/")
        page.locator("summary", has_text="Beri izin").press("Enter")
        page.locator("#excuse-reason").select_option("apel")
        page.locator("#excuse-text").fill("Apel pagi")
        page.get_by_role("button", name="Catat dengan izin").click()
        expect(page.get_by_role("status")).to_contain_text("Dapat diurungkan selama 10 menit")
        expect(page.locator(".decision .outcome")).to_have_text("Dengan izin · Apel atau upacara")
        expect(outcome).to_have_text("Dengan izin")
        undo = page.get_by_role("button", name="Urungkan")
        expect(undo).to_contain_text("(sisa 9.")
        undo.click()
        expect(page.locator(".decision .outcome")).to_have_text("Menunggu penjelasan lurah")
        expect(page.locator(".history > li")).to_have_count(2)
        expect(page.locator(".history .undone")).to_contain_text("Apel pagi")
        expect(outcome).to_have_text("")
        assert board.evaluate("window.unreloaded")
        assert fits(page)


def test_confirming_takes_a_second_step(sign_in: Door, world: World, alert: Alert) -> None:
    with sign_in(world.budi) as page:
        page.goto(f"/indikasi/{alert.pk}/")
        page.locator("summary", has_text="Benar kosong").click()
        assert Decision.objects.count() == 0
        expect(page.get_by_text("Pastikan Anda sudah melihat buktinya")).to_be_visible()
        page.get_by_role("button", name="Ya, benar kosong").click()
        expect(page.locator(".decision .outcome")).to_have_text("Dikonfirmasi")


def test_a_lurah_explains_with_a_photo_that_the_camat_downloads(
    sign_in: Door, world: World, alert: Alert, tmp_path: Path
) -> None:
    photo = tmp_path / "IMG_2041.jpg"
    photo.write_bytes(PHOTO)
    with sign_in(world.dewi) as page:
        page.goto("/indikasi/")
        expect(page.locator(".badge")).to_contain_text("1")
        page.get_by_role("link", name="Loket kosong").click()
        explain(page, photo)
        expect(page.get_by_role("status")).to_have_text("Penjelasan tersimpan.")
        expect(page.locator(".badge")).to_have_count(0)
    with sign_in(world.budi) as page:
        page.goto(f"/indikasi/{alert.pk}/")
        with page.expect_download() as download:
            page.get_by_role("link", name="IMG_2041.jpg").first.click()
        assert Path(download.value.path()).read_bytes() == PHOTO


def test_a_renamed_program_is_refused_and_the_typed_words_stay(
    sign_in: Door, world: World, alert: Alert, tmp_path: Path
) -> None:
    program = tmp_path / "surat-tugas.pdf"
    program.write_bytes(b"MZ\x90\x00" + bytes(500))
    kept = set(Path(settings.ATTACHMENT_DIR).iterdir()) if Path(settings.ATTACHMENT_DIR).exists() else set()
    with sign_in(world.dewi) as page:
        page.goto(f"/indikasi/{alert.pk}/")
        explain(page, program)
        expect(page.get_by_role("status")).to_contain_text("bukan PDF, JPEG, atau PNG")
        expect(page.locator("textarea")).to_have_value(WORDS)
        expect(page.get_by_label("Alasan")).to_have_value("dinas_luar")
        page.get_by_role("button", name="Kirim penjelasan").click()
        expect(page.locator(".history > li")).to_contain_text([WORDS])
    assert Attachment.objects.count() == 0
    assert set(Path(settings.ATTACHMENT_DIR).iterdir()) == kept


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    sign_in: Door, world: World, alert: Alert, tmp_path: Path
) -> None:
    large = tmp_path / "foto.jpg"
    large.write_bytes(PHOTO + bytes(11 * 1024 * 1024))
    with sign_in(world.dewi) as page:
        page.goto(f"/indikasi/{alert.pk}/")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.method))
        explain(page, large)
        expect(page.get_by_role("alert")).to_have_text("Berkas lebih besar dari 10 MB.")
        assert "POST" not in sent
    assert Decision.objects.count() == 0
