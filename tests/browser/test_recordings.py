"""The player of recordings in a real Chromium: it plays, scrubs with previews, skips a gap and says why, and logs."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from offices.hours.schedule import local_day
from streams.cameras.models import Camera
from streams.live.models import View
from streams.live.recordings.finding import LocalDay
from tests.support.base import World
from tests.support.browsing import aside, fits
from tests.support.places import camera_at, street_point
from tests.support.recordings import record_minute

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def viewer(world: World) -> User:
    return world.ani


@pytest.fixture(params=[1440], ids=["desk"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def cameras(world: World) -> list[Camera]:
    """Two cameras, recorded yesterday from 10.00.00 for twelve seconds, the first again from 10.05.00 on."""
    del world  # first
    ten = LocalDay(local_day(timezone.now()) - timedelta(days=1)).begins + timedelta(hours=10)
    made = [camera_at(street_point(code), "Tiang") for code in ("T-001", "T-002")]
    for camera in made:
        record_minute(camera, ten, repeats=2)
    record_minute(made[0], ten + timedelta(minutes=5), gap="disk", repeats=3, size=(352, 198))
    return made


def shown(page: Page) -> str:
    return page.locator("[data-time]").inner_text()


def test_a_day_is_played_scrubbed_and_its_gap_is_said(page: Page, cameras: list[Camera]) -> None:
    page.goto(f"/rekaman/{cameras[0].pk}/?dengan={cameras[1].pk}")
    player = page.locator("#recordings[data-ready]")
    expect(player).to_be_visible()
    assert fits(page)
    expect(page.locator(".rec-gaps")).to_have_count(2)
    expect(page.locator(".rec-gaps").first).to_contain_text("Penyimpanan penuh atau rusak")

    slider = page.get_by_role("slider", name="Saat yang diputar")
    slider.evaluate("one => { one.value = 36002; one.dispatchEvent(new Event('change')); }")
    expect(slider).to_have_attribute("aria-valuetext", "10.00.02, Terekam")
    page.locator("#isi").focus()
    page.keyboard.press("Space")
    for number in (0, 1):
        page.wait_for_function("n => document.querySelectorAll('video')[n].currentTime > 36003.5", arg=number)
    apart = page.evaluate("(([a, b]) => Math.abs(a.currentTime - b.currentTime))(document.querySelectorAll('video'))")
    assert apart < 1
    first = page.locator("video").first
    assert first.evaluate("one => [one.videoWidth, one.getVideoPlaybackQuality().totalVideoFrames > 5]") == [320, True]

    # The gap of nearly five minutes is skipped, and what follows has other parameter sets.
    page.keyboard.press(".")
    expect(page.locator("[data-status]")).to_contain_text("Dilewati 4 m 48 d: Penyimpanan penuh atau rusak.")
    page.wait_for_function("() => document.querySelector('video').currentTime > 36301.5")
    assert first.evaluate("one => one.videoWidth") == 352
    expect(page.locator("[data-tile]").nth(1).locator("[data-note]")).not_to_be_empty()
    expect(page.locator("[data-status]")).to_contain_text("Tidak ada rekaman lagi pada hari ini.")
    expect(page.get_by_role("button", name="Putar")).to_have_attribute("aria-pressed", "false")

    page.get_by_role("button", name="1 jam").click()
    slider.evaluate("one => { one.value = 36305; one.dispatchEvent(new Event('change')); }")
    page.keyboard.press("ArrowRight")
    assert shown(page) == "10.05.15"
    box = slider.bounding_box()
    assert box
    slider.hover(position={"x": box["width"] * 0.4975, "y": 4.0})
    preview = page.locator("[data-preview] img")
    expect(preview).to_be_visible()
    assert preview.evaluate("one => one.naturalWidth") == 352

    lines: list[tuple[int | None, str]] = []
    aside(lambda: lines.extend(View.objects.values_list("camera_id", "how")))
    assert set(lines) == {(one.pk, "recorded") for one in cameras}
