"""What was typed survives a session that ended, and a form that was refused; it leaves with who signs out."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from discipline.alerts.models import Alert, Decision
from tests.support.base import PASSWORD, World
from tests.support.browsing import aside, fits
from tests.support.phone import session_of
from tests.support.processes import Daphne
from tests.support.story import absence_of_eighteen_minutes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "Rapat dadakan di kantor camat, surat menyusul"


@pytest.fixture
def indication(world: World) -> str:
    """The address of an indication that Dewi may explain."""
    world.dewi.password = make_password(PASSWORD, hasher="pbkdf2_sha256")  # the site knows none of the fast hashes
    aside(world.dewi.save)
    stored: list[Alert] = []
    aside(lambda: stored.append(absence_of_eighteen_minutes(world.counter(world.ilir35))))
    return f"/indikasi/{stored[0].pk}/"


@pytest.fixture
def page(chrome: Browser, world: World, indication: str, width: int) -> Iterator[Page]:
    """The indication's page, opened by Dewi."""
    with Daphne() as site:
        context = chrome.new_context(
            base_url=site.url, viewport={"width": width, "height": 844}, locale="id-ID", service_workers="block"
        )
        context.add_cookies([{"name": "sessionid", "value": session_of(world.dewi), "url": site.url}])
        page = context.new_page()
        page.goto(indication)
        yield page
        context.close()


def explain(page: Page) -> None:
    page.locator("[data-explain] select").select_option(index=1)
    page.locator("[data-explain] textarea").fill(TEXT)
    page.get_by_role("button", name="Kirim penjelasan").click()


def draft(page: Page) -> str:
    return page.locator("[data-explain] textarea").input_value()


def test_a_session_that_ended_loses_no_text(page: Page, indication: str) -> None:
    aside(Session.objects.all().delete)
    explain(page)
    page.get_by_label("Nama pengguna").fill("dewi")
    page.get_by_label("Sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url(f"**{indication}")
    expect(page.get_by_text("Isian yang belum terkirim dipulihkan.")).to_be_visible()
    assert draft(page) == TEXT
    explain(page)
    expect(page.get_by_text("Penjelasan tersimpan.")).to_be_visible()
    assert draft(page) == ""
    stored: list[str] = []
    aside(lambda: stored.extend(Decision.objects.values_list("text", flat=True)))
    assert stored == [TEXT]


def test_a_form_of_another_session_is_refused_in_the_house_style(page: Page, indication: str) -> None:
    page.locator("[data-explain] [name=csrfmiddlewaretoken]").evaluate(
        "(field) => { field.value = 'b'.repeat(64); }"  # as after signing in again in another tab
    )
    explain(page)
    expect(page.get_by_role("heading", name="belum tersimpan")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Kembali ke halaman tadi").click()
    page.wait_for_url(f"**{indication}")
    assert draft(page) == TEXT


def test_signing_out_leaves_no_text_in_the_tab(page: Page) -> None:
    page.locator("[data-explain] textarea").fill(TEXT)
    page.reload()
    assert draft(page) == TEXT
    page.get_by_label("Akun dan tampilan").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_label("Nama pengguna")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
