"""An incident from the room to an agency's phone, which loses its network in between, and back to a second person."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from discipline.incidents.models import Incident
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.tasks.models import Task, TaskStep
from discipline.incidents.tasks.state_rule import TaskState
from offices.access.models import Membership
from offices.places.models import Agency
from tests.support.base import World, member
from tests.support.browsing import fits, opened
from tests.support.incidents import incident_type
from tests.support.pictures import jpeg
from tests.support.processes import Daphne
from tests.support.visitors import room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = os.environ.get("LOOKS")  # a folder for pictures of the pages, to look at them


def look(page: Page, name: str) -> None:
    if LOOKS:
        for width, theme in ((390, "light"), (390, "dark"), (1440, "light"), (1440, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=f"{LOOKS}/{name}-{width}-{theme}.png", full_page=True)
        page.set_viewport_size({"width": 390, "height": 844})


def test_a_flood_goes_from_the_room_to_a_phone_without_a_network_and_is_closed_by_another(
    chrome: Browser, site: Daphne, tmp_path: Path
) -> None:
    world = World()
    incident_type("flood")
    dishub = Agency.objects.create(code="dishub", name="Dinas Perhubungan")
    gita = member("gita", Membership.Role.AGENCY, agency=dishub)
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(jpeg(room()))

    with opened(chrome, site, world.ani, 1440) as page:
        page.goto("/kejadian/")
        expect(page.get_by_text("Tidak ada kejadian di sini.")).to_be_visible()
        page.get_by_role("link", name="Buka kejadian").click()
        page.get_by_label("Apa yang terjadi").fill("Genangan di bawah jembatan")
        page.locator(".pin-map .map-place").click(position={"x": 200, "y": 120})
        expect(page.get_by_label("Lintang")).not_to_have_value("")
        page.get_by_label("Alamat atau patokan").fill("Jl. Merdeka, depan pasar")
        look(page, "new")
        page.get_by_role("main").get_by_role("button", name="Buka kejadian").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Genangan di bawah jembatan")
        page.get_by_label("Siapa").select_option("dishub")
        page.get_by_label("Apa yang diminta").fill("Alihkan lalu lintas")
        page.get_by_role("button", name="Tugaskan", exact=True).click()
        expect(page.get_by_text("Tugas dikirim kepada Dinas Perhubungan.")).to_be_visible()
        assert fits(page)
        look(page, "incident")

    with opened(chrome, site, gita, 390, has_touch=True, is_mobile=True) as page:
        page.goto("/tugas/")
        look(page, "tasks")
        page.get_by_role("link", name="Genangan di bawah jembatan").click()
        assert fits(page)
        look(page, "task")
        page.get_by_role("button", name="Terima tugas").click()
        expect(page.get_by_text("Dinas Perhubungan: Diterima")).to_be_visible()

        page.context.set_offline(True)
        page.get_by_role("button", name="Saya di lokasi").click()
        expect(page.get_by_text("Langkah yang belum terkirim: 1")).to_be_visible()
        page.get_by_label("Foto hasilnya").set_input_files(photo)
        page.get_by_label("Apa yang dikerjakan").fill("Pompa dinyalakan, air surut")
        look(page, "done")
        page.get_by_role("button", name="Kirim, tugas selesai").click()
        expect(page.get_by_text("Langkah yang belum terkirim: 2")).to_be_visible()
        assert Task.objects.get().status is TaskState.ACCEPTED
        page.context.set_offline(False)
        expect(page.get_by_text("Dinas Perhubungan: Selesai")).to_be_visible()
        assert TaskStep.objects.count() == 4  # asked, accepted, arrived, done
        assert TaskStep.objects.get(state=TaskState.DONE).attachment

    with opened(chrome, site, world.ani, 390) as page:
        page.goto("/kejadian/antrean/")
        expect(page.get_by_text("Ditangani", exact=False)).to_be_visible()
        look(page, "queue")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Verifikasi").click()
        expect(page.get_by_text("Tercatat: Diverifikasi.")).to_be_visible()
        page.get_by_role("button", name="Tutup kejadian").click()
        expect(page.get_by_text("Tercatat: Ditutup.")).to_be_visible()
        look(page, "closed")
    assert Incident.objects.get().status is IncidentState.CLOSED
