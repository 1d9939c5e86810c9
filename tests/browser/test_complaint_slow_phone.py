"""A resident with a slow phone and a bad network: nothing is lost, and the report is sent once."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Request, Route, expect

from discipline.complaints.models import Complaint
from discipline.complaints.photos.models import ComplaintPhoto
from discipline.complaints.proof.field import KEPT
from tests.support.base import World
from tests.support.browsing import opened
from tests.support.complaints import complaint_kind
from tests.support.pictures import jpeg
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# After the worker's own script: it keeps what it found for so many milliseconds, as a slow one would.
SLOWLY = """
postMessage = ((send) => (said) => setTimeout(() => send(said), "number" in said ? 2500 : 0))(postMessage);
"""


def slow(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text() + SLOWLY)


def test_a_slow_phone_without_a_network_and_pressed_twice_sends_one_report(
    chrome: Browser, site: Daphne, tmp_path: Path
) -> None:
    World()
    complaint_kind("rubbish")
    photo = tmp_path / "IMG_0001.jpg"
    picture = np.random.default_rng(3).integers(0, 255, (90, 120, 3), np.uint8).repeat(20, 0).repeat(20, 1)
    photo.write_bytes(jpeg(picture, 100))
    asked: list[str] = []
    posted: list[str] = []
    sizes: list[int] = []  # of the photos that were sent

    def count(request: Request) -> None:
        if request.url.endswith("/aspirasi/soal/") and request.method == "GET":
            asked.append(request.url)
        if request.method == "POST":
            posted.append(request.url)

    with opened(chrome, site, None, 390, has_touch=True, is_mobile=True) as page:
        page.on("request", count)
        page.on("console", lambda message: sizes.append(int(message.text)) if message.type == "info" else None)
        page.route(re.compile("proof_worker"), slow)
        page.clock.install()
        page.goto("/aspirasi/tulis/?jenis=rubbish")
        send = page.get_by_role("button", name="Kirim laporan")
        page.get_by_label("Apa yang terjadi").fill("Sampah menumpuk di tepi jalan")
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"latitude": -3.001, "longitude": 104.701})
        page.get_by_role("button", name="Pakai lokasi saya").click()
        expect(page.get_by_label("Bujur")).to_have_value("104.701000")
        page.get_by_label("Foto").set_input_files(photo)

        page.evaluate(
            """() => addEventListener("formdata", ({ formData }) => console.info(formData.get("photo").size))"""
        )

        page.context.set_offline(True)
        send.click()
        expect(page.get_by_text("Tidak ada jaringan. Isian Anda masih ada")).to_be_visible()
        page.context.set_offline(False)
        assert not sizes

        page.clock.fast_forward(int(KEPT.total_seconds() * 1000))  # the phone was put away meanwhile
        before = len(asked)
        page.evaluate("""() => {
          const button = document.querySelector("form .button.primary");
          for (let time = 0; time < 3; time += 1) button.click();
        }""")
        expect(page.get_by_text("Sebentar: memastikan")).to_be_visible()
        send.click(no_wait_after=True)
        expect(page.get_by_role("heading", level=1)).to_have_text("Laporan terkirim")
        assert len(asked) == before + 1
        assert len(posted) == 1
        (size,) = set(sizes)
        assert size < photo.stat().st_size / 2
        secret = page.locator("code").inner_text()
        page.reload()  # sends the form again
        expect(page.locator("code")).to_have_text(secret)
    report = Complaint.objects.get()
    assert ComplaintPhoto.objects.filter(complaint=report).exists()
