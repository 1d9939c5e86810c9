"""Reviewing, signing and amending a month in a real Chromium before a real Daphne, on desktop and phone."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from discipline.alerts.models import Alert
from discipline.reports.signing.models import MonthSnapshot
from tests.support.base import PASSWORD, World
from tests.support.browsing import aside, fits, opened
from tests.support.months import excuse, last_month, month_with_an_absence
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def absence(world: World) -> Alert:
    found: list[Alert] = []
    aside(lambda: found.append(month_with_an_absence(world)))
    return found[0]


def test_a_month_is_reviewed_signed_amended_and_seen_by_the_mayor(
    chrome: Any, site: Daphne, world: World, absence: Alert, width: int
) -> None:
    address = f"/laporan/16.71.01/{last_month().key}/tanda-tangan/"
    with opened(chrome, site, world.budi, width) as page, opened(chrome, site, world.budi, width) as old:
        page.goto("/laporan/tanda-tangan/")
        assert fits(page)
        page.get_by_role("link", name="Periksa").click()
        expect(page).to_have_url(site.url + address)
        expect(page.get_by_text("1 indikasi belum Anda putuskan.")).to_be_visible()
        old.goto(address)
        page.get_by_role("button", name="Sudah saya periksa").click()
        expect(page.get_by_role("status")).to_contain_text("sudah diperiksa")
        old.get_by_role("button", name="Sudah saya periksa").click()
        expect(old.get_by_role("status")).to_contain_text("Halaman yang Anda buka sudah lama")

        page.get_by_label("Kata sandi Anda").fill("bukan kata sandinya")
        page.get_by_role("button", name="Tanda tangani").click()
        expect(page.get_by_role("status")).to_contain_text("Kata sandi tidak cocok")
        page.get_by_label("Kata sandi Anda").fill(PASSWORD)
        page.get_by_role("button", name="Tanda tangani").click()
        expect(page.get_by_role("status")).to_contain_text("Angkanya dibekukan")
        with page.expect_download() as download:
            page.get_by_role("link", name="Unduh yang ditandatangani").click()
        signed = MonthSnapshot.objects.get()
        assert sha256(Path(download.value.path()).read_bytes()).hexdigest() == signed.sha256
        expect(page.locator(".documents")).to_contain_text(signed.sha256)
        page.get_by_role("button", name="Kirim ke Wali Kota dan BKPSDM").click()
        expect(page.locator("main .headline")).to_contain_text("Dikirim")

        aside(lambda: excuse(absence, world))
        page.reload()
        changed = page.get_by_role("region", name="Berubah setelah ditandatangani")
        expect(changed).to_contain_text("kosong 18 → 0 menit, dengan izin 0 → 18 menit")
        expect(changed).to_contain_text("belum diputuskan → Dengan izin (Apel atau upacara)")
        expect(page.locator(".figures")).to_contain_text("sekarang 0 menit")
        assert fits(page)

        with opened(chrome, site, world.walikota, width) as mayor:
            mayor.goto("/laporan/tanda-tangan/")
            expect(mayor.locator("main")).to_contain_text("1 dari 1 kecamatan sudah menandatangani")
            assert fits(mayor)
            mayor.get_by_role("link", name="Lihat perubahannya").click()
            expect(mayor.get_by_text("belum diketahui camat")).to_be_visible()
            expect(mayor.get_by_role("button", name="Ketahui perubahan")).to_have_count(0)

        page.get_by_label("Kata sandi Anda").fill(PASSWORD)
        page.get_by_role("button", name="Ketahui perubahan").click()
        expect(page.get_by_role("region", name="Berubah setelah ditandatangani")).to_contain_text("diketahui budi")
        expect(page.get_by_role("region", name="Langkah berikutnya")).to_have_count(0)
        assert bytes(MonthSnapshot.objects.get(number=1).body) == bytes(signed.body)
