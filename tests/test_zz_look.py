from typing import Any
import pytest
from datetime import timedelta
from django.conf import settings
from discipline.mailing import sending, subscribing
from discipline.models import ReportMail
from discipline.reports import rollups
from discipline.reports.period import Kind
from tests.attendance import MONDAY, staffed, blind, wib
from tests.base import World
from tests.browsing import aside, chromium, opened
from tests.processes import Daphne

pytestmark = [pytest.mark.django_db(transaction=True)]

def test_look(chromium_path: str, tmp_path: Any) -> None:
    world = World()
    def story() -> None:
        one = world.counter(world.ilir35)
        staffed(one, MONDAY, away=("10:00", "10:18"))
        staffed(one, MONDAY+timedelta(days=1), late_to="08:05")
        staffed(world.counter(world.kemang), MONDAY)
        rollups.keep(wib(MONDAY+timedelta(days=4), "18:00"))
        for name in ("budi", "citra"):
            u = getattr(world, name); u.email = f"{name}.kecamatan@palembang.example"; u.save()
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        settings.EMAIL_FILE_PATH = "/tmp/w/mail-out"
        sending.run(wib(MONDAY+timedelta(days=1), "06:30"))
        ReportMail.objects.filter(user=world.budi, kind="minggu").update(state="waiting", ended_at=None, why="450 greylisted", tries=1)
    aside(story)
    site = Daphne()
    token = subscribing.token(world.budi.pk, Kind.DAY)
    stop = f"/pemberitahuan/laporan/berhenti/{token}/"
    with chromium(chromium_path) as chrome:
        for theme in ("light", "dark"):
            for width in (390, 1440):
                with opened(chrome, site, world.budi, width, color_scheme=theme) as page:
                    page.goto("/pemberitahuan/")
                    page.locator("section[aria-labelledby=report-mails]").scroll_into_view_if_needed()
                    page.locator("section[aria-labelledby=report-mails]").screenshot(path=f"/tmp/w/mail-section-{width}-{theme}.png")
                    if theme == "light":
                        page.screenshot(path=f"/tmp/w/mail-notices-{width}.png", full_page=True)
                with opened(chrome, site, world.eko, width, color_scheme=theme) as page:
                    page.goto("/pemberitahuan/")
                    page.locator("section[aria-labelledby=report-mails]").screenshot(path=f"/tmp/w/mail-noaddress-{width}-{theme}.png")
        for width in (390, 1440):
            context = chrome.new_context(base_url=site.url, viewport={"width": width, "height": 700}, locale="id-ID", color_scheme="dark" if width == 390 else "light")
            page = context.new_page()
            page.goto(stop); page.screenshot(path=f"/tmp/w/mail-stop-{width}.png")
            page.get_by_role("button", name="Berhenti menerima").click(); page.wait_for_load_state()
            page.screenshot(path=f"/tmp/w/mail-stopped-{width}.png")
            page.get_by_role("button", name="Kirim lagi").click(); page.wait_for_load_state()
            page.goto(stop+"x"); page.screenshot(path=f"/tmp/w/mail-bad-{width}.png")
            page.goto("file:///tmp/w/mail-letter.html"); page.screenshot(path=f"/tmp/w/mail-letter-{width}.png")
            context.close()
    site.kill()
