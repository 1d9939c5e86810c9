"""The public's pages and data, and what an operator decides of them."""

import json
import os
import time
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from offices.hours.schedule import ZONE
from streams.cameras.troubles.models import CameraTrouble
from streams.live.public import plan, seats
from streams.live.public.models import PublicClosure, PublicPoint
from streams.live.public.seen import forget_views, public_points
from streams.servers import valkey
from streams.source import newest_picture
from tests.support.base import MORNING, OfficeTestCase
from tests.support.public_points import SECRET_HOST, public_point
from tests.support.reading import Page

PROPERTIES = ["code", "name", "agency", "purposes", "state", "picture_at", "picture", "live"]


class PagesTestCase(OfficeTestCase):
    def setUp(self) -> None:
        self.point = public_point()
        self.folder = plan.folder().make_point("T-001")
        self.addCleanup(plan.folder().remove, "T-001")
        self.addCleanup(plan.folder().reopen, "T-001")
        self.addCleanup(forget_views)
        for name in ("index.m3u8", "gambar.jpg"):
            (self.folder / name).write_text("#")

    def get(self, name: str, *arguments: str, **query: str) -> HttpResponse:
        forget_views()
        answer = self.client.get(reverse(name, args=arguments), query)
        assert isinstance(answer, HttpResponse)
        return answer

    def feature(self) -> dict[str, Any]:
        [found] = json.loads(self.get("public-points-json").content)["features"]
        properties: dict[str, Any] = found["properties"]
        return properties


class TheDay(PagesTestCase):
    def test_open_data_are_as_promised_and_cached(self) -> None:
        answer = self.get("public-points-json")
        assert answer.headers["Content-Type"] == "application/geo+json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "public, max-age=10"
        collection = json.loads(answer.content)
        [found] = collection["features"]
        assert found["geometry"] == {"type": "Point", "coordinates": [104.76, -2.99]}
        assert list(found["properties"]) == PROPERTIES
        one = found["properties"]
        assert one["live"] == "http://testserver/langsung/T-001/index.m3u8"
        assert one["picture"] == "http://testserver/langsung/T-001/gambar.jpg"
        assert (one["state"], one["purposes"]) == ("live", ["traffic", "flood"])
        again = self.client.get(reverse("public-points-json"), headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304

    def test_nothing_betrays_a_camera_a_login_or_an_interior(self) -> None:
        PublicClosure.objects.create(point=self.point, cause="operator", reason="Perbaikan", started_at=MORNING)
        for name, arguments in (
            ("public-points", ()),
            ("public-point", ("T-001",)),
            ("public-embedded", ("T-001",)),
            ("public-points-json", ()),
            ("public-map-data", ()),
        ):
            text = self.get(name, *arguments).content.decode()
            for secret in (SECRET_HOST, "rtsp", "kotarahasia", "sandi9", "Kamera tiang", "35 Ilir"):
                assert secret not in text, (name, secret)

    def test_a_private_point_is_not_there_for_anybody(self) -> None:
        PublicPoint.objects.update(shown=False)
        self.client.force_login(self.world.ani)
        for name in ("public-point", "public-embedded"):
            assert self.get(name, "T-001").status_code == 404
            assert self.get(name, "T-404").status_code == 404
        assert self.client.post(reverse("public-seat", args=["T-001"]) + "?kursi=" + "a" * 16).status_code == 404
        assert json.loads(self.get("public-points-json").content)["features"] == []
        assert "Belum ada titik" in self.get("public-points").content.decode()

    def test_only_the_page_for_other_sites_may_be_embedded(self) -> None:
        embedded, own = self.get("public-embedded", "T-001"), self.get("public-point", "T-001")
        assert "frame-ancestors *" in embedded.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in embedded.headers
        assert "frame-ancestors 'none'" in own.headers["Content-Security-Policy"]
        assert own.headers["X-Frame-Options"] == "DENY"

    def test_a_point_says_whose_it_is_and_what_is_the_matter(self) -> None:
        text = Page(self.get("public-point", "T-001")).text
        for words in ("Bawah Ampera", "Dinas Perhubungan", "Dishub, 0711-123456", "Lalu lintas", "Langsung"):
            assert words in text
        assert self.point.camera
        trouble = CameraTrouble.objects.create(camera=self.point.camera, cause="timeout", since=MORNING)
        assert f"Tiket perbaikan {trouble.pk}" in Page(self.get("public-point", "T-001")).text
        (self.folder / "index.m3u8").unlink()
        trouble.delete()
        at = time.time() - 30
        os.utime(self.folder / "gambar.jpg", (at, at))
        assert "Gambar pukul" in Page(self.get("public-points")).text

    def test_a_legal_basis_holds_from_midnight_in_palembang(self) -> None:
        details = self.point.place.point
        controller = details.bases.get().controller
        midnight = datetime(2026, 11, 24, tzinfo=ZONE)
        details.bases.create(since=midnight.date(), basis="Perwali 2/2026", controller=controller, contact="Yang baru")
        for now, contact in (
            (midnight - timedelta(minutes=1), "Dishub, 0711-123456"),
            (midnight + timedelta(minutes=1), "Yang baru"),
        ):
            forget_views()
            [shown] = public_points(now)
            assert shown.contact == contact

    def test_the_list_is_filtered_and_searched(self) -> None:
        public_point("T-002", "rtsp://10.77.66.54/x").place.point.purposes = ["rubbish"]
        other = PublicPoint.objects.get(place__point_code="T-002").place
        other.point.purposes = ["rubbish"]
        other.point.save()
        for query, codes in (
            ({}, {"T-001", "T-002"}),
            ({"keperluan": "rubbish"}, {"T-002"}),
            ({"keperluan": "flood", "instansi": "dishub"}, {"T-001"}),
            ({"cari": "ampera t-002"}, {"T-002"}),
            ({"cari": "ampera 2"}, set()),
            ({"cari": "T 2"}, set()),
            ({"cari": "002"}, {"T-002"}),
            ({"cari": "bawahampera"}, {"T-001", "T-002"}),
            ({"cari": "jakabaring"}, set()),
            ({"instansi": "kominfo"}, set()),
        ):
            text = self.get("public-points", **query).content.decode()
            assert {code for code in ("T-001", "T-002") if f'data-code="{code}"' in text} == codes, query

    def test_a_seat_is_given_until_all_are_taken(self) -> None:
        PublicPoint.objects.update(most_viewers=1)
        address = reverse("public-seat", args=["T-001"])

        def ask(token: str) -> dict[str, Any]:
            forget_views()
            answer: dict[str, Any] = self.client.post(f"{address}?kursi={token * 16}").json()
            return answer

        self.addCleanup(seats.leave_seat, "T-001", "a" * 16)
        self.addCleanup(seats.leave_seat, "T-001", "b" * 16)
        assert ask("a") == {"live": "/langsung/T-001/index.m3u8", "state": "live"}
        assert ask("b") == {"live": None, "state": "full"}
        assert ask("a")["live"]
        assert self.feature()["state"] == "full"
        self.client.post(f"{address}?kursi={'a' * 16}&selesai=1")
        assert ask("b")["live"]
        assert self.client.post(f"{address}?kursi=x").status_code == 422

    def test_an_operator_closes_with_a_reason_and_opens_again(self) -> None:
        self.client.force_login(self.world.ani)
        close = reverse("public-control-close", args=["T-001"])
        assert self.client.post(close, {"reason": ""}).status_code == 422
        assert self.client.post(close, {"reason": "x", "until": "2020-01-01T10:00"}).status_code == 422
        with self.captureOnCommitCallbacks(execute=True):
            assert self.client.post(close, {"reason": "Kecelakaan ditangani"}).status_code == 302
        assert not self.folder.exists()
        assert self.feature() | {"code": ""} == self.feature() | {
            "code": "", "state": "closed", "picture": None, "picture_at": None, "live": None
        }  # fmt: skip
        assert "Kecelakaan ditangani" in Page(self.get("public-point", "T-001")).text
        assert "Kecelakaan ditangani" in Page(self.get("public-control-point", "T-001")).text
        self.client.post(reverse("public-control-reopen", args=["T-001"]))
        assert self.feature()["state"] == "broken"

    def test_an_operator_is_told_that_h265_is_not_shown_live(self) -> None:
        self.client.force_login(self.world.ani)
        camera = self.point.camera_id or 0
        self.addCleanup(valkey.client().hdel, f"{valkey.PREFIX}:health", str(camera))
        for codec, told in (("h264", False), ("hevc", True)):
            newest_picture.store_health({camera: {"codec": codec}})
            assert ("Kamera ini mengirim H.265" in Page(self.get("public-control-point", "T-001")).text) is told

    def test_an_operator_opens_a_point_and_no_camera_of_an_office(self) -> None:
        self.client.force_login(self.world.ani)
        PublicPoint.objects.all().delete()
        change = reverse("public-control-change", args=["T-001"])
        form = {"shown": "on", "live": "on", "delay_s": "30", "width": "320", "most_viewers": "50"}
        inside = self.world.cameras[self.world.ilir35.pk]
        assert self.client.post(change, form | {"camera": str(inside.pk)}).status_code == 422
        for wrong in ({"delay_s": "9999"}, {"width": "7"}):
            assert self.client.post(change, form | wrong).status_code == 422
        assert not PublicPoint.objects.exists()
        assert self.client.post(change, form | {"camera": str(self.point.camera_id)}).status_code == 302
        saved = PublicPoint.objects.get()
        assert (saved.delay_s, saved.width) == (30, 320)
        office = inside.place.kelurahan.code if inside.place.kelurahan else ""
        assert self.client.post(reverse("public-control-change", args=[office]), form).status_code == 404
        assert self.client.post(reverse("public-control-limits"), {"most_viewers": "0"}).status_code == 422
        assert self.client.post(reverse("public-control-limits"), {"most_viewers": "7"}).status_code == 302
        assert 'value="7"' in self.get("public-control").content.decode()
