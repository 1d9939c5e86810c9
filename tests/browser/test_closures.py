"""A closure from request to grant, and a corrected plan, in a real Chromium on desktop and phone."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from discipline.alerts.models import Alert, Decision
from discipline.plans.models import PlanChange
from offices.hours.models import Closure, ClosureRequest, HoursPlan
from offices.hours.schedule import local_day
from tests.support.attendance import staffed
from tests.support.base import World
from tests.support.browsing import fits, opened
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = local_day(timezone.now()) - timedelta(days=2)


@pytest.fixture
def world() -> World:
    made = World()
    HoursPlan.objects.update(on_holidays=True)  # the test may run on a holiday
    return made


@pytest.fixture
def away(world: World) -> Alert:
    """An absence at counter 1 of 35 Ilir from 10.00 to 10.18; the counter has been watched each weekday of a week."""
    staffed(world.counter(world.ilir35), DAY - timedelta(days=7))
    absence = staffed(world.counter(world.ilir35), DAY, away=("10:00", "10:18"))
    assert absence
    return absence


def test_a_closure_is_asked_for_after_the_fact_and_granted(
    chrome: Any, site: Daphne, world: World, away: Alert, width: int
) -> None:
    with opened(chrome, site, world.dewi, width) as page:
        page.goto(f"/indikasi/{away.pk}/")
        page.get_by_role("link", name="Ajukan penutupan").click()
        expect(page.get_by_label("Dari jam")).to_have_value("10.00")
        expect(page.get_by_label("Sampai jam")).to_have_value("10.18")
        page.get_by_role("button", name="Kirim permohonan").click()
        expect(page.get_by_role("alert")).to_contain_text("Periksa isian yang ditandai")
        page.get_by_label("Jenis").select_option("rapat")
        page.get_by_label("Dari jam").fill("930")
        page.get_by_label("Sampai jam").fill("10.30")
        page.get_by_label("Keterangan").fill("Rapat koordinasi di kantor camat")
        assert fits(page)
        page.get_by_role("button", name="Kirim permohonan").click()
        expect(page.get_by_role("status")).to_have_text("Permohonan terkirim kepada camat.")
        expect(page.locator(".verdict")).to_have_text("Menunggu camat")
    assert not Closure.objects.exists()
    with opened(chrome, site, world.budi, width) as page:
        page.goto("/penutupan/")
        expect(page.locator(".places .badge").last).to_contain_text("1")
        page.get_by_role("link", name="Rapat").click()
        duty = page.locator(".before-after tr", has_text="Jam layanan")
        expect(duty).to_contain_text("7 jam 30 menit")
        expect(duty).to_contain_text("6 jam 30 menit")
        expect(page.get_by_role("link", name="Loket kosong")).to_be_visible()
        assert fits(page)
        page.get_by_role("button", name="Tolak").click()
        expect(page.get_by_role("alert")).to_have_text("Tuliskan alasan penolakannya.")
        page.get_by_role("button", name="Berikan").click()
        expect(page.locator(".verdict")).to_have_text("Diberikan")
        expect(page.locator(".tabs .badge")).to_have_count(0)
        page.goto(f"/indikasi/{away.pk}/")
        expect(page.locator(".decision .outcome")).to_contain_text("Dengan izin")
    assert (ClosureRequest.objects.get().state, Closure.objects.get().kelurahan) == ("granted", None)
    assert Decision.objects.get().by == world.budi


@pytest.mark.usefixtures("away")
def test_the_past_is_corrected_only_after_its_preview(chrome: Any, site: Daphne, world: World) -> None:
    plan = HoursPlan.objects.get()
    with opened(chrome, site, world.ani, 390) as page:
        page.goto("/jam-layanan/")
        page.get_by_role("link", name="Ubah aturan ini").click()
        page.get_by_label("Memperbaiki aturan ini").check()
        page.get_by_label("Senin, istirahat dari").fill("16.30")
        page.get_by_label("Senin, istirahat sampai").fill("17.00")
        page.get_by_label("Alasan").fill("Menurut surat edaran")
        page.get_by_role("button", name="Simpan").click()
        expect(page.locator(".day .field-error")).to_have_text(["Istirahat berada di luar jam layanan hari itu."])
        page.get_by_label("Senin, istirahat dari").fill("12.00")
        page.get_by_label("Senin, istirahat sampai").fill("12.30")
        page.get_by_role("button", name="Salin").click()
        expect(page.get_by_label("Kamis, istirahat sampai")).to_have_value("12.30")
        page.get_by_role("button", name="Simpan").click()
        expect(page.get_by_role("heading", name="Yang akan berubah pada masa lalu")).to_be_visible()
        assert fits(page)
        plan.refresh_from_db()
        assert plan.monday == "07:30-12:00,13:00-16:00"
        page.get_by_role("button", name="Ya, simpan").click()
        expect(page.get_by_role("status")).to_have_text("Jam layanan tersimpan.")
        expect(page.locator(".trace")).to_contain_text("Menurut surat edaran")
    plan.refresh_from_db()
    assert (plan.monday, plan.thursday, plan.friday) == (*["07:30-12:00,12:30-16:00"] * 2, "07:30-12:00,13:00-16:00")
    assert PlanChange.objects.get().by == world.ani
