"""The mayor's spot check on a phone before a real Daphne and real (simulated) cameras, with connection failures."""

from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from discipline.spotchecks import conduct as spotchecks
from discipline.spotchecks.models import Finding, SpotCheck, SpotEntry, SpotPicture, SpotStop
from offices.hours.models import HoursPlan
from streams.cameras.models import Camera
from streams.live.models import View
from streams.simulator.simulator import Simulator
from tests.support.base import World
from tests.support.browsing import aside, fits, opened
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(city: Simulator) -> World:
    made = World()
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    for number, camera in enumerate(Camera.objects.all(), start=1):
        Camera.objects.filter(pk=camera.pk).update(url=city.url(number))
    return made


def here(page: Page, place: int) -> Any:
    return page.locator(f"#kantor-{place}")


def mark(page: Page, word: str) -> None:
    button = page.locator(".marks").get_by_role("button", name=word, exact=True)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def swipe(page: Page, to: str) -> None:
    """Swipe the picture to the left, so that the next office snaps into place."""
    glass = page.context.new_cdp_session(page)
    for step in range(12):
        at = [{"x": 330 - 25 * step, "y": 260}]
        glass.send("Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart", "touchPoints": at})
        page.wait_for_timeout(16)
    glass.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("[data-progress]")).to_have_text(to)


def test_the_mayor_draws_swipes_marks_loses_the_line_and_everything_arrives_once_and_in_order(
    chrome: Any, site: Daphne, world: World
) -> None:
    with opened(chrome, site, world.walikota, 390, has_touch=True, is_mobile=True) as page:
        page.goto("/sidak/")
        page.get_by_label("Jumlah kantor").fill("3")
        page.get_by_role("button", name="Inspeksi sekarang").click()
        queue, progress = page.locator("[data-queue]"), page.locator("[data-progress]")
        expect(progress).to_have_text("1 dari 3")
        check = SpotCheck.objects.get()
        stops = list(check.stops.select_related("kelurahan").order_by("place"))
        expect(here(page, 1).get_by_role("heading", level=2)).to_have_text(stops[0].office.name)
        expect(here(page, 1).locator(".live[data-state=live]")).to_be_visible()
        page.wait_for_function("() => document.querySelector('#kantor-1 video').currentTime > 0.5")
        assert list(View.objects.values_list("why", "user")) == [("spot_check", world.walikota.pk)]

        mark(page, "Tertib")
        here(page, 1).get_by_role("button", name="Ambil gambar").click()
        expect(here(page, 1).locator(".taken img")).to_be_visible()
        here(page, 1).get_by_role("button", name="Hapus cuplikan").click()
        expect(here(page, 1).locator(".taken img")).to_have_count(0)
        here(page, 1).get_by_role("button", name="Ambil gambar").click()
        expect(here(page, 1).locator(".taken img")).to_be_visible()
        assert here(page, 1).locator(".taken").bounding_box()["height"] > 40  # type: ignore[index]
        expect(queue).to_have_text("Semua terkirim")
        assert fits(page)

        page.context.set_offline(True)
        swipe(page, "2 dari 3")
        mark(page, "Tutup")
        mark(page, "Kosong")
        here(page, 2).get_by_label("Catatan").fill("Lampu mati")
        page.keyboard.press("Tab")
        expect(queue).to_have_text("1 temuan menunggu jaringan")
        swipe(page, "3 dari 3")
        mark(page, "Gangguan kamera")
        expect(queue).to_have_text("2 temuan menunggu jaringan")
        assert SpotEntry.objects.count() == 4

        page.context.set_offline(False)
        expect(queue).to_have_text("Semua terkirim")
        removed, kept = SpotPicture.objects.select_related("entry").order_by("pk")
        assert removed.removed_at
        assert not kept.removed_at
        entries = list(SpotEntry.objects.order_by("pk").values_list("stop__place", "kind", "mark", "text"))
        assert entries == [
            (1, "mark", "orderly", ""),
            (1, "snapshot", "", ""),
            (1, "remove", "", str(removed.entry.uuid)),
            (1, "snapshot", "", ""),
            (2, "mark", "closed", ""),
            (2, "mark", "empty", ""),
            (2, "note", "", "Lampu mati"),
            (3, "mark", "camera", ""),
        ]
        times = list(SpotEntry.objects.order_by("pk").values_list("entered_at", flat=True))
        assert times[4:] == sorted(times[4:])
        assert kept.source == "live"

        page.locator("#stops").press("ArrowRight")
        expect(progress).to_have_text("Ringkasan")
        expect(page.locator("[data-tally]")).to_have_text("2 temuan akan dikirim")
        page.locator("summary", has_text="Selesaikan inspeksi").click()
        page.get_by_role("button", name="Ya, selesaikan dan kirim").click()
        expect(page.get_by_role("heading", name=f"Inspeksi nomor {check.pk}")).to_be_visible()
        expect(page.locator(".headline")).to_contain_text("Tertib 1 · Kosong 1 · Gangguan kamera 1")
        expect(page.get_by_text("Undian ini dapat dihitung ulang")).to_be_visible()
        assert fits(page)
        page.go_back()
        expect(page).to_have_url(f"{site.url}/sidak/")
    assert set(Finding.objects.values_list("stop__mark", flat=True)) == {"empty", "camera"}


def test_a_round_that_was_closed_without_a_line_goes_on_where_it_was_and_loses_nothing(
    chrome: Any, site: Daphne, world: World
) -> None:
    made: list[SpotCheck] = []
    offices = [world.ilir35, world.ulu5, world.kemang]
    aside(lambda: made.append(spotchecks.start_with(world.walikota, "list", offices, "", timezone.now())))
    with opened(chrome, site, world.walikota, 1440) as page:
        page.goto(f"/sidak/{made[0].pk}/periksa/")
        expect(page.locator("[data-progress]")).to_have_text("1 dari 3")
        # The connection breaks after the server has stored the mark, before the phone receives the response.
        page.route("**/kirim/", lambda route: (route.fetch(), route.abort()))
        mark(page, "Perilaku")
        expect(page.locator("[data-queue]")).to_have_text("1 temuan menunggu jaringan")
        page.keyboard.press("ArrowRight")
        expect(page.locator("[data-progress]")).to_have_text("2 dari 3")
        mark(page, "Tertib")
        expect(page.locator("[data-queue]")).to_have_text("2 temuan menunggu jaringan")
        page.goto("about:blank")
        page.unroute_all(behavior="ignoreErrors")

        page.goto("/sidak/")
        expect(page.get_by_text("2 dari 3 diperiksa")).to_be_visible()
        page.get_by_role("link", name="Lanjutkan inspeksi").click()
        expect(page.locator("[data-progress]")).to_have_text("3 dari 3")
        page.keyboard.press("ArrowLeft")
        expect(page.locator("[data-progress]")).to_have_text("2 dari 3")
        expect(page.locator(".marks").get_by_role("button", name="Tertib")).to_have_attribute("aria-pressed", "true")

        kept: Any = page.context.cookies()
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        mark(page, "Lain")
        expect(page.locator("[data-queue]")).to_contain_text("Sesi berakhir")
        page.context.add_cookies(kept)  # as after signing in again in another tab
        expect(page.locator("[data-queue]")).to_have_text("Semua terkirim")
    assert list(SpotEntry.objects.order_by("pk").values_list("stop__place", "mark")) == [
        (1, "conduct"),
        (2, "orderly"),
        (2, "other"),
    ]
    assert list(SpotStop.objects.order_by("place").values_list("mark", flat=True)) == ["conduct", "other", ""]
