"""An operator adds an API client in a real Chromium on desktop and phone; its token then reads from the same server."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.support.base import World
from tests.support.browsing import opened
from tests.support.processes import Daphne
from tests.support.push_service import PushService, push_service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bkpsdm() -> Iterator[PushService]:
    with push_service() as service:
        yield service


@pytest.fixture
def site(world: World) -> Iterator[Daphne]:
    del world  # requested for its effect
    with Daphne({"API_WEBHOOK_PRIVATE_HOSTS": "1"}) as running:
        yield running


def read(site: Daphne, path: str, token: str) -> Any:
    request = Request(f"{site.url}/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)


def let_in(page: Page) -> str:
    """Create an API client through the account menu; return its token."""
    page.goto("/pemberitahuan/")
    page.get_by_label("Akun dan tampilan").click()
    page.get_by_role("link", name="Integrasi").click()
    page.get_by_role("link", name="Tambah sistem pertama").click()
    page.get_by_label("Nama sistem").fill("Presensi BKPSDM")
    page.get_by_label("Tujuan").fill("Rekap bulanan")
    page.get_by_label("Narahubung").fill("Bidang Disiplin")
    page.get_by_role("button", name="Buat token").click()
    expect(page.get_by_text("Pilih sedikitnya satu kecamatan")).to_be_visible()
    page.get_by_label("Seberang Ulu I", exact=True).check()
    page.get_by_role("button", name="Buat token").click()
    expect(page.get_by_role("heading", name="Token untuk Presensi BKPSDM")).to_be_visible()
    page.get_by_role("button", name="Salin").click()
    expect(page.get_by_role("button", name="Tersalin")).to_be_visible()
    return page.get_by_label("Token", exact=True).input_value()


def test_a_system_is_given_access_called_and_revoked(
    chrome: Any, world: World, site: Daphne, bkpsdm: PushService, width: int
) -> None:
    with opened(chrome, site, world.ani, width) as page:
        token = let_in(page)
        assert [one["code"] for one in read(site, "kantor", token)["items"]] == ["16.71.02.1004", "16.71.02.1005"]
        page.get_by_role("link", name="Sudah saya salin").click()
        page.get_by_label("Alamat webhook").fill(f"{bkpsdm.url}/hook")
        page.get_by_role("button", name="Tambah webhook").click()
        page.get_by_role("link", name="Sudah saya salin").click()
        page.get_by_role("button", name="Kirim percobaan").click()
        expect(page.get_by_text("Percobaan diterima oleh alamat itu.")).to_be_visible()
        assert [json.loads(one.body)["event"] for one in bkpsdm.got] == ["test"]
        page.get_by_role("link", name="Cabut", exact=True).click()
        page.get_by_role("button", name="Ya, cabut token").click()
        expect(page.get_by_text("Dicabut", exact=True)).to_be_visible()
        with pytest.raises(HTTPError, match="401"):
            read(site, "kantor", token)
