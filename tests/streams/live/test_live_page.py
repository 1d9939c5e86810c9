"""The live page of an office as the server renders it, and the links to it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from offices.hours.models import HoursPlan
from streams.cameras.models import Camera
from streams.source import newest_picture
from tests.support.base import OfficeTestCase
from tests.support.pictures import forget_pictures, noise_jpeg

OFFICE = "/kantor/16.71.01.1001/"


class LivePage(OfficeTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.world.budi)
        self.camera = self.world.cameras[self.world.ilir35.pk]
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)

    def page(self, query: str = "") -> Any:
        return self.client.get(f"{OFFICE}langsung/{query}")

    def test_one_camera_is_shown_and_the_others_are_one_tap_away(self) -> None:
        door = Camera.objects.create(kelurahan=self.world.ilir35, name="Pintu", url="rtsp://127.0.0.1:1/y")
        Camera.objects.create(kelurahan=self.world.ilir35, name="Gudang", url="rtsp://127.0.0.1:1/z", enabled=False)
        first = self.page()
        self.assertContains(first, f'data-live="{door.pk}"')
        self.assertContains(first, f'href="?kamera={self.camera.pk}"')
        self.assertNotContains(first, "Gudang")
        self.assertContains(self.page(f"?kamera={self.camera.pk}"), f'data-live="{self.camera.pk}"')

    def test_all_of_them_are_shown_at_once_by_their_small_streams(self) -> None:
        door = Camera.objects.create(kelurahan=self.world.ilir35, name="Pintu", url="rtsp://127.0.0.1:1/y")
        page = self.page("?kamera=semua")
        for camera in (door, self.camera):
            self.assertContains(page, f'data-live="{camera.pk}" data-stream="sub"')
        self.assertNotContains(page, 'data-stream="main"')
        door.delete()
        self.assertContains(self.page("?kamera=semua"), f'data-live="{self.camera.pk}" data-stream="main"')
        self.assertNotContains(self.page(), "Semua kamera")

    def test_a_camera_of_another_office_is_not_found_here(self) -> None:
        for camera in (self.world.cameras[self.world.kemang.pk].pk, self.world.cameras[self.world.ulu5.pk].pk, 999_999):
            assert self.page(f"?kamera={camera}").status_code == 404

    def test_where_one_comes_from_says_why_one_looks(self) -> None:
        for query, why in (
            ("", "routine"),
            ("?dari=indikasi", "indication"),
            ("?dari=sidak", "spot_check"),
            ("?dari=x", "routine"),
        ):
            self.assertContains(self.page(query), f'data-why="{why}"')

    def test_the_room_of_a_closed_office_is_not_shown_before_somebody_says_why(self) -> None:
        newest_picture.store_picture(self.camera.pk, noise_jpeg(), {"at": timezone.now().isoformat(), "reason": ""})
        picture = f'src="/kamera/{self.camera.pk}/gambar.jpg"'
        self.assertContains(self.page(), picture)
        HoursPlan.objects.all().delete()
        self.assertNotContains(self.page(), picture)
        self.assertNotContains(self.page(), "live-poster")
        forget_pictures(self.camera.pk)

    def test_an_office_without_cameras_says_so(self) -> None:
        Camera.objects.all().delete()
        self.assertContains(self.page(), "Belum ada kamera.")
        self.assertNotContains(self.client.get(OFFICE), "Lihat langsung")

    def test_the_office_and_its_indications_lead_to_their_camera(self) -> None:
        self.assertContains(self.client.get(OFFICE), f'href="{OFFICE}langsung/"')
        alert = self.world.accuse(self.world.counter(self.world.ilir35), since=timezone.now() - timedelta(hours=1))
        way = f'href="{OFFICE}langsung/?dari=indikasi&amp;kamera={self.camera.pk}"'
        self.assertContains(self.client.get(f"/indikasi/{alert.pk}/"), way)
