"""The search over everything: what it finds, in whose scope, and that every page it offers can be opened."""

from django.contrib.auth.models import User
from django.test import Client
from django.utils.translation import override

from discipline.ops.search.finding import search
from discipline.ops.search.site_pages import SITE_PAGES
from offices.access.gate import scope_of
from streams.cameras.models import Camera
from tests.support.base import MORNING, OfficeTestCase

ROLES = ("walikota", "ani", "budi", "citra", "dewi", "eko", "intan", "tamu")


class Search(OfficeTestCase):
    def found(self, user: User, query: str, most: int = 50) -> dict[str, list[tuple[str, str]]]:
        """Return the title and the address of each hit, by the group's title."""
        groups = search(user, query, MORNING, most)
        return {str(group.title): [(hit.title, hit.url) for hit in group.hits] for group in groups}

    def titles(self, user: User, query: str, group: str) -> list[str]:
        return [title for title, _url in self.found(user, query).get(group, [])]

    def test_offices_by_any_spelling_of_their_name_by_kecamatan_and_code_within_the_scope(self) -> None:
        world = self.world
        for typed in ("35 ilir", "tiga puluh lima ilir", "TIGA-PULUH-LIMA", "16.71.01.1001", "1001"):
            assert self.found(world.walikota, typed)["Kantor"] == [("35 Ilir", "/kantor/16.71.01.1001/")], typed
        assert self.titles(world.walikota, "ilir barat 2", "Kantor") == ["35 Ilir", "Kemang Manis"]
        assert self.titles(world.walikota, "ulu", "Kantor") == ["3-4 Ulu", "5 Ulu"]
        assert self.titles(world.walikota, "ilir", "Kantor") == ["35 Ilir", "Kemang Manis"], "the name comes first"
        assert self.titles(world.budi, "ulu", "Kantor") == []
        assert self.titles(world.dewi, "kemang manis", "Kantor") == []
        assert self.titles(world.dewi, "35", "Kantor") == ["35 Ilir"]

    def test_an_indication_by_its_number_within_the_scope(self) -> None:
        alert = self.world.accuse(self.world.counter(self.world.ilir35))
        for typed in (f"{alert.pk}", f"#{alert.pk}", f"indikasi {alert.pk}", f"Indikasi no. {alert.pk}"):
            (hit,) = self.found(self.world.budi, typed)["Indikasi"]
            assert hit == (f"Indikasi {alert.pk}: Loket kosong", f"/indikasi/{alert.pk}/"), typed
        assert "Indikasi" not in self.found(self.world.citra, f"{alert.pk}")
        assert "Indikasi" not in self.found(self.world.budi, f"{alert.pk + 1}")

    def test_cameras_lead_operators_to_the_camera_and_others_to_its_picture(self) -> None:
        camera = self.world.cameras[self.world.ilir35.pk]
        name = "Ruang pelayanan"
        assert self.found(self.world.ani, "16.71.01.1001")["Kamera"] == [(name, f"/kamera/{camera.pk}/")]
        live = f"/kantor/16.71.01.1001/langsung/?kamera={camera.pk}"
        assert self.found(self.world.dewi, "ruang pelayanan")["Kamera"] == [(name, live)]
        assert self.client_of(self.world.dewi).get(live).status_code == 200
        assert len(self.titles(self.world.budi, "ruang", "Kamera")) == 2
        Camera.objects.filter(pk=camera.pk).update(enabled=False)
        assert self.titles(self.world.dewi, "ruang", "Kamera") == []
        assert len(self.titles(self.world.ani, "ruang", "Kamera")) == 4

    def test_monthly_reports_by_place_and_month_of_the_own_places(self) -> None:
        world = self.world
        october = [("Laporan Oktober 2026", "/laporan/16.71.01/2026-10/")]
        for typed in (
            "ilir barat dua oktober",
            "laporan ilir barat II okt",
            "october ilir barat 2",
            "ilir barat ii oktober 2026",
        ):
            assert self.found(world.budi, typed)["Laporan"] == october, typed
        assert self.found(world.walikota, "laporan kota oktober")["Laporan"][0][1] == "/laporan/kota/2026-10/"
        assert self.found(world.walikota, "laporan")["Laporan"][0][1] == "/laporan/kota/2026-11/"
        assert self.found(world.walikota, "35 ilir oktober")["Laporan"][0][1] == "/laporan/16.71.01.1001/2026-10/"
        assert "Laporan" not in self.found(world.walikota, "35 ilir"), "that is the office"
        assert self.found(world.dewi, "oktober")["Laporan"] == [
            ("Laporan Oktober 2026", "/laporan/16.71.01.1001/2026-10/")
        ]
        assert "Laporan" not in self.found(world.citra, "ilir barat dua oktober")
        for _title, url in self.found(world.budi, "oktober")["Laporan"]:
            assert self.client_of(world.budi).get(url).status_code == 200

    def test_accounts_for_operators_and_only_those_that_they_look_after(self) -> None:
        assert self.found(self.world.ani, "dewi")["Pengguna"] == [("dewi", f"/pengguna/{self.world.dewi.pk}/")]
        assert "Pengguna" not in self.found(self.world.ani, "intan"), "only the administration looks after those"
        assert "Pengguna" not in self.found(self.world.walikota, "dewi")

    def test_pages_by_the_words_of_the_navigation_in_both_languages(self) -> None:
        assert ("Jam layanan", "/jam-layanan/") in self.found(self.world.dewi, "jam lay")["Halaman Sidak"]
        assert ("Ganti sandi", "/akun/sandi/") in self.found(self.world.dewi, "password")["Halaman Sidak"]
        assert "Halaman Sidak" not in self.found(self.world.dewi, "impor kamera")
        with override("en"):
            (group,) = search(self.world.ani, "impor kamera", MORNING, 5)
            assert [hit.title for hit in group.hits] == ["Import cameras from CSV"]

    def client_of(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def test_every_page_that_a_role_is_offered_opens_and_no_other_does(self) -> None:
        for role in ROLES:
            user = getattr(self.world, role)
            client, scope = self.client_of(user), scope_of(user)
            for page in SITE_PAGES:
                status = client.get(page.url).status_code
                # Everybody who is signed in has an account, but who has no role has no search.
                opens = status in (200, 302) and not scope.empty
                assert opens == page.allows(scope), (role, page.url, status)

    def test_the_best_of_many_with_the_number_of_all(self) -> None:
        (group,) = search(self.world.walikota, "ulu", MORNING, 1)[:1]
        assert (len(group.hits), group.total) == (1, 2)
        assert search(self.world.walikota, " - ", MORNING, 5) == []
        assert search(self.world.tamu, "ilir", MORNING, 5) == []

    def test_the_page_and_the_answer_of_the_dialog(self) -> None:
        client = self.client_of(self.world.budi)
        page = client.get("/cari/", {"q": "tiga puluh lima"})
        self.assertContains(page, 'class="search-title">35 Ilir</span>')
        self.assertContains(page, 'value="tiga puluh lima"')
        nothing = client.get("/cari/", {"q": "<b>xyz"})
        self.assertContains(nothing, "Tidak ada yang cocok dengan “&lt;b&gt;xyz”.")
        self.assertContains(nothing, "Yang dapat dicari: kantor")
        answer = client.get("/cari/hasil/", {"q": "35 ilir"}).json()
        assert answer["status"].endswith("hasil")
        assert answer["groups"][0]["hits"][0] == {
            "url": "/kantor/16.71.01.1001/", "title": "35 Ilir", "note": "Kecamatan Ilir Barat II",
        }  # fmt: skip
        assert client.get("/cari/hasil/").json()["hint"].startswith("Yang dapat dicari")
        assert client.get("/cari/hasil/", {"q": "ilir" * 200}).status_code == 200
