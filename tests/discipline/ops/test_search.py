"""The search over everything: what it finds, in whose scope, and that every page it offers can be opened."""

from django.contrib.auth.models import User
from django.test import Client
from django.utils.translation import override

from discipline.complaints.state_rule import ComplaintState
from discipline.incidents.shifts import changes
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.steps import StepWanted, take_step
from discipline.incidents.tasks import changes as task_changes
from discipline.ops.search.finding import may_search, search
from discipline.ops.search.site_pages import SITE_PAGES
from offices.access.gate import scope_of
from offices.access.models import Membership
from offices.places.models import Agency
from streams.cameras.models import Camera
from tests.support.base import MORNING, OfficeTestCase, member
from tests.support.case_files import a_breach, a_case, enforcer, officer
from tests.support.complaints import a_complaint, move
from tests.support.incidents import a_daily_report, an_incident, handed_over

ROLES = ("walikota", "ani", "budi", "citra", "dewi", "eko", "intan", "tamu")


class Search(OfficeTestCase):
    def setUp(self) -> None:
        self.dishub = Agency.objects.create(code="dishub", name="Dinas Perhubungan")
        self.gita = member("gita", Membership.Role.AGENCY, agency=self.dishub)

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

    def test_incidents_by_number_and_words_open_or_ended_within_the_scope(self) -> None:
        flood, ended = an_incident(self.world), an_incident(self.world, title="Pohon tumbang di Kertapati")
        newest = ended.steps.order_by("-pk")[0].pk
        take_step(ended, StepWanted(IncidentState.UNFOUNDED, newest, "Sudah dibersihkan"), self.world.ani, MORNING)
        asked = task_changes.ask(flood, self.dishub, "Alihkan lalu lintas", self.world.ani, MORNING)
        address = f"/kejadian/{flood.pk}/"
        for typed in (
            f"K-{flood.pk}",
            f"k{flood.pk}",
            f"kejadian {flood.pk}",
            f"{flood.pk}",
            "genangan ampera",
            "banjir",
        ):
            for user in (self.world.walikota, self.gita):
                assert (f"K-{flood.pk} {flood.title}", address) in self.found(user, typed)["Kejadian"], typed
        assert [url for _title, url in self.found(self.world.intan, "pohon kertapati")["Kejadian"]] == [
            f"/kejadian/{ended.pk}/"
        ]
        for user, typed in (
            (self.world.budi, f"K-{flood.pk}"),
            (self.world.budi, "genangan"),
            (self.gita, "pohon"),
            (self.gita, f"K-{ended.pk}"),
            (self.world.walikota, f"K-{asked.pk + 10_000}"),
        ):
            assert "Kejadian" not in self.found(user, typed), (user, typed)
        assert self.client_of(self.gita).get(address).status_code == 200

    def test_residents_reports_by_number_for_who_may_read_them(self) -> None:
        world = self.world
        open_one, private = a_complaint(world), a_complaint(world, "staff", place=None)
        for typed in (f"RA-{open_one.pk}", f"laporan warga {open_one.pk}", f"{open_one.pk}"):
            (hit,) = self.found(world.ani, typed)["Laporan warga"]
            assert hit == (f"RA-{open_one.pk} {open_one.kind}", f"/laporan-warga/{open_one.pk}/")
        assert "Laporan warga" not in self.found(world.budi, f"RA-{open_one.pk}"), "not verified yet"
        move(open_one, ComplaintState.VERIFIED, world)
        for user, sees in ((world.budi, True), (world.dewi, True), (world.citra, False), (self.gita, False)):
            assert ("Laporan warga" in self.found(user, f"RA-{open_one.pk}")) is sees, user
        for user, sees in ((world.intan, True), (world.ani, False), (world.walikota, False), (world.budi, False)):
            assert ("Laporan warga" in self.found(user, f"RA-{private.pk}")) is sees, user

    def test_cases_by_number_for_their_agency_and_the_inspectorate(self) -> None:
        satpol = enforcer()
        keeper = officer(satpol)
        case = a_case(a_breach(self.world, satpol), satpol, keeper, None)
        for user, sees in ((keeper, True), (self.world.intan, True), (self.world.ani, False), (self.gita, False)):
            for typed in (f"BP-{case.pk}", f"berkas {case.pk}"):
                assert ("Berkas pelanggaran" in self.found(user, typed)) is sees, (user, typed)
        (hit,) = self.found(keeper, f"BP-{case.pk}")["Berkas pelanggaran"]
        assert self.client_of(keeper).get(hit[1]).status_code == 200

    def test_shifts_and_daily_reports_by_their_day_for_who_sees_the_city(self) -> None:
        handover, report = handed_over(self.world.ani), a_daily_report()
        for typed in ("23 november", "serah terima 23/11/2026", "giliran jaga 2026-11-23", "shift Monday, 23 Nov 2026"):
            assert self.found(self.world.intan, typed)["Ruang kendali"] == [
                ("Giliran jaga Regu A", f"/kejadian/jaga/serah-terima/{handover.pk}/")
            ], typed
        sunday = self.found(self.world.walikota, "laporan harian 22 november")["Ruang kendali"]
        assert sunday == [("Laporan harian Minggu 22 November 2026", f"/kejadian/jaga/laporan/{report.pk}/")]
        assert self.titles(self.world.walikota, "kemarin", "Ruang kendali") == [sunday[0][0]]
        for user, typed in (
            (self.world.budi, "23 november"),
            (self.gita, "23 november"),
            (self.world.ani, "30 februari"),
        ):
            assert "Ruang kendali" not in self.found(user, typed)
        changes.begin("Regu B", None, self.world.ani, MORNING)
        assert ("Giliran jaga Regu B", "/kejadian/jaga/") in self.found(self.world.ani, "hari ini")["Ruang kendali"]

    def test_agencies_by_name_and_code(self) -> None:
        assert self.found(self.world.ani, "perhubungan")["Instansi"] == [
            ("Dinas Perhubungan", "/titik/instansi/dishub/")
        ]
        (hit,) = self.found(self.world.walikota, "dishub")["Instansi"]
        for user, (_title, url) in ((self.world.walikota, hit), (self.world.ani, ("", "/titik/instansi/dishub/"))):
            assert self.client_of(user).get(url).status_code == 200
        assert "Instansi" not in self.found(self.world.budi, "dishub")
        assert "Instansi" not in self.found(self.gita, "dishub")

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
        for role in (*ROLES, "gita"):
            user = self.gita if role == "gita" else getattr(self.world, role)
            client, scope = self.client_of(user), scope_of(user)
            for page in SITE_PAGES:
                status = client.get(page.url).status_code
                # Everybody who is signed in has an account, but who has no role has no search.
                opens = status in (200, 302) and may_search(scope)
                if scope.only_points and page.name == "board":  # which leads them to their tasks
                    opens = False
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
