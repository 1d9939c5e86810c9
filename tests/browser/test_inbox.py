"""The camat's list of indications in a real Chromium: beside each other on a desk, by keyboard, and on a phone."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone
from playwright.sync_api import Page, expect

from discipline.alerts.decisions.record import DecisionStatement, record_decision
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from tests.support.base import World
from tests.support.browsing import aside, fits, opened
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBER = 10
SERIOUS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))"""


@pytest.fixture
def viewer(world: World) -> Any:
    return world.budi


@pytest.fixture
def alerts(world: World) -> list[Alert]:
    """Ten indications of yesterday and today that their lurah has explained, nearest deadline first."""
    now, made = timezone.now(), []
    for n in range(NUMBER):
        since = now - timedelta(days=n % 2, minutes=20 + n)
        made.append(
            world.accuse(
                world.counter(world.ilir35, 1 + n % 2),
                since=since,
                raised_at=since + timedelta(minutes=10),
                ended_at=since + timedelta(minutes=15),
                explain_by=now + timedelta(days=3, minutes=n),
            )
        )
    statement = DecisionStatement(DecisionAct.EXPLAINED, None, "dinas_luar", "Rapat di kecamatan, surat tugas menyusul")
    aside(lambda: [record_decision(alert, world.dewi, statement, now) for alert in made])
    return made


@pytest.fixture
def desk(chrome: Any, site: Daphne, world: World) -> Iterator[Page]:
    with opened(chrome, site, world.budi, 1440) as page:
        yield page


@pytest.fixture
def inbox(desk: Page, alerts: list[Alert]) -> Page:
    """The list on a desk, with a mark that a reload would lose."""
    desk.goto("/indikasi/")
    expect(desk.locator(".inbox-row")).to_have_count(len(alerts))
    desk.evaluate("window.unreloaded = true")
    return desk


def shown(page: Page, alert: Alert) -> None:
    """Wait until the indication is open beside the list, and reachable by its address."""
    expect(page.locator(f'.inbox-row[data-indication="{alert.pk}"] a[aria-current]')).to_be_visible()
    expect(page.locator(f'#detail form[action$="/{alert.pk}/putuskan/"]').first).to_be_attached()
    expect(page.locator("#detail")).not_to_have_attribute("aria-busy", "true")
    assert f"buka={alert.pk}" in page.url


def outcomes() -> list[str]:
    return list(Alert.objects.order_by("pk").values_list("outcome", flat=True))


def test_ten_indications_are_decided_by_keyboard_in_under_two_minutes(inbox: Page, alerts: list[Alert]) -> None:
    begin = time.monotonic()
    inbox.keyboard.press("j")
    for number, alert in enumerate(alerts):
        shown(inbox, alert)
        if number % 5 == 4:
            inbox.keyboard.press("a")
            expect(inbox.locator("#mistake-reason")).to_be_focused()
            inbox.locator("#mistake-reason").select_option("staff_there")
            inbox.keyboard.press("Control+Enter")
        else:
            key, button = ("i", "Catat dengan izin") if number % 2 else ("c", "Ya, benar kosong")
            inbox.keyboard.press(key)
            expect(inbox.get_by_role("button", name=button)).to_be_focused()
            inbox.keyboard.press("Enter")
    expect(inbox.locator("#detail [data-all-done]")).to_be_visible()
    took = time.monotonic() - begin
    assert took < 120, took
    assert outcomes() == ["confirmed", "excused"] * 2 + ["false_alarm", "excused"] + ["confirmed", "excused"] + [
        "confirmed",
        "false_alarm",
    ]
    assert set(Decision.objects.filter(what="excused").values_list("reason", flat=True)) == {"dinas_luar"}
    assert inbox.evaluate("window.unreloaded")
    expect(inbox.locator(".badge[data-waiting]")).to_be_hidden()
    expect(inbox.locator('[data-stage="putuskan"]')).to_have_text("0")


def test_back_reload_and_a_plain_link_lead_where_they_should(inbox: Page, alerts: list[Alert]) -> None:
    inbox.locator(".inbox-row a").nth(1).click()
    shown(inbox, alerts[1])
    inbox.locator(".inbox-row a").nth(3).click()
    shown(inbox, alerts[3])
    inbox.go_back()
    shown(inbox, alerts[1])
    inbox.go_back()
    expect(inbox.locator("#detail [data-nothing]")).to_be_visible()
    assert "buka" not in inbox.url
    inbox.go_forward()
    shown(inbox, alerts[1])
    assert inbox.evaluate("window.unreloaded")
    inbox.reload()
    shown(inbox, alerts[1])
    with inbox.context.expect_page() as other:
        inbox.locator(".inbox-row a").nth(2).click(modifiers=["Control"])
    other.value.wait_for_url(f"**/indikasi/{alerts[2].pk}/")
    other.value.close()


def test_a_decision_is_undone_from_the_message_and_both_stay_in_the_history(inbox: Page, alerts: list[Alert]) -> None:
    inbox.keyboard.press("j")
    shown(inbox, alerts[0])
    inbox.keyboard.press("c")
    inbox.keyboard.press("Enter")
    shown(inbox, alerts[1])
    expect(inbox.locator("#toast")).to_contain_text("Indikasi dikonfirmasi")
    expect(inbox.locator("#toast")).to_contain_text(re.compile(r"sisa \d\.\d\d"))
    row = inbox.locator(f'.inbox-row[data-indication="{alerts[0].pk}"]')
    expect(row.locator(".pill")).to_have_text("Dikonfirmasi")
    inbox.keyboard.press("u")
    shown(inbox, alerts[0])
    expect(row.locator(".pill")).to_have_text("Perlu keputusan")
    expect(inbox.locator("#detail .history > li")).to_have_count(3)
    assert outcomes()[0] == ""
    inbox.keyboard.press("i")
    inbox.keyboard.press("Enter")
    shown(inbox, alerts[1])
    assert [row.what for row in alerts[0].decisions.order_by("pk")] == ["explained", "confirmed", "undone", "excused"]


def test_several_are_excused_with_one_confirmation_and_taken_back_together(inbox: Page, alerts: list[Alert]) -> None:
    for number in (0, 2):
        inbox.locator(".inbox-row .pick").nth(number).click()
    inbox.locator("summary", has_text="Beri izin yang dipilih").click()
    assert not Decision.objects.filter(what="excused").exists()
    inbox.get_by_role("button", name="Ya, beri izin").click()
    expect(inbox.locator("#toast")).to_contain_text("2 indikasi diberi izin")
    assert outcomes()[:4] == ["excused", "", "excused", ""]
    inbox.get_by_role("button", name="Urungkan").click()
    expect(inbox.locator("#toast")).to_contain_text("Keputusan diurungkan")
    assert outcomes() == [""] * NUMBER
    inbox.locator(".inbox-row .pick").nth(0).click()
    inbox.locator("summary", has_text="Beri izin yang dipilih").click()
    inbox.get_by_role("button", name="Ya, beri izin").click()
    expect(inbox.locator("#toast")).to_contain_text("1 indikasi diberi izin")
    assert alerts[0].decisions.count() == 4


def test_letters_typed_into_a_field_are_letters_and_help_shows_the_keys(inbox: Page, alerts: list[Alert]) -> None:
    inbox.keyboard.press("?")
    expect(inbox.get_by_role("dialog")).to_contain_text("Indikasi berikutnya")
    inbox.keyboard.press("j")
    assert "buka" not in inbox.url
    inbox.keyboard.press("Escape")
    inbox.get_by_role("button", name="Pintasan").click()
    expect(inbox.get_by_role("dialog")).to_be_visible()
    inbox.keyboard.press("Escape")
    inbox.keyboard.press("j")
    inbox.keyboard.press("j")
    inbox.keyboard.press("k")
    shown(inbox, alerts[0])
    inbox.keyboard.press("i")
    inbox.locator("#excuse-text").click()
    inbox.keyboard.type("jika ada cuti ?")
    expect(inbox.locator("#excuse-text")).to_have_value("jika ada cuti ?")
    shown(inbox, alerts[0])
    inbox.keyboard.press("Escape")
    expect(inbox.locator("#excuse-text")).to_be_hidden()
    assert outcomes() == [""] * NUMBER


def test_a_refused_decision_keeps_the_note_and_shows_what_came_in(
    inbox: Page, alerts: list[Alert], world: World
) -> None:
    inbox.keyboard.press("j")
    shown(inbox, alerts[0])
    inbox.route("**/putuskan/", lambda route: route.abort())
    inbox.keyboard.press("i")
    inbox.locator("#excuse-text").fill("Surat tugas nomor 12")
    inbox.keyboard.press("Control+Enter")
    expect(inbox.locator("#toast")).to_contain_text("Belum tersimpan")
    expect(inbox.locator("#excuse-text")).to_have_value("Surat tugas nomor 12")
    inbox.unroute("**/putuskan/")
    newest = alerts[0].decisions.latest("pk")
    more = DecisionStatement(DecisionAct.EXPLAINED, newest.pk, "sakit", "Satu surat lagi")
    aside(lambda: record_decision(alerts[0], world.dewi, more, timezone.now()))
    inbox.keyboard.press("Control+Enter")
    expect(inbox.locator("#toast")).to_contain_text("baru saja masuk")
    expect(inbox.locator("#detail .letter")).to_contain_text("Satu surat lagi")
    assert outcomes() == [""] * NUMBER


def test_a_late_letter_is_answered_with_one_key(desk: Page, world: World, alerts: list[Alert]) -> None:
    now = timezone.now()

    def decide_then_explain() -> None:
        for alert in alerts:
            seen = alert.decisions.latest("pk").pk
            record_decision(alert, world.budi, DecisionStatement(DecisionAct.CONFIRMED, seen), now)
        seen = alerts[4].decisions.latest("pk").pk
        letter = DecisionStatement(DecisionAct.EXPLAINED, seen, "dinas_luar", "Surat tugas terlampir")
        record_decision(alerts[4], world.dewi, letter, now)

    aside(decide_then_explain)
    desk.goto("/indikasi/")
    expect(desk.locator(".inbox-row")).to_have_count(1)
    expect(desk.locator(".inbox-row")).to_contain_text("Surat baru")
    desk.keyboard.press("j")
    shown(desk, alerts[4])
    expect(desk.locator("#detail .letter")).to_contain_text("Surat tugas terlampir")
    desk.keyboard.press("t")
    desk.keyboard.press("Enter")
    expect(desk.locator("#toast")).to_contain_text("keputusan tetap")
    expect(desk.locator("#detail [data-all-done]")).to_be_visible()
    assert alerts[4].decisions.latest("pk").what == "upheld"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_list_and_detail_are_accessible(inbox: Page, alerts: list[Alert], theme: Any) -> None:
    inbox.emulate_media(color_scheme=theme)
    inbox.locator(".inbox-row .pick").first.click()
    inbox.keyboard.press("j")
    shown(inbox, alerts[0])
    inbox.keyboard.press("i")
    inbox.locator("summary", has_text="Beri izin yang dipilih").click()
    assert fits(inbox)
    inbox.evaluate(AXE_SCRIPT)
    assert inbox.evaluate(SERIOUS) == []
    inbox.keyboard.press("?")
    assert inbox.evaluate(SERIOUS) == []


def test_on_a_phone_a_row_leads_to_its_page(chrome: Any, site: Daphne, world: World, alerts: list[Alert]) -> None:
    with opened(chrome, site, world.budi, 390) as page:
        page.goto("/indikasi/")
        assert fits(page)
        expect(page.locator("h2.day-heading").first).to_be_visible()
        expect(page.locator("#detail")).to_be_hidden()
        page.locator(".inbox-row .pick").first.click()
        page.locator("summary", has_text="Beri izin yang dipilih").click()
        page.get_by_role("button", name="Ya, beri izin").click()
        expect(page.locator("#toast")).to_contain_text("1 indikasi diberi izin")
        assert fits(page)
        page.locator(".inbox-row a").nth(1).click()
        page.wait_for_url(f"**/indikasi/{alerts[1].pk}/")
        page.goto(f"/indikasi/?buka={alerts[2].pk}")
        page.wait_for_url(f"**/indikasi/{alerts[2].pk}/")
