"""The operator's pages of wall scenes."""

from django.urls import reverse

from discipline.board.street_points.models import WallScene
from tests.support.base import OfficeTestCase
from tests.support.public_points import public_point

OFFICE = "16.71.01.1001"


class Scenes(OfficeTestCase):
    def setUp(self) -> None:
        public_point("T-001")
        WallScene.objects.all().delete()
        self.client.force_login(self.world.ani)

    def test_a_scene_is_added_changed_shown_moved_and_removed(self) -> None:
        sent = {"name": "Pawai Kota", "purposes": ["traffic"], "points": ["T-001"], "offices": [OFFICE]}
        self.assertRedirects(self.client.post("/dinding/adegan/tambah/", sent), "/dinding/adegan/")
        scene = WallScene.objects.get()
        assert (scene.code, scene.purposes, scene.points, scene.offices) == (
            "pawai-kota", ["traffic"], ["T-001"], [OFFICE],
        )  # fmt: skip
        page = self.client.get("/dinding/adegan/pawai-kota/ubah/").content.decode()
        assert page.count(" checked") == 3
        self.client.post("/dinding/adegan/pawai-kota/ubah/", {"name": "Pawai", "kecamatan": ["16.71.01"]})
        scene.refresh_from_db()
        assert (scene.code, scene.name, scene.kecamatan, scene.points) == ("pawai-kota", "Pawai", ["16.71.01"], [])
        for name in ("Malam", "Hujan"):
            self.client.post("/dinding/adegan/tambah/", {"name": name, "purposes": ["flood"]})
        for code, to in (("hujan", "up"), ("hujan", "up"), ("hujan", "up"), ("pawai-kota", "down"), ("gone", "up")):
            assert self.client.post(f"/dinding/adegan/{code}/pindah/", {"to": to}).status_code == 302
        assert [one.code for one in WallScene.objects.all()] == ["hujan", "malam", "pawai-kota"]
        links = self.client.get("/dinding/adegan/").content.decode()
        assert f'href="{reverse("wall")}?adegan=hujan"' in links
        assert self.client.get("/dinding/adegan/hujan/hapus/").status_code == 200
        assert WallScene.objects.count() == 3
        self.client.post("/dinding/adegan/hujan/hapus/")
        assert [one.code for one in WallScene.objects.all()] == ["malam", "pawai-kota"]

    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self) -> None:
        WallScene.objects.create(code="banjir", name="Banjir", purposes=["flood"])
        for sent, word in (
            ({"name": "Apa saja"}, "Pilih sedikitnya satu"),
            ({"name": "banjir", "purposes": ["flood"]}, "sudah dipakai adegan lain"),
            ({"name": "!!!", "purposes": ["flood"]}, "perlu huruf atau angka"),
            ({"name": "Jauh", "points": ["T-001", "T-999"]}, "T-999"),
        ):
            answer = self.client.post("/dinding/adegan/tambah/", sent)
            self.assertContains(answer, word, status_code=422)
            self.assertContains(answer, f'value="{sent["name"]}"', status_code=422)
            assert answer.content.decode().count(" checked") == sum(
                len(set(sent.get(key, [])) - {"T-999"}) for key in ("purposes", "points")
            )
        assert WallScene.objects.count() == 1

    def test_two_names_of_one_code_get_two_and_what_is_gone_is_said(self) -> None:
        WallScene.objects.create(code="banjir", name="Banjir", purposes=["flood"], points=["T-404"])
        self.client.post("/dinding/adegan/tambah/", {"name": "Banjir!", "purposes": ["flood"]})
        assert WallScene.objects.filter(code="banjir-2").exists()
        self.assertContains(self.client.get("/dinding/adegan/banjir/ubah/"), "T-404")
