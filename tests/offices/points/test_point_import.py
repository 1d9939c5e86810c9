"""Street points from a CSV file: a dry run that says what changes, all rows or none, and the way back by the export."""

import csv
import io
from typing import Any

from offices.places.models import Agency, Place
from offices.points.models import Point, PointBasis
from tests.support.base import OfficeTestCase
from tests.support.places import street_point

HEADER = (
    "kode;nama;lintang;bujur;arah;instansi;pengusul;keperluan;penyimpanan;rambu;berlaku_sejak;dasar_hukum;narahubung"
)
NEW = "T-042;Simpang Charitas;-2,97731;104,75123;315;dishub;16.71.01.1001;Lalu lintas + banjir;titik rawan;ya;;;"
BASED = "t-043;Jembatan Musi IV;-2.98;104.76;;Dishub;dishub;security;;tidak;2026-01-01;Perwali 12/2026;+62 711 352282"
BAD = (
    ("T-050;Di laut;-4.2;106.9;;dishub;;banjir;;;;;", "lintang: Pin ini"),
    ("T-051;Simpang;-2.98;104.76;400;dishub;;banjir;;;;;", "arah: Arah adalah bilangan bulat dari 0 sampai 359."),
    ("T-052;Simpang;-2.98;104.76;;pu;;banjir;;;;;", "instansi: Instansi ini belum terdaftar."),
    ("T-053;Simpang;-2.98;104.76;;dishub;walikota;banjir;;;;;", "pengusul: Pengusul ini bukan"),
    ("T-054;Simpang;-2.98;104.76;;dishub;;wajah;;;;;", "keperluan: Keperluan “wajah” tidak dikenal."),
    ("T-055;Simpang;-2.98;104.76;;dishub;;banjir;selamanya;;;;", "penyimpanan: Kelas penyimpanan"),
    ("T-056;Simpang;-2.98;104.76;;dishub;;banjir;;mungkin;;;", "rambu: tulis ya atau tidak."),
    ("T-042;Lagi;-2.98;104.76;;dishub;;banjir;;;;;", "kode: sudah dipakai di baris 2."),
    ("T-057;Simpang;-2.98;104.76;;dishub;;banjir;;;kemarin;Perwali;0711", "berlaku_sejak: "),
    ("T-058;Simpang;-2.98;104.76;;dishub;;banjir;;;2026-01-01;Perwali;", "narahubung: "),
)


class PointImport(OfficeTestCase):
    def setUp(self) -> None:
        self.place = street_point()
        Point.objects.create(place=self.place, purposes=["flood"], direction=90)
        self.client.force_login(self.world.ani)

    def upload(self, *rows: str) -> Any:
        file = io.BytesIO("\r\n".join((HEADER, *rows)).encode("utf-8-sig"))
        file.name = "titik.csv"
        return self.client.post("/titik/impor/", {"file": file})

    def confirm(self) -> Any:
        return self.client.post("/titik/impor/simpan/", follow=True)

    def exported(self) -> list[dict[str, str]]:
        text = self.client.get("/titik/titik.csv").content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def test_new_and_changed_points_are_shown_before_they_are_saved(self) -> None:
        page = self.upload(NEW, BASED, "T-001;Bawah Ampera;-2.99;104.76;;dishub;;banjir + sampah;;ya;;;")
        plan = page.context["plan"]
        assert plan.bad == []
        assert [one.details.code for one in plan.added] == ["T-042", "T-043"]
        assert [(one.column, one.old, one.new) for one in plan.changed[0].changes] == [
            ("arah", "90", ""),
            ("keperluan", "banjir", "banjir + sampah"),
            ("rambu", "tidak", "ya"),
        ]
        assert Place.objects.filter(kind="point").count() == 1
        self.assertContains(self.confirm(), "3 titik disimpan.")
        point = Point.objects.get(place__point_code="T-042")
        assert (point.proposed_by_office, point.retention) == (self.world.ilir35.place, "hotspot")
        based = Point.objects.get(place__point_code="T-043")
        assert (based.proposed_by_agency, based.has_sign) == (self.place.agency, False)
        assert str(based.bases.get().controller) == "Dinas Perhubungan"
        self.assertContains(self.confirm(), "Berkas tadi sudah tidak tersimpan.")

    def test_one_bad_row_keeps_all_out_and_each_says_why(self) -> None:
        page = self.upload(NEW, *(row for row, _why in BAD))
        listed = [problems for _line, _code, _name, problems in page.context["bad"]]
        assert len(listed) == len(BAD)
        for (row, why), problems in zip(BAD, listed, strict=True):
            assert any(text.startswith(why) for text in problems), (row, problems)
        self.assertNotContains(page, "Simpan semuanya")
        self.confirm()
        assert Place.objects.filter(kind="point").count() == 1

    def test_what_changed_between_dry_run_and_confirmation_keeps_all_out(self) -> None:
        self.upload(NEW, "T-044;Simpang;-2.98;104.76;;pu;;banjir;;;;;")
        assert self.confirm().redirect_chain, "a refused file is not remembered"
        pu = Agency.objects.create(code="pu", name="Dinas PU")
        self.upload(NEW, "T-044;Simpang;-2.98;104.76;;pu;;banjir;;;;;")
        pu.delete()
        assert self.client.post("/titik/impor/simpan/").status_code == 422
        assert Place.objects.filter(kind="point").count() == 1

    def test_the_export_is_a_file_that_changes_nothing(self) -> None:
        self.upload(NEW, BASED)
        self.confirm()
        street_point("T-009")  # from the administration, without details
        rows = self.exported()
        assert [row["kode"] for row in rows] == ["T-001", "T-009", "T-042", "T-043"]
        assert rows[3] | {"pengendali": "dishub", "narahubung": "'+62 711 352282"} == rows[3]
        with_details = [row for row in rows if row["keperluan"]]
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(with_details)
        file = io.BytesIO(out.getvalue().encode())
        file.name = "titik.csv"
        plan = self.client.post("/titik/impor/", {"file": file}).context["plan"]
        assert (plan.bad, plan.added, plan.changed, plan.same) == ([], [], [], 3)

    def test_columns_that_are_not_in_the_file_stay(self) -> None:
        file = io.BytesIO(
            b"kode,nama,lintang,bujur,instansi,keperluan\nT-001,Kolong Ampera,-2.99,104.76,dishub,banjir\n"
        )
        file.name = "titik.csv"
        (one,) = self.client.post("/titik/impor/", {"file": file}).context["plan"].changed
        assert [change.column for change in one.changes] == ["nama"]
        self.confirm()
        assert Point.objects.get(pk=self.place.pk).direction == 90

    def test_a_file_that_is_none_is_refused_in_words(self) -> None:
        for raw, words in ((b"PK\x03\x04", "Ini berkas Excel."), (b"", "Berkas kosong."), (b"a,b\n1,2\n", "bukan CSV")):
            file = io.BytesIO(raw)
            file.name = "titik.csv"
            self.assertContains(self.client.post("/titik/impor/", {"file": file}), words, status_code=422)
        assert not PointBasis.objects.exists()
