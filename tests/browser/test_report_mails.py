"""Unsubscribing from a report by its mail, and choosing reports on the page, in a real Chromium."""

from typing import Any

import pytest
from playwright.sync_api import expect

from discipline.reports.mail import subscriptions
from discipline.reports.mail.kinds import MailKind
from tests.support.base import World
from tests.support.browsing import fits, opened
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_camat_stops_the_daily_report_on_a_phone_takes_it_back_and_chooses_at_the_desk(
    chrome: Any, site: Daphne, world: World
) -> None:
    type(world.budi).objects.filter(pk=world.budi.pk).update(email="budi@example.test")
    phone = chrome.new_context(base_url=site.url, viewport={"width": 390, "height": 844}, locale="id-ID")
    page = phone.new_page()
    page.goto(f"/pemberitahuan/laporan/berhenti/{subscriptions.stop_token(world.budi.pk, MailKind.DAY)}/")
    page.get_by_role("button", name="Berhenti menerima").click()
    expect(page.get_by_role("heading", name="Laporan harian tidak dikirim lagi")).to_be_visible()
    assert fits(page)
    assert not subscriptions.subscriptions_of(world.budi.pk)[MailKind.DAY]
    page.get_by_role("button", name="Kirim lagi").click()
    expect(page.get_by_role("button", name="Berhenti menerima")).to_be_visible()
    phone.close()
    with opened(chrome, site, world.budi, 1440) as desk:
        desk.goto("/pemberitahuan/")
        expect(desk.get_by_label("Laporan harian")).to_be_checked()
        desk.get_by_label("Laporan mingguan").uncheck()
        desk.get_by_role("button", name="Simpan pilihan laporan").click()
        expect(desk.get_by_text("Pilihan laporan lewat e-mail tersimpan.")).to_be_visible()
        expect(desk.get_by_label("Laporan mingguan")).not_to_be_checked()
    assert subscriptions.subscriptions_of(world.budi.pk) == {
        MailKind.DAY: True,
        MailKind.WEEK: False,
        MailKind.MONTH: True,
        MailKind.INCIDENTS: False,
    }
