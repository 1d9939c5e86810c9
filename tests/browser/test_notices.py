"""The page of notifications in a real Chromium: when it asks for permission, and what it shows without it.

Headless Chromium has no push service. The browser's PushManager is therefore replaced; a real subscription's keys are
registered, tested against a push service on the loopback, and revoked.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from discipline.notices.models import Device, NoticeRule
from tests.support.base import World
from tests.support.browsing import fits, opened
from tests.support.processes import Daphne
from tests.support.push_service import Browser, PushService, push_service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUSH_MANAGER = """
(() => {
  const given = %s;
  let now = sessionStorage.getItem("subscribed") ? given : null;
  const subscription = {
    endpoint: given.endpoint,
    toJSON: () => given,
    unsubscribe: async () => { sessionStorage.removeItem("subscribed"); now = null; return true; },
  };
  const pushManager = {
    subscribe: async ({ applicationServerKey, userVisibleOnly }) => {
      if (applicationServerKey.length !== 65 || !userVisibleOnly) throw new Error("not as browsers want it");
      sessionStorage.setItem("subscribed", "1");
      now = given;
      return subscription;
    },
    getSubscription: async () => now && subscription,
  };
  const registration = { pushManager };
  const workers = ServiceWorkerContainer.prototype;
  Object.defineProperty(workers, "ready", { get: () => Promise.resolve(registration) });
  workers.getRegistration = async () => registration;
})();
"""


@pytest.fixture(scope="module")
def chromium_path(whole_chromium_path: str) -> str:
    """The whole browser, as the headless shell shows no notifications."""
    return whole_chromium_path


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


@pytest.fixture
def site(world: World) -> Iterator[Daphne]:
    del world  # requested for its effect
    with Daphne({"PUSH_PRIVATE_HOSTS": "1"}) as running:
        yield running


def with_push(page: Page, phone: Browser) -> None:
    page.add_init_script(PUSH_MANAGER % json.dumps(phone.subscription()))


def test_a_camat_turns_it_on_tests_it_sets_rules_and_turns_it_off(
    chrome: Any, site: Daphne, world: World, service: PushService
) -> None:
    phone = service.browser("phone")
    with opened(chrome, site, world.budi, 390, permissions=["notifications"]) as page:
        with_push(page, phone)
        page.goto("/pemberitahuan/")
        expect(page.get_by_text("Perangkat ini belum menerima")).to_be_visible()
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert fits(page)
        page.get_by_role("button", name="Nyalakan di perangkat ini").click()
        expect(page.get_by_text("Perangkat ini menerima pemberitahuan.")).to_be_visible()
        expect(page.locator(".mine")).to_be_visible()
        assert Device.objects.get().user_id == world.budi.pk
        page.get_by_role("button", name="Kirim percobaan").click()
        expect(page.get_by_text("Percobaan diserahkan")).to_be_visible()
        assert service.messages(phone)[0]["title"] == "Percobaan dari Sidak"
        absence = page.get_by_role("group", name="Loket kosong")
        absence.get_by_label("Ringkasan").check()
        page.get_by_label("Beri tahu setelah kosong").fill("20")
        page.get_by_text("Hanya wilayah tertentu").click()
        page.get_by_label("Kemang Manis").check()
        page.get_by_role("button", name="Simpan aturan").click()
        expect(page.get_by_text("Aturan tersimpan")).to_be_visible()
        rule = NoticeRule.objects.get()
        assert (rule.modes, rule.min_minutes) == ({"absence": "digest"}, 20)
        assert [office.name for office in rule.kelurahan.all()] == ["Kemang Manis"]
        page.get_by_role("button", name="Matikan di perangkat ini").click()
        expect(page.get_by_text("Perangkat ini belum menerima")).to_be_visible()
        assert Device.objects.get().ended_why == "revoked"


def test_it_says_in_words_why_it_can_not_be(chrome: Any, site: Daphne, world: World) -> None:
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604.1"
    with opened(chrome, site, world.dewi, 390, user_agent=iphone) as page:
        page.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
        page.goto("/pemberitahuan/")
        expect(page.get_by_text("diblokir untuk situs ini")).to_be_visible()
        expect(page.get_by_role("button", name="Nyalakan di perangkat ini")).to_be_hidden()
        page.add_init_script("delete window.PushManager")
        page.reload()
        expect(page.get_by_text("harus dipasang di layar utama")).to_be_visible()
    with opened(chrome, site, world.dewi, 390) as page:
        page.add_init_script("delete window.PushManager")
        page.goto("/pemberitahuan/")
        expect(page.get_by_text("tidak mendukung pemberitahuan")).to_be_visible()
