"""From a hint to a hearing: an operator opens the incident and asks Satpol PP, whose officer opens a case file on the
phone, takes a still of the clip with a walker's head hidden, and hands it over.
"""

from datetime import timedelta
from typing import Any

import cv2
import numpy as np
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from discipline.incidents.case_file import files, making
from discipline.incidents.case_file.models import CaseFile, CasePart
from discipline.incidents.models import Incident
from streams.evidence.recording.models import RecordedMinute
from streams.looks.streets.models import StreetHint
from tests.support.base import World
from tests.support.browsing import aside, fits, opened
from tests.support.case_files import enforcer, officer, record_people
from tests.support.pictures import jpeg
from tests.support.places import camera_at, street_point
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SERIOUS = """async () => (await axe.run()).violations.filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => [one.id, one.nodes[0].html])"""


def sound(page: Page) -> bool:
    """Return whether the page fits its window and axe-core finds nothing serious."""
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(SERIOUS) == []
    return fits(page)


def stored(kind: str) -> Any:
    """Return the only picture of this kind."""
    image = cv2.imread(str(files.path_of(CasePart.objects.get(kind=kind))))
    assert image is not None
    return image.astype(int)


def incident_from(page: Page) -> Incident:
    """Confirm the only hint, open an incident from it and ask Satpol PP; return the incident."""
    page.goto("/petunjuk/")
    page.get_by_role("button", name="Benar").click()
    page.get_by_role("link", name="Buka kejadian").click()
    page.get_by_role("main").get_by_role("button", name="Buka kejadian").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sampah: banyak")
    page.get_by_label("Siapa").select_option("satpolpp")
    page.get_by_label("Apa yang diminta").fill("Periksa siapa yang membuang")
    page.get_by_role("button", name="Tugaskan", exact=True).click()
    expect(page.get_by_text("Tugas dikirim kepada Satuan Polisi Pamong Praja.")).to_be_visible()
    return Incident.objects.get()


def test_a_hint_becomes_an_incident_and_a_case_that_is_handed_over(chrome: Browser, site: Daphne) -> None:
    world = World()
    sari, camera = officer(enforcer()), camera_at(street_point())
    moment = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=10)
    aside(lambda: record_people(camera, moment))
    assert RecordedMinute.objects.exists()
    StreetHint.objects.create(
        camera=camera,
        kind="rubbish",
        level="banyak",
        started_at=moment,
        jpeg=jpeg(np.full((360, 640, 3), 128, np.uint8)),
    )
    with opened(chrome, site, world.ani, 1440) as page:
        incident = incident_from(page)
    assert (incident.source, incident.kind.code, incident.happened_at) == ("hint", "rubbish", moment)

    with opened(chrome, site, sari, 390, has_touch=True, is_mobile=True) as page:
        page.goto(f"/kejadian/{incident.pk}/")
        page.get_by_role("link", name="Buka berkas pelanggaran").click()
        assert sound(page)
        page.get_by_label("Pasal yang dilanggar").select_option(index=1)
        page.get_by_label("Alasan membuka berkas").fill("Sampah dibuang di tepi sungai")
        page.get_by_role("button", name="Buka berkas").click()
        expect(page.get_by_text("Menunggu giliran")).to_be_visible()
        aside(making.make_waiting)
        clip = page.locator("#case-video video")
        expect(clip).to_be_visible(timeout=15_000)
        expect(page.get_by_text("Menunggu giliran")).to_have_count(0)
        clip.evaluate("(it) => new Promise((done) => { it.onseeked = done; it.currentTime = 3; })")
        page.get_by_text("Pilih gambar").click()
        page.get_by_role("button", name="Pakai saat yang tampak").click()
        expect(page.get_by_label("Detik di dalam klip")).to_have_value("3.0")
        page.get_by_label("Apa yang terlihat").fill("Orang di tepi sungai")
        page.get_by_role("button", name="Ambil gambar").click()
        page.get_by_role("group").get_by_text("Konfirmasi").click()
        page.get_by_role("button", name="Simpan").first.click()
        expect(page.get_by_text("Tercatat: Dikonfirmasi orang kedua.")).to_be_visible()
        aside(making.make_waiting)
        page.reload()
        expect(page.get_by_role("img", name="Orang di tepi sungai")).to_be_visible()
        assert sound(page)

    original, hidden = (stored(kind) for kind in ("still", "hidden"))
    changed = np.abs(original - hidden).max(axis=2) > 60
    assert 0.0005 < changed.mean() < 0.2, "a head is hidden, and nothing else"

    with opened(chrome, site, sari, 1440, color_scheme="dark") as page:
        case = CaseFile.objects.get()
        page.goto(f"/kejadian/berkas/{case.pk}/")
        page.get_by_label("Alasan").fill("Serah terima kepada penuntut")
        page.get_by_role("button", name="Catat alasan dan buka").click()
        page.get_by_role("group").get_by_text("Serahkan").click()
        page.get_by_label("Nama penerima").fill("Bu Jaksa")
        page.get_by_role("button", name="Simpan").first.click()
        page.get_by_label("Instansi penerima").fill("Pengadilan Negeri")
        page.get_by_role("button", name="Simpan").first.click()
        expect(page.get_by_text("Diserahkan kepada Bu Jaksa, Pengadilan Negeri")).to_be_visible()
        assert sound(page)
