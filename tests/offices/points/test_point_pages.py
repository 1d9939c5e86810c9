"""The operator's pages of street points, and what somebody of an agency sees."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from offices.access.models import Membership
from offices.hours.schedule import local_day
from offices.places.models import Agency, Place
from offices.points.models import Point, PointBasis
from tests.support.base import OfficeTestCase, member
from tests.support.places import camera_at, street_point

FORM: dict[str, Any] = {
    "code": "t-042",
    "name": "Simpang Charitas",
    "latitude": "-2,97731",
    "longitude": "104.75123",
    "direction": "315",
    "agency": "dishub",
    "proposer": "16.71.01.1001",
    "purposes": ["flood", "traffic"],
    "retention": "hotspot",
    "has_sign": "on",
}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "in the sea": ({"latitude": "-4.2", "longitude": "106.9"}, "di luar Palembang, mungkin di laut"),
    "swapped": ({"latitude": "104.75", "longitude": "-2.97"}, "latitude"),
    "without minus": ({"latitude": "2.97731"}, "Tanda minus pada lintang hilang"),
    "no number": ({"longitude": "timur"}, "longitude"),
    "a taken code": ({"code": "T-001"}, "Kode ini sudah dipakai titik lain."),
    "a code like an office's": ({"code": "16.71.01.1001"}, "huruf di depan"),
    "no purpose": ({"purposes": []}, "Pilih sedikitnya satu keperluan."),
    "beyond the circle": ({"direction": "360"}, "Arah adalah bilangan bulat dari 0 sampai 359."),
    "an unknown proposer": ({"proposer": "16.71.99"}, "Pengusul ini bukan instansi atau kantor yang terdaftar."),
}


class PointPages(OfficeTestCase):
    def setUp(self) -> None:
        self.place = street_point()
        Point.objects.create(place=self.place, purposes=["flood"])
        self.client.force_login(self.world.ani)

    def post(self, path: str, values: dict[str, Any]) -> HttpResponse:
        return self.client.post(path, values)  # type: ignore[return-value]

    def test_a_point_is_added_and_changed(self) -> None:
        assert self.post("/titik/tambah/", FORM).headers["Location"] == "/titik/T-042/"
        point = Point.objects.get(place__point_code="T-042")
        assert (point.place.latitude, point.place.longitude, point.direction) == (-2.97731, 104.75123, 315)
        assert (point.proposed_by_office, point.proposed_by_agency) == (self.world.ilir35.place, None)
        assert (point.purposes, point.retention, point.has_sign) == (["traffic", "flood"], "hotspot", True)
        shown = self.client.get("/titik/T-042/")
        for words in ("Kelurahan 35 Ilir", "barat laut, 315°", "Lalu lintas, Banjir", "Titik rawan", "terpasang"):
            self.assertContains(shown, words)
        pasted = {"latitude": "-2.98, 104.76", "longitude": "", "proposer": "dishub", "code": "T-043"}
        assert self.post("/titik/T-042/ubah/", FORM | pasted).status_code == 302
        point.refresh_from_db()
        place = Place.objects.get(pk=point.pk)
        assert (place.point_code, place.latitude, place.longitude) == ("T-042", -2.98, 104.76)
        assert (point.proposed_by_office, point.proposed_by_agency) == (None, self.place.agency)

    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(self) -> None:
        for name, (values, words) in WRONG.items():
            answer = self.post("/titik/tambah/", FORM | values)
            with self.subTest(name):
                assert answer.status_code == 422
                assert words in str(answer.context["form"].errors)  # type: ignore[attr-defined]  # of the test client
                self.assertContains(answer, 'value="Simpang Charitas"', status_code=422)
        assert Place.objects.filter(kind="point").count() == 1

    def test_the_legal_basis_grows_by_rows(self) -> None:
        today = local_day(timezone.now())
        row = {"basis": "Perwali 12/2026", "controller": self.place.agency_id, "contact": "0711-352282"}
        self.assertContains(self.client.get("/titik/T-001/"), "Belum ada dasar hukum yang berlaku hari ini")
        for days in (-30, 30):
            assert self.post("/titik/T-001/dasar-hukum/", row | {"since": today + timedelta(days)}).status_code == 302
        assert self.post("/titik/T-001/dasar-hukum/", row | {"since": today + timedelta(30)}).status_code == 422
        shown = self.client.get("/titik/T-001/")
        assert [one.since <= today for one in shown.context["bases"]] == [False, True]
        assert shown.context["holding"] == PointBasis.objects.get(since__lt=today)

    def test_a_point_goes_only_when_nothing_hangs_on_it(self) -> None:
        camera = camera_at(self.place)
        self.assertContains(self.client.get("/titik/T-001/hapus/"), "Titik ini masih dipakai: kamera.")
        self.client.post("/titik/T-001/hapus/")
        assert Place.objects.filter(pk=self.place.pk).exists()
        camera.delete()
        self.client.post("/titik/T-001/hapus/")
        assert not Place.objects.filter(pk=self.place.pk).exists()

    def test_agencies_are_added_and_renamed(self) -> None:
        assert self.post("/titik/instansi/", {"name": "Dinas Kominfo", "code": "Kominfo"}).status_code == 302
        assert self.post("/titik/instansi/", {"name": "Dinas Kominfo", "code": "lain"}).status_code == 422
        self.post("/titik/instansi/dishub/", {"name": "Dishub Kota", "code": "lain"})
        assert set(Agency.objects.values_list("code", "name")) == {
            ("dishub", "Dishub Kota"),
            ("kominfo", "Dinas Kominfo"),
        }

    def test_the_list_is_searched_and_filtered_and_an_agency_has_its_own(self) -> None:
        kominfo = Agency.objects.create(code="kominfo", name="Dinas Kominfo")
        self.post("/titik/tambah/", FORM | {"agency": "kominfo"})
        assert self.listed() == ["T-001", "T-042"]
        for query in ({"q": "charit"}, {"q": "t-04"}, {"keperluan": "traffic"}, {"instansi": "kominfo"}):
            assert self.listed(**query) == ["T-042"], query
        assert self.listed(q="' OR 1", keperluan="x", instansi="x") == []
        self.client.force_login(member("gita", Membership.Role.AGENCY, agency=kominfo))
        assert self.client.get("/", follow=True).redirect_chain == [("/tugas/", 302)]
        assert self.listed() == ["T-042"]
        assert self.client.get("/titik/T-001/").status_code == 404
        own = self.client.get("/titik/T-042/")
        self.assertNotContains(own, "/titik/T-042/ubah/")
        self.assertNotContains(own, 'href="#i-board"')
        refused = self.client.get("/indikasi/")
        self.assertContains(refused, "Ke daftar tugas", status_code=403)

    def listed(self, **query: str) -> list[str]:
        rows = self.client.get("/titik/", query).context["rows"]
        return [row.place.point_code for row in rows]
