"""Journeys of the usability review that no other browser test walks, on a phone in Indonesian, at a desk in English.

The others are in test_board_system.py (the headline counts what is seen), board/test_board.py and test_search.py,
test_drafts.py and test_users.py (dead ends), test_inbox.py, and test_camera_troubles.py.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, Page, expect

from discipline.core import wording
from discipline.ops.chain_checks import checks
from streams.cameras.models import Camera
from streams.evidence import store
from tests.support.base import World
from tests.support.browsing import aside, fits, opened
from tests.support.exhibited import exhibited_absence
from tests.support.past_week import PastWeek
from tests.support.processes import Daphne

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize(("width", "language"), [(390, "id"), (1440, "en")]),
]
Say = Callable[[str], str]


@pytest.fixture
def say(language: str) -> Say:
    """Return an Indonesian text in the language of the page."""

    def translated(text: str) -> str:
        with override(language):
            return gettext(text)

    return translated


@pytest.fixture
def page(chrome: Browser, site: Daphne, viewer: User, width: int, language: str) -> Iterator[Page]:
    with opened(chrome, site, viewer, width) as page:
        page.context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
        yield page
        assert fits(page)


class TestInspectorate:
    @pytest.fixture
    def viewer(self, world: World) -> User:
        return world.intan

    def test_opens_an_original_from_its_indication_and_checks_the_chain(
        self, page: Page, say: Say, world: World, footage: Path
    ) -> None:
        alert = exhibited_absence(world.counter(world.ilir35), footage)
        page.goto(f"/indikasi/{alert.pk}/")
        always = page.get_by_text(say("Sepanjang jam layanan hari itu kamera selalu dapat menilai."))
        unseen = page.get_by_text(say("Berakhir karena kamera tidak lagi dapat menilai"))
        assert not (always.count() and unseen.count()), "the page contradicts itself"
        page.get_by_role("link", name=say("Buka asli")).first.click()
        page.locator("[name=reason]").fill("Pemeriksaan aduan nomor 12")
        page.get_by_role("button", name=say("Catat alasan dan buka")).click()
        picture = page.locator(".original img, .original video")
        expect(picture).to_be_visible()
        assert fits(page)
        aside(lambda: store.seal_days(timezone.now()))
        page.goto("/bukti/rantai/")
        page.get_by_role("button", name=say("Periksa sekarang")).click()
        aside(checks.make_requested)
        expect(page.get_by_text(say("Semua bukti utuh.")).first).to_be_visible()


class TestLurah:
    @pytest.fixture
    def viewer(self, world: World) -> User:
        return world.dewi

    def test_sees_of_which_day_an_old_indication_is(self, page: Page, language: str, world: World) -> None:
        since = timezone.now() - timedelta(days=3)
        aside(lambda: world.accuse(world.counter(world.ilir35), since=since))
        page.goto("/indikasi/?tahap=semua")
        with override(language):
            heading = wording.day_heading(wording.local(since), wording.local(timezone.now()))
        expect(page.locator(".day-heading")).to_have_text(heading)


class TestCamat:
    @pytest.fixture
    def viewer(self, world: World) -> User:
        return world.budi

    def test_finds_the_worst_office_first_and_turns_the_order_round(self, page: Page, say: Say, world: World) -> None:
        made: list[PastWeek] = []
        aside(lambda: made.append(PastWeek(world)))
        page.goto(f"/laporan/16.71.01/{made[0].week.key}/")
        lowest = page.locator(".standout", has=page.get_by_role("heading", name=say("Ketersediaan terendah")))
        expect(lowest.locator("li").first).to_contain_text("35 Ilir")
        names = page.locator("table.parts tbody:first-of-type tr[data-part] th a")
        header = page.locator("table.parts").get_by_role("columnheader", name=say("Nama"))
        header.get_by_role("link").click()
        expect(header).to_have_attribute("aria-sort", "ascending")
        ascending = names.all_inner_texts()
        header.get_by_role("link").click()
        expect(header).to_have_attribute("aria-sort", "descending")
        assert len(ascending) > 1
        assert names.all_inner_texts() == ascending[::-1]


class TestOperator:
    @pytest.fixture
    def viewer(self, world: World) -> User:
        return world.ani

    def test_gives_no_office_the_camera_of_another_by_a_slip(self, page: Page, say: Say, world: World) -> None:
        taken = world.cameras[world.ilir35.pk]
        aside(lambda: Camera.objects.filter(pk=taken.pk).update(url="rtsp://127.0.0.1:1/cam005"))
        page.goto("/kamera/tambah/")
        page.locator("[name=kelurahan]").fill(f"{world.kemang.name}, {world.kemang.kecamatan.name}")
        page.locator("[name=name]").fill("Ruang tunggu")
        page.locator("[name=url]").fill("rtsp://127.0.0.1:1/cam005")
        page.get_by_role("button", name=say("Simpan dan gambar zona")).click()
        refused = say("Alamat ini sudah dipakai %(office)s, %(camera)s.")
        expect(page.get_by_text(refused % {"office": "35 Ilir", "camera": taken.name})).to_be_visible()
        expect(page.locator("[name=name]")).to_have_value("Ruang tunggu")
        assert fits(page)
        page.locator("[name=shared]").check()
        page.get_by_role("button", name=say("Simpan dan gambar zona")).click()
        page.wait_for_url(re.compile(r"/kamera/\d+/zona/"))
