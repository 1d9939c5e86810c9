"""A checker of the inspectorate judges clips by thumb and by keys, without being told where they were taken."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from discipline.spotchecks.sample.models import ConductJudgement
from offices.hours.models import HoursPlan
from tests.support.base import World
from tests.support.browsing import aside, fits, opened
from tests.support.conduct import ALL_NO, drawn, filmed_clip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sample_of(world: World) -> None:
    """Draw three moments of each office, and keep a clip of each."""
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    now = timezone.now()
    for clip in drawn(world.intan, now, second_percent=0).clips.all():
        filmed_clip(clip, now)


def playing(page: Page) -> None:
    page.wait_for_function("() => document.querySelector('[data-film]').currentTime > 0.2")


def test_clips_are_judged_blind_by_thumb_and_by_keys(chrome: Any, live_server: Any, world: World) -> None:
    aside(lambda: sample_of(world))
    with opened(chrome, live_server, world.intan, 390, has_touch=True, is_mobile=True) as page:
        page.goto("/sidak/contoh/")
        page.get_by_role("link", name="Nilai 12 klip").tap()
        expect(page.locator(".judge-progress")).to_have_text("1 dari 12")
        playing(page)
        seen = page.content()
        assert not [office.name for office in world.offices.values() if office.name in seen or office.code in seen]
        page.get_by_role("button", name="Simpan").tap()
        expect(page.locator("[data-missing]")).to_be_visible()
        page.get_by_role("group", name="Makan saat melayani").get_by_role("radio", name="Ya").tap()
        page.get_by_role("button", name="Sisanya tidak").tap()
        assert fits(page)
        page.get_by_role("button", name="Simpan").tap()
        expect(page.locator(".judge-progress")).to_have_text("2 dari 12")
    with opened(chrome, live_server, world.intan, 1440) as page:
        page.goto("/sidak/contoh/nilai/")
        first = page.locator("[data-film]").get_attribute("src")
        for key in ("2", "3", "3", "3", "t", "Enter"):  # a private telephone; asleep can't be told
            page.keyboard.press(key)
        expect(page.locator(".judge-progress")).to_have_text("3 dari 12")
        page.keyboard.press("u")
        expect(page.locator(".judge-progress")).to_have_text("2 dari 12")
        assert page.locator("[data-film]").get_attribute("src") == first
        page.keyboard.press("x")
        expect(page.locator(".judge-progress")).to_have_text("3 dari 12")
        page.goto("/sidak/contoh/")
        expect(page.get_by_text("12 saat diundi, 12 ada klip, 2 dinilai")).to_be_visible()
        assert fits(page)
    found: list[tuple[bool, dict[str, str], bool]] = []
    rows = ConductJudgement.objects.order_by("pk")
    aside(lambda: found.extend((one.usable, one.answers, one.undoes_id is not None) for one in rows))
    phone = ALL_NO | {"phone": "yes", "asleep": "unsure"}
    assert found == [
        (True, ALL_NO | {"eating": "yes"}, False),
        (True, phone, False),
        (True, phone, True),
        (False, {}, False),
    ]
