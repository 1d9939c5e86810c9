"""Signing in with a second factor in a real Chromium, as in production: the site runs without DEMO."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from tests.support.application_role import application_url
from tests.support.base import PASSWORD, World
from tests.support.browsing import fits
from tests.support.factors import shown_code
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(world: World) -> Iterator[Daphne]:
    cache.clear()  # codes of users with the same ids in tests before
    for user in (world.ani, world.intan):  # the site knows none of the tests' fast hashes
        user.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
        user.save()
    with application_url() as url, Daphne({"DEMO": "0", "DATABASE_URL": url}) as running:
        yield running


@pytest.fixture
def page(chrome: Browser, site: Daphne, width: int) -> Iterator[Page]:
    """A page of nobody yet, at a host for which browsers make passkeys."""
    address = site.url.replace("127.0.0.1", "localhost")
    context = chrome.new_context(base_url=address, viewport={"width": width, "height": 844}, locale="id-ID")
    yield context.new_page()
    context.close()


def sign_in(page: Page, name: str) -> None:
    page.goto("/masuk/")
    page.get_by_label("Nama pengguna").fill(name)
    page.get_by_label("Sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_label("Akun dan tampilan").click()
    page.get_by_role("button", name="Keluar").click()


def confirm_password(page: Page) -> None:
    page.get_by_label("Sandi").fill(PASSWORD)
    page.get_by_role("button", name="Lanjut").click()


def add_authenticator(page: Page) -> None:
    """Give the browser a finger sensor, on which somebody always lays the right finger."""
    chrome = page.context.new_cdp_session(page)
    chrome.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    more = {"isUserVerified": True, "automaticPresenceSimulation": True}
    chrome.send("WebAuthn.addVirtualAuthenticator", {"options": options | more})


def test_an_operator_enrols_a_passkey_and_signs_in_with_it_alone(page: Page) -> None:
    add_authenticator(page)
    sign_in(page, "ani")
    expect(page.get_by_role("heading", name="Langkah kedua")).to_be_visible()
    page.goto("/kamera/")
    expect(page.get_by_text("sampai itu terpasang, halaman lain tertutup")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Tambah passkey").click()
    confirm_password(page)
    page.get_by_label("Nama perangkat").fill("Ponsel Ani")
    assert fits(page)
    page.get_by_role("button", name="Buat passkey").click()
    expect(page.get_by_role("heading", name="Kode cadangan")).to_be_visible()
    assert page.locator(".codes li").count() == 10
    assert fits(page)
    page.goto("/kamera/")
    expect(page.get_by_role("heading", name="Kamera", exact=True)).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Masuk dengan passkey").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    sign_out(page)
    sign_in(page, "ani")  # or with the password, and the passkey as the second step
    page.get_by_role("button", name="Pakai passkey").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    page.goto("/akun/")
    expect(page.get_by_text("perangkat ini")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Atur", exact=True).click()
    page.get_by_role("listitem").filter(has_text="Ponsel Ani").get_by_role("link", name="Hapus").click()
    expect(page.get_by_role("heading", name="Tegaskan bahwa ini Anda")).to_be_visible()


def test_the_inspectorate_enrols_an_app_and_enters_its_code(page: Page) -> None:
    sign_in(page, "intan")
    page.get_by_role("link", name="Pasang aplikasi kode").click()
    confirm_password(page)
    expect(page.get_by_alt_text("Kode QR untuk aplikasi kode")).to_be_visible()
    assert page.evaluate("document.querySelector('.qr').naturalWidth") > 0
    assert fits(page)
    secret = page.locator("code").inner_text()
    page.get_by_label("Kode enam angka yang ditunjukkannya").fill("12345")
    page.get_by_role("button", name="Pasang").click()
    expect(page.get_by_text("Kode itu salah atau sudah dipakai.")).to_be_visible()
    page.get_by_label("Kode enam angka yang ditunjukkannya").fill(shown_code(secret))
    page.get_by_role("button", name="Pasang").click()
    expect(page.get_by_role("heading", name="Kode cadangan")).to_be_visible()
    recovery = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="Sudah disimpan").click()
    expect(page.get_by_role("heading", name="Akun saya")).to_be_visible()
    for code in (shown_code(secret), recovery):
        sign_out(page)
        sign_in(page, "intan")
        expect(page.get_by_label("Kode")).to_be_visible()
        expect(page.get_by_role("button", name="Pakai passkey")).to_have_count(0)
        page.get_by_label("Kode").fill("000000")
        page.get_by_role("button", name="Masuk").click()
        expect(page.get_by_text("Kode itu salah atau sudah dipakai.")).to_be_visible()
        assert fits(page)
        page.get_by_label("Kode").fill(code)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(lambda url: urlsplit(url).path == "/")
