"""A lurah rotates, on a phone: the operator hands over, the successor sets a password, the predecessor is out."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from tests.support.base import World
from tests.support.browsing import fits, opened
from tests.support.password_links import NEW
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def viewer(world: World) -> User:
    return world.ani


@pytest.fixture(params=[390], ids=["phone"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def hand_over(page: Page) -> str:
    """Hand 35 Ilir over from the list on, and return the path of the new account's link."""
    page.goto("/")
    page.get_by_label("Akun dan tampilan").click()
    page.get_by_role("link", name="Pengguna").click()
    page.get_by_role("searchbox", name="Cari").fill("35 ilir")
    page.get_by_label("Peran").select_option("lurah")
    page.get_by_role("button", name="Saring").click()
    assert fits(page)
    page.get_by_role("link", name="dewi").click()
    expect(page.get_by_label("Kelurahan, untuk lurah")).to_be_visible()
    expect(page.get_by_label("Kecamatan, untuk camat")).to_be_hidden()
    assert fits(page)
    page.get_by_role("link", name="Serah terima").click()
    expect(page.get_by_label("Peran", exact=True)).to_be_hidden()
    page.get_by_label("Pindah ke peran di bawah").check()
    expect(page.get_by_label("Peran", exact=True)).to_be_visible()
    page.get_by_label("Diblokir, tanpa peran").check()
    page.get_by_label("Nama pengguna").fill("lurah.baru")
    page.get_by_label("Nama atau jabatan").fill("Lurah 35 Ilir")
    assert fits(page)
    page.get_by_role("button", name="Serahkan dan buat tautan").click()
    link = page.get_by_label("Tautan", exact=True).input_value()
    page.get_by_role("button", name="Salin tautan").click()
    expect(page.get_by_role("button", name="Tersalin")).to_be_visible()
    assert fits(page)
    return link.removeprefix(settings.SITE_URL)


def test_a_lurah_rotates(page: Page, chrome: Browser, site: Daphne, world: World) -> None:
    with opened(chrome, site, world.dewi, 390) as old:
        old.goto("/")
        expect(old.get_by_role("link", name="35 Ilir").first).to_be_visible()
        link = hand_over(page)
        # By itself, as its socket was told.
        expect(old.get_by_text("Sesi Anda berakhir")).to_be_visible()
        old.goto(link)  # the successor has the same telephone
        old.get_by_label("Sandi baru", exact=True).fill(NEW)
        old.get_by_label("Sandi baru, sekali lagi").fill(NEW)
        old.get_by_role("button", name="Simpan sandi").click()
        old.get_by_label("Nama pengguna").fill("lurah.baru")
        old.get_by_label("Sandi").fill(NEW)
        old.get_by_role("button", name="Masuk", exact=True).click()
        old.wait_for_url(lambda url: urlsplit(url).path == "/")
        old.goto("/akun/")
        expect(old.get_by_text("perangkat ini")).to_be_visible()
        assert fits(old)
