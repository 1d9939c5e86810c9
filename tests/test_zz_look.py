from typing import Any
import pytest
from discipline.mailing import subscribing
from discipline.models import ReportMail
from discipline.reports.period import Kind
from tests.base import World, MORNING
from tests.browsing import chromium
from tests.phone import phone, session_of
from tests.processes import Daphne
from tests.test_accessible_browser import complaints

pytestmark = [pytest.mark.django_db(transaction=True)]

def test_look(chromium_path: str) -> None:
    world = World()
    type(world.budi).objects.filter(pk=world.budi.pk).update(email="budi.kecamatan.ilir.barat.dua@palembang.example")
    for kind, state, why in (("hari", "sent", ""), ("minggu", "waiting", "450 greylisted_by_a_server_with_an_extraordinarily_long_word_in_its_answer"), ("bulan", "failed", "550 no such user")):
        ReportMail.objects.create(user=world.budi, kind=kind, period="2026-11-20", place="16.71.01", created_at=MORNING, next_try_at=MORNING, state=state, why=why, ended_at=None if state == "waiting" else MORNING)
    site = Daphne()
    token = subscribing.token(world.budi.pk, Kind.DAY)
    stop = f"/pemberitahuan/laporan/berhenti/{token}/"
    found = []
    with chromium(chromium_path) as chrome:
        with phone(chrome, site.url, session_of(world.budi), service_workers="block") as page:
            found += complaints(page, "/pemberitahuan/")
        with phone(chrome, site.url, "", service_workers="block") as page:
            found += complaints(page, stop)
            pass
        for who, name in ((session_of(world.budi), "in"), ("", "out")):
            with phone(chrome, site.url, who, service_workers="block") as page:
                page.context.add_cookies([{"name": "django_language", "value": "en", "url": site.url}])
                page.set_viewport_size({"width": 390, "height": 800})
                page.goto(stop); page.screenshot(path=f"/tmp/w/mail-en-stop-{name}.png")
                if name == "in":
                    page.goto("/pemberitahuan/")
                    page.locator("section[aria-labelledby=report-mails]").screenshot(path="/tmp/w/mail-en-section.png")
                else:
                    page.get_by_role("button", name="Stop it").click(); page.wait_for_load_state()
                    page.screenshot(path="/tmp/w/mail-en-stopped.png")
                    page.goto(stop[:-2] + "x/"); page.screenshot(path="/tmp/w/mail-en-bad.png")
    site.kill()
    print("COMPLAINTS", found)
