"""A report of an empty counter from a resident's phone to the operator, and the answer back."""

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from discipline.complaints.models import Complaint
from discipline.complaints.state_rule import ComplaintState
from tests.support.base import World
from tests.support.browsing import fits, opened
from tests.support.complaints import complaint_kind
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LOOKS = os.environ.get("LOOKS")  # a folder for pictures of the pages, to look at them


def look(page: Page, name: str) -> None:
    assert fits(page)
    if LOOKS:
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                page.screenshot(path=str(Path(LOOKS) / f"{name}-{width}-{theme}.png"), full_page=True)
        page.set_viewport_size({"width": 390, "height": 844})


def test_a_resident_reports_an_empty_counter_and_is_answered(chrome: Browser, site: Daphne) -> None:
    world = World()
    complaint_kind("counter")
    with opened(chrome, site, None, 390, has_touch=True, is_mobile=True) as page:
        page.goto("/aspirasi/")
        look(page, "front")
        page.get_by_role("link", name="Tulis laporan").click()
        page.get_by_label("Tentang apa").select_option("counter")
        page.get_by_label("Apa yang terjadi").fill("Loket kosong, saya menunggu setengah jam")
        page.locator(".pin-map .map-place").wait_for()
        page.get_by_role("button", name="Kirim laporan").click()
        expect(page.get_by_text("Pilih kantornya.")).to_be_visible()
        look(page, "write")
        page.get_by_label("Kantor", exact=True).select_option(world.ilir35.code)
        page.evaluate("""() => {
          const at = new Date(Date.now() - 26 * 3600e3 - new Date().getTimezoneOffset() * 60e3);
          document.getElementById("id_happened_at").value = at.toISOString().slice(0, 16);
        }""")
        page.get_by_role("button", name="Kirim laporan").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Laporan terkirim")
        secret = page.locator("code").inner_text()
        look(page, "sent")

    report = Complaint.objects.get()
    with opened(chrome, site, world.ani, 390) as page:
        page.goto("/laporan-warga/")
        look(page, "list")
        page.get_by_role("link", name="Loket kosong, saya menunggu").click()
        expect(page.get_by_role("heading", name="Yang terpantau saat itu")).to_be_visible()
        look(page, "desk")
        page.get_by_role("button", name="Verifikasi dan teruskan").click()
        expect(page.get_by_text("Tercatat: Diverifikasi dan diteruskan.")).to_be_visible()
        page.get_by_label("Jawaban").fill("Kantor sudah diminta menjelaskan.")
        page.get_by_role("button", name="Kirim jawaban").click()
        page.get_by_label("Teks tanpa nama").fill("Loket kosong setengah jam")
        page.get_by_role("button", name="Tampilkan untuk publik").click()
        page.locator("summary", has_text="Selesai").click()
        page.get_by_label("Untuk pelapor").first.fill("Petugas loket ditambah.")
        page.get_by_role("button", name="Selesai", exact=True).click()
        expect(page.get_by_text("Tercatat: Selesai.")).to_be_visible()
        look(page, "desk-done")

    with opened(chrome, site, None, 390) as page:
        page.goto("/aspirasi/lacak/")
        page.get_by_label("Nomor laporan").fill(report.number)
        page.get_by_label("Kata kunci").fill(secret)
        look(page, "track")
        page.get_by_role("button", name="Lihat laporan").click()
        expect(page.get_by_text("Petugas loket ditambah.")).to_be_visible()
        look(page, "own")
        page.locator("summary", has_text="Belum, buka kembali").click()
        page.get_by_label("Apa yang belum beres").fill("Hari ini kosong lagi")
        page.get_by_role("button", name="Buka kembali", exact=True).click()
        expect(page.get_by_text("Ditanggapi paling lambat")).to_be_visible()
        page.goto(f"/aspirasi/{report.pk}/")
        look(page, "public")
    report.refresh_from_db()
    assert report.status is ComplaintState.REOPENED
