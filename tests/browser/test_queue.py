"""The operator's keys on the queue: take, task, merge, no incident, a prank that is taken back, and the checklist."""

import pytest
from playwright.sync_api import Browser, expect

from discipline.incidents.calls.models import IncomingCall
from discipline.incidents.models import Incident, IncidentSource
from offices.places.models import Agency
from tests.support.base import World
from tests.support.browsing import aside, opened
from tests.support.complaints import a_complaint
from tests.support.incidents import an_incident
from tests.support.looking import look
from tests.support.places import camera_at, street_point
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def happen(world: World) -> None:
    """Let the queue hold three incidents, two of which are alike, and a resident's report."""
    Agency.objects.get_or_create(code="dishub", defaults={"name": "Dinas Perhubungan"})
    point = street_point()
    camera_at(point)
    pin = {"latitude": point.latitude, "longitude": point.longitude}
    for number, title in enumerate(("Banjir satu", "Banjir dua", "Banjir jauh")):
        place = pin if number < 2 else {"latitude": -2.9, "longitude": 104.7}
        an_incident(world, source=IncidentSource.HINT, source_key=f"hint:{number}", title=title, **place)
    a_complaint(world)


def test_an_operator_works_the_queue_by_keys(chrome: Browser, site: Daphne) -> None:
    world = World()
    aside(lambda: happen(world))
    one, two, far = Incident.objects.order_by("pk")

    with opened(chrome, site, world.ani, 1440) as page:
        page.goto("/kejadian/antrean/")
        expect(page.locator("[data-item]")).to_have_count(4)
        look(page, "queue")
        keys, done, dialog = page.keyboard, page.locator("[data-done]"), page.get_by_role("dialog")

        keys.press("j")
        keys.press("t")  # nobody has accepted it: no dialog
        keys.press("a")
        expect(page.locator(f"[data-item='incident:{one.pk}'] .pill")).to_have_text("ani")
        page.locator(f"[data-item='incident:{one.pk}']").focus()
        keys.press("t")
        expect(dialog).to_be_visible()
        page.get_by_label("Siapa").select_option("dishub")
        page.get_by_label("Apa yang diminta").fill("Alihkan arus")
        look(page, "task")
        keys.press("Enter")
        expect(done).to_contain_text("Tugas dikirim kepada Dinas Perhubungan.")
        expect(page.locator(f"[data-item='incident:{one.pk}']")).to_have_count(0)

        page.locator(f"[data-item='incident:{two.pk}']").focus()
        keys.press("g")
        expect(dialog.get_by_role("button", name=f"Gabungkan {two.number} ke {one.number}")).to_be_focused()
        look(page, "merge")
        keys.press("Enter")
        expect(done).to_contain_text(f"{two.number} digabungkan ke {one.number}.")
        expect(page.locator(f"[data-item='incident:{far.pk}']")).to_be_focused()  # the next one
        keys.press("b")
        page.get_by_label("Alasan singkat").press("Enter")
        expect(dialog.locator(".field-error")).to_be_visible()
        page.get_by_label("Alasan singkat").fill("Genangan biasa")
        keys.press("Enter")
        expect(done).to_contain_text(f"{far.number} dicatat bukan kejadian.")
        assert [*Incident.objects.order_by("pk").values_list("state", flat=True)] == [
            "tasked",
            "duplicate",
            "unfounded",
        ]

        keys.press("i")
        expect(done).to_contain_text("Panggilan dicatat: Iseng")
        expect(page.get_by_text("1 iseng")).to_be_visible()  # the rows came anew
        look(page, "done")
        done.get_by_role("button", name="Batalkan").click()
        expect(page.get_by_text("Catatan panggilan dibatalkan.")).to_be_visible()
        assert IncomingCall.objects.count() == 2
        look(page, "calls")

        page.goto("/kejadian/antrean/")
        keys.press("p")
        expect(page.get_by_label("Kata-kata penelepon")).to_be_visible()
        look(page, "call")
        page.goto(f"/kejadian/{one.pk}/")
        page.get_by_role("button", name="Sudah dikerjakan: langkah 1").click()
        expect(page.get_by_text("1 dari 7 langkah")).to_be_visible()
        look(page, "incident")
        page.get_by_role("link", name="Semua versi").click()
        look(page, "procedure")
        page.get_by_role("link", name="Prosedur").click()
        look(page, "procedures")
