import pytest
from datetime import timedelta
from discipline.reports import rollups
from tests.attendance import MONDAY, staffed, wib
from tests.base import World
from tests.browsing import aside, chromium
from tests.phone import phone, session_of
from tests.processes import Daphne
from tests.test_accessible_browser import complaints
pytestmark = [pytest.mark.django_db(transaction=True)]

def test_look(chromium_path: str) -> None:
    world = World()
    def story() -> None:
        one = world.counter(world.ilir35)
        staffed(one, MONDAY, away=("10:00", "10:18"))
        rollups.keep(wib(MONDAY+timedelta(days=1), "05:00"))
    aside(story)
    site = Daphne()
    found = []
    with chromium(chromium_path) as chrome:
        with phone(chrome, site.url, session_of(world.budi), service_workers="block") as page:
            found += complaints(page, "/laporan/16.71.01/2026-11-16/")
            page.set_viewport_size({"width": 390, "height": 844})
            page.goto("/laporan/16.71.01/2026-11-16/")
            page.screenshot(path="/tmp/w/mail-report.png", full_page=True)
            page.locator("#berkas").screenshot(path="/tmp/w/mail-files.png")
    site.kill()
    print("COMPLAINTS", found)
