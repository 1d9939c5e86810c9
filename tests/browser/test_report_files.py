"""A report's file from end to end: requested in a real Chromium, made by a real Celery worker, downloaded, opened."""

from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from discipline.reports.files import jobs as report_jobs
from discipline.reports.files.models import ReportFile
from discipline.reports.numbers import rollups
from discipline.staffing import ledger
from tests.support.attendance import MONDAY, staffed
from tests.support.base import World
from tests.support.browsing import aside, opened
from tests.support.clock import wib
from tests.support.processes import Daphne, start_worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/laporan/16.71.01/2026-W47/"
PATIENCE_MS = 60_000


@pytest.fixture
def world() -> World:
    ledger.schedule.forget()
    built = World()

    def days() -> None:
        staffed(built.counter(built.ilir35), MONDAY, away=("10:00", "10:18"))
        rollups.bring_up_to_date(wib("18:00", MONDAY))

    aside(days)
    return built


def test_the_camat_asks_for_a_file_sees_it_made_and_opens_it(
    world: World, site: Daphne, chrome: Any, tmp_path: Any
) -> None:
    with opened(chrome, site, world.budi, 390) as page:
        page.goto(f"{PAGE}#berkas")
        page.get_by_role("button", name="Excel (XLSX)").click()
        expect(page.get_by_text("Menunggu giliran", exact=True)).to_be_visible()
        assert page.url.endswith("#berkas")
        worker = start_worker()  # only now, so that the page shows that it waits
        try:
            aside(report_jobs.request_making)
            link = page.get_by_role("link", name="XLSX", exact=True)
            expect(link).to_be_visible(timeout=PATIENCE_MS)
            expect(page.locator("#berkas-kabar")).to_have_text("XLSX: Siap")
            with page.expect_download() as fetched:
                link.click()
            fetched.value.save_as(tmp_path / "fetched.xlsx")
        finally:
            worker.kill()
            worker.wait()
    assert fetched.value.suggested_filename == "sidak-16.71.01-2026-W47.xlsx"
    assert load_workbook(tmp_path / "fetched.xlsx")["Kelurahan"]["D2"].value
    with opened(chrome, site, world.budi, 1440, java_script_enabled=False) as page:
        page.goto(PAGE)
        page.get_by_label("Tabel untuk program lain").select_option("hari")
        page.get_by_role("button", name="CSV").click()
        expect(page.get_by_role("link", name="Muat ulang")).to_be_visible()
        aside(report_jobs.make_waiting)
        page.get_by_role("link", name="Muat ulang").click()
        page.reload()
        expect(page.get_by_role("link", name="CSV, Loket per hari")).to_be_visible()
    assert {row.state for row in ReportFile.objects.all()} == {report_jobs.State.DONE}
