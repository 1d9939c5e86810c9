"""An operator draws where rubbish is dumped, switches hints on, and decides one by key, in a real Chromium."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from offices.access.models import Membership
from streams.cameras.models import Camera
from streams.looks.streets.models import HintClip, HintSetting, StreetHint
from streams.simulator.street.film import Film
from streams.simulator.street.layouts import STREETS
from streams.simulator.street.scenes import StreetLight, StreetScene
from streams.source import newest_picture
from streams.source.mp4_file import write_mp4
from streams.source.ring import Clip, Stream
from tests.support.base import member
from tests.support.browsing import fits, opened
from tests.support.filming import filmed
from tests.support.pictures import forget_pictures, jpeg
from tests.support.places import camera_at, street_point

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KERB = ((0.66, 0.45), (0.74, 0.43), (0.85, 0.6), (0.74, 0.63))


@pytest.fixture
def camera() -> Iterator[Camera]:
    """Yield a camera over the market's street, whose newest picture shows rubbish."""
    camera = camera_at(street_point(), "Timur")
    shown = jpeg(Film(STREETS["pasar"], StreetScene.RUBBISH_MUCH, StreetLight.DAY).picture(0.0))
    newest_picture.store_picture(camera.pk, shown, {"at": datetime.now(UTC).isoformat()})
    yield camera
    forget_pictures(camera.pk)


def noticed(camera: Camera, folder: Path) -> StreetHint:
    """Create and return a hint with its picture and a clip of six seconds."""
    now = datetime.now(UTC)
    newest = newest_picture.newest_picture(camera.pk)
    assert newest
    hint = StreetHint.objects.create(camera=camera, kind="rubbish", level="banyak", started_at=now, jpeg=newest[0])
    write_mp4(Clip(Stream("h264", b"", 1 / 90_000), 0.0, filmed()), folder / "clip.mp4")
    HintClip.objects.create(hint=hint, mp4=(folder / "clip.mp4").read_bytes(), began_at=now)
    return hint


def test_he_draws_a_place_switches_hints_on_and_decides_by_key(
    chrome: Any, live_server: Any, camera: Camera, tmp_path: Path
) -> None:
    ani = member("ani", Membership.Role.OPERATOR)
    with opened(chrome, live_server, ani, 390) as page:
        page.goto(f"/petunjuk/atur/{camera.pk}/rubbish/")
        picture = page.locator("#place img")
        box = picture.bounding_box()
        assert box
        for x, y in ((0.1, 0.1), *KERB):
            picture.click(position={"x": x * box["width"], "y": y * box["height"]})
            if x == 0.1:
                page.get_by_role("button", name="Mulai lagi").click()
        assert len((page.locator("#place polygon").first.get_attribute("points") or "").split()) == len(KERB)
        assert fits(page)
        page.get_by_label("Petunjuk muncul setelah tergeletak (menit)").fill("15")
        page.get_by_label("Petunjuk menyala").check()
        page.get_by_role("button", name="Simpan").click()
        expect(page.get_by_text("Petunjuk menyala.")).to_be_visible()
        setting = HintSetting.objects.get()
        assert (setting.kind, setting.on, setting.minutes) == ("rubbish", True, 15)
        drawn = [pytest.approx(corner, abs=0.01) for corner in KERB]
        assert [tuple(corner) for corner in setting.polygon] == drawn

        hint = noticed(camera, tmp_path)
        page.goto("/petunjuk/")
        assert fits(page)
        page.get_by_text("Klip saat petunjuk muncul").click()
        film = page.locator("video")
        film.evaluate("async video => { await video.play(); }")
        expect(film).not_to_have_js_property("currentTime", 0)
        page.keyboard.press("y")
        expect(page.locator(".pill", has_text="Benar")).to_be_visible()
        hint.refresh_from_db()
        assert (hint.decision, hint.decided_by) == ("yes", ani)
