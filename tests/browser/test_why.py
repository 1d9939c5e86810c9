"""The page of an indication in a real Chromium, on desktop and phone."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from discipline.alerts.models import Alert
from discipline.staffing import ledger
from discipline.staffing.models import StaffingRule
from offices.hours.models import HoursPlan
from streams.cameras.models import OccupancySpan
from streams.pixels.occupancy import Look, Sample
from tests.support.base import World
from tests.support.browsing import aside, fits
from tests.support.exhibited import exhibited_absence
from tests.support.exhibits import frame, show
from tests.support.proof import Kind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def alert(world: World, footage: Path) -> Alert:
    return exhibited_absence(world.counter(world.ilir35), footage)


@pytest.fixture
def viewer(world: World) -> Any:
    return world.budi


def test_the_camat_reads_why_on_desk_and_phone(page: Page, alert: Alert) -> None:
    page.goto("/")
    page.locator(f'#feed [data-alert="{alert.pk}"] a').click()
    expect(page.locator(".headline")).to_contain_text("kosong 18 menit: sejak 09.42.05 sampai 10.00.10 WIB")
    expect(page.locator("#why-stills img.drawn:visible")).to_have_count(4)
    assert fits(page)
    page.locator("[data-plain]").check()
    expect(page.locator("#why-stills img.plain:visible")).to_have_count(4)
    expect(page.locator("#why-stills img.drawn:visible")).to_have_count(0)
    loaded = "images => images.every(image => image.complete && image.naturalWidth > 0)"
    page.wait_for_function(
        "() => [...document.querySelectorAll('.stills img.plain')].every(i => i.complete && i.naturalWidth)"
    )
    assert page.locator(".stills img.drawn").evaluate_all(loaded)
    page.get_by_text("Tabel pengamatan").click()
    expect(page.locator("details[open] td", has_text="09.42.05")).to_be_visible()
    sheet = page.request.get(page.get_by_role("link", name="Unduh PDF").get_attribute("href") or "")
    assert sheet.headers["content-type"] == "application/pdf"


def test_every_picture_of_the_film_is_reached_by_keyboard(page: Page, alert: Alert) -> None:
    page.goto(f"/indikasi/{alert.pk}/")
    page.locator(".film-scroll").focus()
    for number in range(12):
        page.keyboard.press("Tab")
        seen = page.evaluate("""() => {
            const link = document.activeElement, box = link.querySelector("image")?.getBoundingClientRect();
            return [link.getAttribute("aria-label"), box && box.left >= 0 && box.right <= innerWidth];
        }""")
        assert seen[1], f"picture {number} is out of sight: {seen}"
        assert "WIB" in seen[0]
    page.keyboard.press("Enter")
    page.wait_for_url("**/bukti/*/")  # closing a page while it navigates hangs


def test_the_clip_plays(page: Page, alert: Alert) -> None:
    page.goto(f"/indikasi/{alert.pk}/")
    expect(page.locator("video")).to_have_count(2)
    video = page.locator("video").first
    video.evaluate("video => { video.muted = true; return video.play(); }")
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.5")
    assert video.evaluate("video => video.videoWidth") == 640


def test_an_open_indication_is_completed_without_a_reload(page: Page, world: World, footage: Path) -> None:
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    StaffingRule.objects.create(absence_grace_s=120, opening_grace_s=120)
    counter, now = world.counter(world.ilir35), timezone.now()
    begin = now - timedelta(minutes=5)

    def record(look: Look, since: float, until: float) -> None:
        moments = (begin + timedelta(seconds=n) for n in range(int(since), int(until), 5))
        aside(
            lambda: ledger.record_samples(
                [Sample(counter.pk, at, look, int(look is Look.STAFFED)) for at in moments], now
            )
        )

    record(Look.STAFFED, 0, 60)
    record(Look.EMPTY, 60, 240)
    alert = Alert.objects.get()
    page.goto(f"/indikasi/{alert.pk}/")
    page.evaluate("window.unreloaded = true")
    expect(page.locator("#why-head")).to_contain_text("Sedang berlangsung")
    expect(page.locator(".nothing", has_text="sedang disiapkan")).to_have_count(3)
    aside(lambda: show(alert, Kind.FIRST_EMPTY, alert.since, frame(footage, "empty")))
    record(Look.STAFFED, 240, 300)
    assert OccupancySpan.objects.filter(look="staffed").exists()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#why-head")).to_contain_text("Sudah berakhir")
    expect(page.locator("#why-stills img.drawn")).to_have_count(1)
    expect(page.locator(".film a")).to_have_count(1)
    assert page.evaluate("window.unreloaded")
