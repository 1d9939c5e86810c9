"""Reports from a resident's phone to the operator, an agency and back: an empty counter, and a flood."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import override_settings
from playwright.sync_api import Browser, expect

from discipline.complaints.models import Complaint
from discipline.complaints.state_rule import ComplaintState
from discipline.incidents.models import Incident
from discipline.tasks import mail_residents
from offices.access.models import Membership
from offices.places.models import Agency
from tests.support.base import World, member
from tests.support.browsing import aside, opened
from tests.support.complaints import complaint_kind
from tests.support.looking import look
from tests.support.mail_server import MailServer, mail_server
from tests.support.pictures import jpeg
from tests.support.processes import Daphne
from tests.support.visitors import room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_resident_reports_an_empty_counter_and_is_answered(chrome: Browser, site: Daphne) -> None:
    world = World()
    complaint_kind("counter")
    with opened(chrome, site, None, 390, has_touch=True, is_mobile=True) as page:
        page.goto("/aspirasi/")
        look(page, "front")
        page.get_by_role("link", name="Tulis laporan").click()
        page.get_by_label("Tentang apa").select_option("counter")
        page.get_by_label("Apa yang terjadi").fill("Loket kosong, saya menunggu setengah jam")
        page.locator(".pin-map .map-place").wait_for()
        page.get_by_role("button", name="Kirim laporan").click()
        expect(page.get_by_text("Pilih kantornya.")).to_be_visible()
        look(page, "write")
        page.get_by_label("Kantor", exact=True).select_option(world.ilir35.code)
        page.evaluate("""() => {
          const at = new Date(Date.now() - 26 * 3600e3 - new Date().getTimezoneOffset() * 60e3);
          document.getElementById("id_happened_at").value = at.toISOString().slice(0, 16);
        }""")
        page.route("**/aspirasi/soal/", lambda route: route.abort())
        page.get_by_role("button", name="Kirim laporan").click()
        expect(page.get_by_text("Pemeriksaan terhadap program pengirim gagal")).to_be_visible()
        look(page, "write-failed")
        page.unroute("**/aspirasi/soal/")
        page.get_by_role("button", name="Kirim laporan").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Laporan terkirim")
        secret = page.locator("code").inner_text()
        look(page, "sent")

    report = Complaint.objects.get()
    with opened(chrome, site, world.ani, 390) as page:
        page.goto("/laporan-warga/")
        look(page, "list")
        page.get_by_role("link", name="Loket kosong, saya menunggu").click()
        expect(page.get_by_role("heading", name="Yang terpantau saat itu")).to_be_visible()
        look(page, "desk")
        page.get_by_role("button", name="Verifikasi dan teruskan").click()
        expect(page.get_by_text("Tercatat: Diverifikasi dan diteruskan.")).to_be_visible()
        page.get_by_label("Jawaban").fill("Kantor sudah diminta menjelaskan.")
        page.get_by_role("button", name="Kirim jawaban").click()
        page.get_by_label("Teks tanpa nama").fill("Loket kosong setengah jam")
        page.get_by_role("button", name="Tampilkan untuk publik").click()
        page.locator("summary", has_text="Selesai").click()
        page.get_by_label("Untuk pelapor").first.fill("Petugas loket ditambah.")
        page.get_by_role("button", name="Selesai", exact=True).click()
        expect(page.get_by_text("Tercatat: Selesai.")).to_be_visible()
        page.locator("summary", has_text="Blokir pengirim atau frasa").click()
        page.get_by_label("Alasan").fill("Laporan palsu berulang")
        look(page, "desk-done")
        page.get_by_role("button", name="Blokir", exact=True).click()
        expect(page.get_by_text("Diblokir: Alamat internet pengirim.")).to_be_visible()
        page.goto("/laporan-warga/blokir/")
        expect(page.get_by_text("Laporan palsu berulang")).to_be_visible()
        look(page, "blocks")

    with opened(chrome, site, None, 390) as page:
        page.goto("/aspirasi/lacak/")
        page.get_by_label("Nomor laporan").fill(report.number)
        page.get_by_label("Kata kunci").fill(secret)
        look(page, "track")
        page.get_by_role("button", name="Lihat laporan").click()
        expect(page.get_by_text("Petugas loket ditambah.")).to_be_visible()
        look(page, "own")
        page.locator("summary", has_text="Belum, buka kembali").click()
        page.get_by_label("Apa yang belum beres").fill("Hari ini kosong lagi")
        page.get_by_role("button", name="Buka kembali", exact=True).click()
        expect(page.get_by_text("Ditanggapi paling lambat")).to_be_visible()
        page.goto(f"/aspirasi/{report.pk}/")
        look(page, "public")

    with opened(chrome, site, None, 390) as page:  # the next resident sees it while writing
        page.goto("/aspirasi/tulis/?jenis=counter")
        page.get_by_label("Kantor", exact=True).select_option(world.ilir35.code)
        expect(page.get_by_role("link", name=f"{report.number}: Loket kosong setengah jam")).to_be_visible()
        look(page, "write-near")
    report.refresh_from_db()
    assert report.status is ComplaintState.REOPENED


def test_a_flood_goes_from_a_resident_to_an_agency_and_a_second_person_and_back(
    chrome: Browser, tmp_path: Path
) -> None:
    world = World()
    complaint_kind("flood")
    gita = member("gita", Membership.Role.AGENCY, agency=Agency.objects.create(code="pupr", name="Dinas PUPR"))
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(jpeg(room()))
    with mail_server() as server:
        outgoing = f"smtp://127.0.0.1:{server.port}"
        with override_settings(EMAIL_URL=outgoing, **server.settings()), Daphne({"EMAIL_URL": outgoing}) as site:
            _flood_way(chrome, site, world, gita, photo, server)


def _flood_way(chrome: Browser, site: Daphne, world: World, gita: User, photo: Path, server: MailServer) -> None:
    with opened(chrome, site, None, 390, has_touch=True, is_mobile=True) as page:
        page.goto("/aspirasi/tulis/?jenis=flood")
        page.get_by_label("Apa yang terjadi").fill("Jalan tergenang selutut")
        page.locator(".pin-map .map-place").click(position={"x": 150, "y": 120})
        page.get_by_label("Surel Anda").fill("siti@example.com")
        page.get_by_role("button", name="Kirim laporan").click()
        secret = page.locator("code").inner_text()
        aside(mail_residents)
        page.goto(re.findall(r"/aspirasi/tautan/\S+", server.got[-1].get_content())[0])
        page.get_by_role("button", name="Ya, kirim laporan saya").click()
        expect(page.get_by_text("Diverifikasi paling lambat")).to_be_visible()

    with opened(chrome, site, world.ani, 1440) as page:
        page.goto("/laporan-warga/")
        page.get_by_role("link", name="Jalan tergenang selutut").click()
        page.get_by_role("button", name="Buka kejadian baru").click()
        page.get_by_role("link", name="laporan warga RA-").click()
        page.get_by_label("Siapa").select_option("pupr")
        page.get_by_label("Apa yang diminta").fill("Nyalakan pompa")
        page.get_by_role("button", name="Tugaskan", exact=True).click()
        expect(page.get_by_text("Tugas dikirim kepada Dinas PUPR.")).to_be_visible()

    with opened(chrome, site, gita, 390, has_touch=True, is_mobile=True) as page:
        page.goto("/tugas/")
        page.get_by_role("link", name="laporan warga RA-").click()
        page.get_by_role("button", name="Terima tugas").click()
        page.get_by_role("button", name="Saya di lokasi").click()
        page.get_by_label("Foto hasilnya").set_input_files(photo)
        page.get_by_label("Apa yang dikerjakan").fill("Air surut")
        page.get_by_role("button", name="Kirim, tugas selesai").click()
        expect(page.get_by_text("Dinas PUPR: Selesai")).to_be_visible()

    with opened(chrome, site, world.ani, 390) as page:
        page.goto(f"/kejadian/{Incident.objects.get().pk}/")
        page.get_by_role("button", name="Verifikasi").click()
        page.get_by_role("button", name="Tutup kejadian").click()
        expect(page.get_by_text("Tercatat: Ditutup.")).to_be_visible()
    server.got.clear()
    aside(mail_residents)
    (mail,) = [one for one in server.got if "Selesai" in one["Subject"]]
    assert mail["To"] == "siti@example.com"
    assert "Sudah selesai?" in mail.get_content()

    with opened(chrome, site, None, 390) as page:
        page.goto("/aspirasi/lacak/")
        page.get_by_label("Nomor laporan").fill(Complaint.objects.get().number)
        page.get_by_label("Kata kunci").fill(secret)
        page.get_by_role("button", name="Lihat laporan").click()
        expect(page.get_by_text("Sudah ditangani, dan hasilnya diperiksa orang kedua.")).to_be_visible()
        look(page, "own-done")
        page.get_by_role("button", name="Ya, sudah selesai").click()
        expect(page.get_by_text("Anda menyatakan laporan ini selesai")).to_be_visible()
