"""What an open board says of Sidak itself: incidents, lost cameras, parts that stand still."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.db.models.functions import Now
from django.utils import timezone
from playwright.sync_api import Page, expect

from discipline.board import rows as board_rows
from discipline.core.models import Heartbeat
from discipline.ops.watch import incident_opening
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import StandingState
from offices.places.models import Kelurahan
from tests.support.base import World
from tests.support.browsing import aside

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_system_incident_is_one_sentence_on_every_open_page_and_goes_by_itself(page: Page) -> None:
    page.goto("/")
    banner = page.locator("#incident")
    expect(banner).to_be_hidden()
    page.evaluate("window.unreloaded = true")
    report = incident_opening.IncidentReport(SystemIncident.Kind.FLEET_BLIND, timezone.now(), 84, 107)
    aside(partial(incident_opening.open_incident, report, timezone.now()))
    expect(banner).to_contain_text("84 dari 107 kamera tidak terbaca. Tidak ada indikasi yang dibuat selama gangguan.")
    expect(page.locator('#summary [data-part="unseen"]')).to_have_text("4 tidak terpantau")
    expect(page.locator("#summary .serving:visible")).to_have_text("Saat ini tidak ada kantor yang terpantau")
    expect(page.locator("#troubled > li")).to_have_count(0)
    expect(page.locator("#feed > li")).to_have_count(0)
    written = banner.inner_text()
    page.reload()
    assert banner.inner_text() == written, "the server says the same as the browser"
    SystemIncident.objects.update(ended_at=timezone.now())
    aside(board_rows.announce_incident)
    expect(banner).to_be_hidden()


def test_lost_cameras_leave_the_figures_and_the_board_says_that_it_may_be_the_system(page: Page, world: World) -> None:
    """Camera after camera is lost, which is no incident, until three of four are."""
    page.goto("/")
    page.wait_for_timeout(300)
    page.evaluate("window.unreloaded = true")
    notice, headline = page.locator("#fleet > p"), page.locator("#summary > :visible:not(.terms-mark)")
    kecamatan = page.locator('[data-kecamatan="16.71.02"] h3')
    shown = "[data-kind]:visible, [data-part]:visible"
    expect(headline).to_have_text(["4 dari 4 yang terpantau melayani"])
    expect(notice).to_be_hidden()
    for office, numbers, beside in (
        (world.ulu5, "3 dari 3 yang terpantau melayani", ["1/1 melayani", "1 tidak terpantau"]),
        (world.ulu34, "2 dari 2 yang terpantau melayani", ["2 tidak terpantau"]),
        (world.ilir35, "1 dari 1 yang terpantau melayani", ["2 tidak terpantau"]),
    ):
        stand(world, office, StandingState.UNKNOWN)
        expect(headline.first).to_have_text(numbers)
        expect(kecamatan.locator(shown)).to_have_text(beside)
    expect(notice).to_have_text(
        re.compile(r"Mungkin gangguan sistem, bukan kantornya\.\s+3 dari 4 kamera tidak terbaca\.")
    )
    stand(world, world.kemang, StandingState.UNKNOWN)
    expect(headline).to_have_text(["Saat ini tidak ada kantor yang terpantau", "4 tidak terpantau"])
    expect(notice).to_contain_text("4 dari 4 kamera")
    live = written(page)
    page.reload()
    assert written(page) == live, "the server says the same as the browser"
    page.wait_for_timeout(300)
    page.evaluate("window.unreloaded = true")
    for office in world.offices.values():
        stand(world, office, StandingState.STAFFED)
    expect(notice).to_be_hidden()
    expect(headline).to_have_text(["4 dari 4 yang terpantau melayani"])
    expect(kecamatan.locator(shown)).to_have_text(["2/2 melayani"])
    for office in world.offices.values():
        stand(world, office, StandingState.CLOSED)
    expect(headline).to_have_text(["Saat ini tidak ada kantor dalam jam layanan", "4 di luar jam layanan"])
    expect(kecamatan.locator(shown)).to_have_text(["tutup"])
    live = written(page)
    page.reload()
    assert written(page) == live


def test_the_board_says_what_stands_still_of_the_system(page: Page) -> None:
    page.goto("/")
    page.wait_for_timeout(300)
    page.evaluate("window.unreloaded = true")
    notice = page.locator("#still > p")
    expect(notice).to_be_hidden()
    long_ago = Now() - timedelta(minutes=5)
    aside(lambda: Heartbeat.objects.create(part="sweep", at=long_ago))
    expect(notice).to_contain_text("Bagian sistem yang berhenti: pemeriksa tenggat. Yang tampil bisa terlambat.")
    aside(lambda: Heartbeat.objects.create(part="worker", at=long_ago))
    expect(notice).to_contain_text("Bagian sistem yang berhenti: pekerja latar, pemeriksa tenggat.")
    live = notice.inner_text()
    page.reload()
    assert notice.inner_text() == live, "the server says the same as the browser"
    page.wait_for_timeout(300)
    page.evaluate("window.unreloaded = true")
    aside(lambda: Heartbeat.objects.update(at=Now()))
    expect(notice).to_be_hidden()


def stand(world: World, office: Kelurahan, state: StandingState) -> None:
    """Set all counters of an office to a state that began ten minutes ago, and announce it."""
    for counter in world.counters[office.pk]:
        world.stand(counter, state, timezone.now() - timedelta(minutes=10))
    aside(lambda: board_rows.announce_changes({counter.pk for counter in world.counters[office.pk]}, set()))


def written(page: Page) -> list[str]:
    return [text for part in ("#summary", "#fleet", ".kecamatan h3") for text in page.locator(part).all_inner_texts()]
