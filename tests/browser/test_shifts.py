"""A shift from one chief to the next: begun, written about, handed over, seen unsigned on the queue, and signed.

In it a guest is put on the list of the room, let in and out, and the visit corrected.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, expect

from discipline.incidents.shifts.models import HandoverSignature
from offices.access.models import Membership
from offices.places.models import Agency
from streams.cameras.troubles.models import CameraTrouble
from tests.support.base import World, member
from tests.support.browsing import opened
from tests.support.incidents import a_daily_report, an_incident, handed_over
from tests.support.looking import look
from tests.support.places import camera_at, street_point
from tests.support.processes import Daphne

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def happen(world: World) -> None:
    """Open an incident, and hand over a shift an hour ago. Both announce it to open queues."""
    try:
        an_incident(world)
        handed_over(world.ani, timezone.now() - timedelta(hours=1))
    finally:
        connection.close()


def test_a_chief_hands_over_to_the_next_who_signs(chrome: Browser, site: Daphne) -> None:
    world = World()
    bayu = member("bayu", Membership.Role.OPERATOR)
    Agency.objects.create(code="dishub", name="Dinas Perhubungan")
    CameraTrouble.objects.create(camera=camera_at(street_point()), cause="refused", since=timezone.now())
    with ThreadPoolExecutor(1) as thread:  # Playwright's event loop runs in this one
        thread.submit(happen, world).result()
    a_daily_report()

    with opened(chrome, site, world.ani, 390) as page:
        page.goto("/kejadian/antrean/")
        expect(page.get_by_text("belum ditandatangani setelah 30 menit")).to_be_visible()
        look(page, "queue")
        page.get_by_role("navigation", name="Halaman ruang kendali").get_by_role("link", name="Siapa yang jaga").click()
        look(page, "begin")
        page.get_by_label("Regu").fill("Regu B")
        page.get_by_label("Untuk instansi").select_option("dishub")
        page.get_by_role("button", name="Mulai giliran").click()
        page.get_by_label("Catatan baru").fill("Telepon dari PLN: padam di Sekip sampai 10.00")
        page.get_by_role("button", name="Tulis").click()
        expect(page.get_by_text("padam di Sekip")).to_be_visible()
        look(page, "book")
        page.get_by_role("link", name="Siapa yang jaga").click()
        look(page, "duty")
        page.get_by_role("link", name="Serahkan giliran").click()
        page.get_by_label("Catatan untuk giliran berikutnya").fill("Pompa Sekip dijaga PUPR")
        look(page, "hand-over")
        page.get_by_role("button", name="Serahkan giliran").click()
        expect(page.get_by_text("Belum ditandatangani kepala giliran berikutnya.")).to_be_visible()
        address = page.url

        page.goto("/kejadian/jaga/ruang/nama-baru/")
        look(page, "room-pass")
        for label, words in (("Nama", "Rudi Hartono"), ("Instansi", "PT Serat Optik"), ("Alasan", "Dinding layar")):
            page.get_by_label(label).fill(words)
        page.get_by_role("button", name="Simpan").click()
        page.get_by_label("Keperluan").fill("Mengganti panel")
        page.get_by_role("button", name="Catat masuk").click()
        expect(page.get_by_text("Rudi Hartono dicatat masuk.")).to_be_visible()
        look(page, "room")
        page.get_by_role("button", name="Catat keluar: Rudi Hartono").click()
        expect(page.get_by_text("Tidak ada tamu di dalam.")).to_be_visible()
        page.get_by_role("link", name="Semua kunjungan").click()
        look(page, "room-visits")
        page.get_by_role("link", name="Rudi Hartono").click()
        look(page, "room-visit")
        page.get_by_label("Keperluan").fill("Mengganti dua panel")
        page.get_by_label("Alasan koreksi").fill("Kurang lengkap")
        page.get_by_role("button", name="Catat koreksi").click()
        expect(page.get_by_text("Koreksi: Kurang lengkap")).to_be_visible()
        page.goto("/kejadian/jaga/laporan/")
        expect(page.get_by_role("link", name="Minggu, 22 November 2026")).to_be_visible()
        look(page, "daily-reports")
        page.goto("/kejadian/jaga/ruang/masa-simpan/")
        look(page, "room-retention")

    with opened(chrome, site, bayu, 390) as page:
        page.goto("/kejadian/jaga/")
        page.get_by_label("Regu").fill("Regu C")
        page.get_by_role("button", name="Mulai giliran").click()
        page.goto(address)
        page.get_by_role("button", name="Saya terima dan tanda tangani").click()
        expect(page.get_by_text("Ditandatangani bayu")).to_be_visible()
        expect(page.get_by_text("Genangan di bawah Ampera")).to_be_visible()
        expect(page.get_by_text("padam di Sekip")).to_be_visible()
        look(page, "handover")
        page.get_by_role("link", name="Serah terima").click()
        look(page, "handovers")
    assert HandoverSignature.objects.get().signed_by == bayu
