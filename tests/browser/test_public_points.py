"""A street point as anybody sees it: a real camera (simulated), a real watch, Daphne and Chromium, without a login."""

from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from playwright.sync_api import Browser, Page, expect

from discipline.staffing import ledger
from streams.cameras.models import Camera
from streams.live.public import closures, plan
from streams.live.public.models import PublicClosure, PublicPoint
from streams.simulator.simulator import Simulator
from streams.source.hls.playlist_rule import PLAYLIST, STILL
from tests.support.base import MORNING, World
from tests.support.browsing import aside, fits, opened
from tests.support.processes import Daphne, start_watch
from tests.support.public_points import public_point
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PATIENCE_S = 150.0


@pytest.fixture
def point(footage: Path) -> Iterator[PublicPoint]:
    """A public point that a watch reads."""
    ledger.schedule.forget()
    World()
    Camera.objects.all().delete()
    with Simulator(cameras=1, footage=footage) as simulator:
        made = public_point(url=simulator.url(1))
        watch = start_watch("satu")
        try:
            yield made
        finally:
            watch.terminate()
            watch.wait(15)
            plan.folder().remove("T-001")
            plan.folder().reopen("T-001")


@pytest.fixture
def passer_by(chrome: Browser, point: PublicPoint) -> Iterator[Page]:
    """A page of somebody who is not signed in, on a phone."""
    del point  # first
    with Daphne() as site, opened(chrome, site, None, 390) as page:
        yield page


def moves(page: Page) -> None:
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.5", timeout=60_000)
    before = page.evaluate("document.querySelector('video').currentTime")
    page.wait_for_function("(before) => document.querySelector('video').currentTime > before + 3", arg=before)


def test_anybody_watches_a_point_until_an_operator_closes_it(passer_by: Page, point: PublicPoint) -> None:
    page, folder = passer_by, plan.folder().of_point("T-001")
    wait_until(lambda: len(list(folder.glob("seg-*"))) > 2 and (folder / STILL).exists(), PATIENCE_S)

    page.goto("/publik/")
    expect(page.locator(".point .state-word")).to_have_text("Langsung")
    assert fits(page)
    page.get_by_role("button", name="Peta").click()
    expect(page.locator(".map a.pin")).to_have_attribute("href", "/publik/T-001/")
    page.locator(".point a").click()
    still = page.locator("#player img")
    expect(still).to_have_js_property("complete", True)
    assert still.evaluate("image => image.naturalWidth") == 640
    assert fits(page)

    page.locator("#player").evaluate("player => { player.dataset.pause = '12'; }")
    page.get_by_role("button", name="Tonton langsung").click()
    moves(page)
    with av.open(f"{page.url.replace('/publik/', '/langsung/')}{PLAYLIST}") as stream:
        video = stream.streams.video[0]
        assert video.codec_context.name == "h264"
        assert not stream.streams.audio
        assert len([frame for frame, _ in zip(stream.decode(video), range(40), strict=False)]) == 40
    expect(page.get_by_text("Masih menonton?")).to_be_visible()
    expect(page.locator("video")).to_be_hidden()
    page.get_by_role("button", name="Lanjutkan").click()
    moves(page)

    aside(lambda: closures.close_point(point, PublicClosure.Cause.OPERATOR, "Kecelakaan ditangani", MORNING))
    assert not folder.exists()
    expect(page.locator("#now")).to_contain_text("Kecelakaan ditangani")
    expect(page.locator("#player img, video:visible")).to_have_count(0)
    assert page.request.get(f"/langsung/T-001/{PLAYLIST}").status == 404
    wait_until(lambda: not folder.exists(), 10)
