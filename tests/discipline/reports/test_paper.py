"""A report as PDF, read back with pypdf."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from django.test import override_settings
from django.utils.translation import override
from pypdf import PdfReader

from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert
from discipline.reports.files import pdf as report_pdf
from discipline.reports.numbers import rollups, tables
from discipline.reports.numbers.models import Band
from discipline.reports.numbers.period import parse_period
from discipline.reports.numbers.places import place_for
from offices.places.models import Counter
from streams.evidence import store
from streams.evidence.models import EvidenceHead
from tests.support.attendance import MONDAY, staffed
from tests.support.reported_week import EVENING, WEEK, ReportedWeekCase


class Paper(ReportedWeekCase):
    def pages(self, key: str, period: str = WEEK.key) -> list[str]:
        place = place_for(self.world.walikota, key)
        data = report_pdf.pdf(
            tables.build_report(place, parse_period(period, MONDAY + timedelta(days=30))), now=EVENING
        )
        pages = PdfReader(BytesIO(data)).pages
        assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {(595, 842)}
        return [" ".join(page.extract_text().split()) for page in pages]

    def text(self, key: str, period: str = WEEK.key) -> str:
        return " ".join(self.pages(key, period))

    def test_the_camat_reads_what_stood_empty_and_whether_to_trust_it(self) -> None:
        self.decide(self.away, DecisionAct.EXCUSED, "apel")
        rollups.recount_marked(EVENING)
        text = self.text("16.71.01")
        for what in (
            "Pemerintah Kota Palembang Kecamatan Ilir Barat II",
            "Kecamatan Ilir Barat II · Minggu 47 · 16–22 November 2026",
            "Dinilai sampai 20 November 2026 pukul 16.00 WIB.",
            "17 Nov 2026 07.30–08.05 35,0 Terlambat buka",
            "Belum dijelaskan",
            "Dengan izin: Apel atau upacara: Apel di kecamatan",
            "tidak cukup data",
            "Di bawah 60 % tidak cukup data",
            "Indikasi bukan bukti pelanggaran.",
            "Camat Ilir Barat II",
            "Nama dan NIP",
        ):
            assert what in text, what

    def test_a_long_report_turns_its_pages_and_numbers_them(self) -> None:
        Alert.objects.bulk_create(
            Alert(counter=self.one, kind="absence", since=at, raised_at=at, ended_at=at + timedelta(seconds=9))
            for at in (self.away.since + timedelta(minutes=n) for n in range(90))
        )
        pages = self.pages("16.71.01.1001")
        assert len(pages) > 2
        assert all(f"Halaman {n} dari {len(pages)}" in page for n, page in enumerate(pages, start=1))
        assert all("Penjelasan dan keputusan" in page for page in pages[1:3])  # the headers are repeated
        assert sum(page.count("16 Nov 2026 1") for page in pages) == 91

    def test_charts_show_the_trend_and_who_stood_empty(self) -> None:
        text = self.text("16.71.01")
        assert "Ketersediaan dari waktu ke waktu 90 %" in text
        assert "Putus-putus: minggu sebelumnya." in text
        monday = self.text("16.71.01", f"{MONDAY}")
        bars = monday.partition("Waktu kosong, terlama dahulu ")[2].partition(" Per kelurahan")[0]
        assert bars == "35 Ilir 18 menit"  # Kemang Manis was staffed throughout
        assert "Waktu kosong" not in self.text("16.71.02")  # could not be seen
        assert "Ketersediaan dari waktu ke waktu" not in monday  # a single day

    def test_counters_are_left_out_where_each_office_has_one(self) -> None:
        assert "Per loket" in self.text("16.71.01")
        Counter.objects.exclude(pk__in=[self.one.pk, self.two.pk, self.far.pk]).update(active=False)
        assert "Per loket" not in self.text("16.71.01")
        assert "Per loket" not in self.text("16.71.01.1001")

    def test_the_signature_stands_with_the_notes_on_reading(self) -> None:
        last = self.pages("16.71.01")[-1]
        assert last.index("Cara membaca") < last.index("Nilai terakhir rantai bukti") < last.index("Nama dan NIP")

    def test_long_names_are_whole_and_no_signature_stands_alone(self) -> None:
        office, counter = self.one.kelurahan, self.one
        assert office
        office.name = "35 Ilir Muara Sungai Lumpatan Hulu Raya & <Baru>"
        counter.name = "Loket 1 Administrasi Kependudukan dan Catatan Sipil"
        office.save()
        counter.save()
        for number in range(24):
            Band.objects.create(
                name=f"Pita {number}", kind="late", from_minute=9 * number + 1, to_minute=9 * number + 9
            )
            pages = self.pages("16.71.01")
            assert f"{counter.name}, {office.name}" in " ".join(pages)
            assert "Nilai terakhir rantai bukti" in next(page for page in pages if "Nama dan NIP" in page)

    def test_no_availability_stands_without_its_coverage(self) -> None:
        text = self.text("16.71.02")
        assert "Ketersediaan tidak cukup data cakupan 0,0 %" in text
        assert "Seluruhnya tidak cukup data 0,0 %" in text

    def test_a_month_without_a_day_says_so(self) -> None:
        text = self.text("kota", "2026-09")
        assert "Belum ada yang dinilai dalam masa ini." in text
        assert "Tidak ada indikasi dalam masa ini." in text

    def test_the_evidence_head_is_the_one_sealed_on_the_last_day(self) -> None:
        office = self.world.ilir35
        for day, number in ((MONDAY, 3), (MONDAY + timedelta(days=1), 4), (MONDAY + timedelta(days=9), 5)):
            EvidenceHead.objects.create(
                place=office.place, kelurahan=office, local_day=day, number=number, hash=f"{number}" * 64
            )
        assert f"17 November 2026, SHA-256: {'4' * 64}" in self.text("16.71.01.1001")
        assert store.city_head(MONDAY + timedelta(days=1)) in self.text("16.71.01")
        assert "Belum ada bukti yang disegel" in self.text("16.71.02.1005")

    def test_bands_stand_with_their_minutes_and_legal_reference(self) -> None:
        Band.objects.create(name="TL 2", kind="late", from_minute=31, to_minute=60, reference="Perwal 1/2026")
        Band.objects.create(name="TL 4", kind="late", from_minute=91)
        text = self.text("kota")
        assert "TL 2 Terlambat buka 31–60 1 Perwal 1/2026" in text
        assert "TL 4 Terlambat buka 91 ke atas 0" in text

    def test_the_letterhead_has_the_arms_and_lines_of_the_settings(self) -> None:
        folder = Path(self.enterContext(TemporaryDirectory()))
        good, broken = folder / "arms.png", folder / "broken.png"
        cv2.imwrite(str(good), np.full((40, 30, 4), 128, np.uint8))
        broken.write_bytes(b"no picture")
        for file, pictures in ((good, 1), (broken, 0), (folder / "gone.png", 0)):
            with override_settings(ARMS_FILE=str(file), LETTERHEAD=["Kota Uji", "Jalan Merdeka 1"]):
                place = place_for(self.world.walikota, "16.71.01.1001")
                (page, *_rest) = PdfReader(BytesIO(report_pdf.pdf(tables.build_report(place, WEEK), now=EVENING))).pages
            text = " ".join(page.extract_text().split())
            assert "Kota Uji Kecamatan Ilir Barat II Kelurahan 35 Ilir Jalan Merdeka 1" in text
            assert len(page.images) == pictures

    def test_an_english_reader_gets_an_english_report(self) -> None:
        staffed(self.two, MONDAY + timedelta(days=1), away=("10:00", "10:20"))
        with override("en"):
            text = self.text("16.71.01.1001")
        assert "Service counter attendance report" in text
        assert "17 Nov 2026 07:30–08:05 35.0 Late opening" in text
        assert "Page 1 of" in text
