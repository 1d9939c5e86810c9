"""A camera is steered in a real Chromium, before a real Daphne and a simulated camera's ONVIF."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from streams.control.steering.models import HomePreset
from streams.live.public.models import PublicPoint
from streams.simulator.onvif import OnvifFace
from streams.simulator.onvif_ptz import PtzHead
from tests.support.base import World
from tests.support.browsing import SERIOUS, aside, fits
from tests.support.public_points import public_point
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATIENCE_S = 20.0


@pytest.fixture
def head() -> PtzHead:
    return PtzHead(presets={"1": ("Simpang", (0.0, 0.0, 0.0)), "2": ("Sungai", (0.5, 0.0, 0.5))})


@pytest.fixture
def point(world: World, head: PtzHead) -> Iterator[PublicPoint]:
    del world  # first
    with OnvifFace(user="kotarahasia", password="sandi9", ptz=head) as face:
        made = public_point(url="rtsp://127.0.0.1:1/kanal")
        assert made.camera
        HomePreset.objects.create(camera=made.camera, token="1", name="Simpang", onvif_port=face.port)
        yield made


@pytest.fixture
def viewer(world: World) -> User:
    return world.ani


@pytest.fixture
def width() -> int:
    return 390


def test_a_held_button_moves_the_camera_and_silence_stops_it(page: Page, point: PublicPoint, head: PtzHead) -> None:
    page.goto("/titik/T-001/")
    page.get_by_role("link", name="Arahkan kamera").click()
    left = page.get_by_role("button", name="Ke kiri")
    expect(left).to_be_disabled()
    page.get_by_role("button", name="Ambil kendali").click()
    expect(page.get_by_text("Anda mengarahkan kamera ini.")).to_be_visible()
    assert fits(page)

    left.hover()
    page.mouse.down()
    wait_until(lambda: head.position[0] < -0.35, PATIENCE_S)  # longer than a single command lasts
    page.mouse.up()
    wait_until(lambda: not head.moving, PATIENCE_S)
    assert set(head.moves) == {(-0.5, 0.0, 0.0)}
    expect(page.get_by_text("siaran publiknya ditutup")).to_be_visible()

    page.keyboard.down("+")
    wait_until(lambda: head.moving, PATIENCE_S)
    page.keyboard.up("+")
    wait_until(lambda: not head.moving, PATIENCE_S)

    page.locator(".steer-drag").scroll_into_view_if_needed()
    box = page.locator(".steer-drag").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y, steps=3)
    wait_until(lambda: head.moving, PATIENCE_S)
    page.mouse.move(x + box["height"], y, steps=3)
    wait_until(lambda: head.moves[-1] == (1.0, 0.0, 0.0), PATIENCE_S)
    page.mouse.up()
    wait_until(lambda: not head.moving, PATIENCE_S)
    assert 0 < head.moves[-2][0] < 0.6, "slower where the way was short"
    made = len(head.moves)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 4)
    wait_until(lambda: len(head.moves) > made and not head.moving, PATIENCE_S)
    assert head.moves[-1][0] == 0
    assert head.moves[-1][1] > 0, "a tap above the middle"

    for name in ("Sungai", "Simpang"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Lebih dahulu: Sungai").click()
    page.get_by_role("button", name="Mulai keliling").click()
    expect(page.get_by_text("Sedang berkeliling, sekarang: Sungai")).to_be_visible()
    wait_until(lambda: head.position == (0.5, 0.0, 0.5), PATIENCE_S)
    page.evaluate(AXE_SCRIPT)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its literals
        assert page.evaluate(SERIOUS) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert fits(page)

    page.keyboard.down("ArrowUp")
    wait_until(lambda: head.moving, PATIENCE_S)
    page.evaluate("WebSocket.prototype.send = () => {}")  # the network is gone, the key is still held
    wait_until(lambda: not head.moving, PATIENCE_S)
    expect(page.get_by_role("button", name="Mulai keliling")).to_be_visible()  # steering has ended it
    page.reload()
    page.get_by_role("button", name="Ambil kendali").click()
    page.get_by_role("button", name="Sungai", exact=True).click()
    wait_until(lambda: head.position == (0.5, 0.0, 0.5), PATIENCE_S)
    page.get_by_role("button", name="Selesai").click()
    wait_until(lambda: head.position == (0.0, 0.0, 0.0), PATIENCE_S)
    expect(page.get_by_role("button", name="Ambil kendali")).to_be_visible()
    expect(page.get_by_text("siaran publiknya ditutup")).to_be_hidden()
    aside(lambda: _closed_until_it_settles(point))


def _closed_until_it_settles(point: PublicPoint) -> None:
    closure = point.closures.get(ended_at=None)
    assert closure.until
    assert (closure.until - timezone.now()).total_seconds() < 16
