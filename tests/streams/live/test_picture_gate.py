"""Pictures of a closed office: shown nowhere without a reason, which counts for half an hour; and their lines."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from offices.hours.models import HoursPlan
from offices.places.models import Counter, Kelurahan
from streams.cameras.models import Camera
from streams.live import access_log, picture_gate
from streams.live.models import View, ViewReason
from streams.source import newest_picture
from tests.support.base import MORNING, OfficeTestCase
from tests.support.pictures import forget_pictures, noise_jpeg

NIGHT = MORNING + timedelta(hours=12)  # 21.00 WIB
REASON = "Laporan lampu menyala semalaman"


class GateTestCase(OfficeTestCase):
    def setUp(self) -> None:
        self.camera = self.world.cameras[self.world.ilir35.pk]


class Gate(GateTestCase):
    def admitted(self, at: datetime, user: User | None = None, camera: Camera | None = None) -> bool:
        return picture_gate.is_admitted(user or self.world.budi, camera or self.camera, at)

    def test_a_reason_counts_for_half_an_hour_for_its_giver_and_its_office(self) -> None:
        assert not self.admitted(NIGHT)
        picture_gate.admit(self.world.budi, self.camera, NIGHT, REASON)
        door = Camera.objects.create(kelurahan=self.world.ilir35, name="Pintu", url="rtsp://127.0.0.1:1/y")
        assert self.admitted(NIGHT + timedelta(minutes=29), camera=door)
        assert not self.admitted(NIGHT + timedelta(minutes=29), user=self.world.dewi)
        assert not self.admitted(NIGHT, camera=self.world.cameras[self.world.kemang.pk])
        assert not self.admitted(NIGHT + timedelta(minutes=30))
        assert not self.admitted(NIGHT - timedelta(minutes=1)), "a clock that went back opens nothing"

    def test_a_player_that_reconnects_does_not_prolong_its_reason(self) -> None:
        for minutes in (0, 20):
            picture_gate.admit(self.world.budi, self.camera, NIGHT + timedelta(minutes=minutes), REASON)
        assert not self.admitted(NIGHT + timedelta(minutes=31))
        assert ViewReason.objects.count() == 1

    def test_a_reason_on_the_wall_opens_the_pages_of_its_offices(self) -> None:
        picture_gate.give_reason(self.world.budi, [self.camera.place_id], REASON, NIGHT)
        assert self.admitted(NIGHT)

    def test_an_office_that_closes_while_one_looks_asks_for_a_reason(self) -> None:
        view = access_log.open_view(self.world.budi, self.camera, View.Why.ROUTINE, MORNING)
        later = MORNING + timedelta(minutes=5)
        assert access_log.continue_view(view, self.world.budi, self.camera, later).pk == view.pk
        with pytest.raises(picture_gate.ReasonNeeded):
            access_log.continue_view(view, self.world.budi, self.camera, NIGHT)
        picture_gate.give_reason(self.world.budi, [self.camera.place_id], REASON, NIGHT)
        successor = access_log.continue_view(view, self.world.budi, self.camera, NIGHT)
        view.refresh_from_db()
        assert (view.ended_at, view.closed, successor.closed, successor.reason) == (NIGHT, False, True, REASON)

    def test_reasons_can_not_be_changed(self) -> None:
        picture_gate.give_reason(self.world.budi, [self.camera.place_id], REASON, NIGHT)
        own = ViewReason.objects.all()
        for change in (lambda: own.update(reason="lain sekali ya"), lambda: own._raw_delete(own.db)):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                change()


class PictureLines(GateTestCase):
    def log(self, at: datetime) -> None:
        access_log.log_picture(self.world.budi, self.camera, at)

    def test_all_pictures_of_a_quarter_are_one_line(self) -> None:
        for seconds in range(0, 14 * 60, 5):
            self.log(MORNING + timedelta(seconds=seconds))
        view = View.objects.get()
        assert (view.how, view.camera, view.opened_at, view.closed) == ("picture", self.camera, MORNING, False)
        assert timedelta(minutes=12) < view.lasted <= timedelta(minutes=14)
        self.log(MORNING + timedelta(minutes=15))
        access_log.log_picture(self.world.dewi, self.camera, MORNING)
        assert View.objects.count() == 3

    def test_a_line_of_pictures_has_no_end_that_could_be_missing(self) -> None:
        self.log(MORNING)
        assert not View.objects.get().lost(NIGHT)
        self.client.force_login(self.world.intan)
        page = self.client.get(reverse("views")).content.decode()
        assert "Gambar terbaru" in page
        assert "masih berlangsung" not in page
        assert "akhirnya tidak tercatat" not in page

    def test_pictures_of_a_closed_office_are_a_line_of_their_own_with_the_reason(self) -> None:
        with pytest.raises(picture_gate.ReasonNeeded):
            self.log(NIGHT)
        assert not View.objects.exists()
        picture_gate.give_reason(self.world.budi, [self.camera.place_id], REASON, NIGHT)
        self.log(NIGHT)
        self.log(NIGHT + timedelta(minutes=2))
        view = View.objects.get()
        assert (view.closed, view.reason, view.lasted) == (True, REASON, timedelta(minutes=2))

    def test_an_address_that_is_only_tried_is_logged_by_itself(self) -> None:
        tried = Camera(url="rtsp://10.0.0.9/live")
        for _ in range(2):
            access_log.log_setup_picture(self.world.ani, tried, NIGHT)
        assert (View.objects.get().camera_id, View.objects.get().camera_name) == (None, "rtsp://10.0.0.9/live")


class ClosedOffice(GateTestCase):
    """The office is closed now: its pictures by HTTP."""

    def setUp(self) -> None:
        super().setUp()
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, ""))
        at = datetime.now(UTC).isoformat()
        view = {"at": at, "width": 640, "height": 360, "boxes": [[0.1, 0.1, 0.2, 0.2, 0.9]], "zones": [], "reason": ""}
        newest_picture.store_picture(self.camera.pk, noise_jpeg(), view)
        self.addCleanup(forget_pictures, self.camera.pk)
        self.client.force_login(self.world.budi)
        self.office = reverse("office", args=[self.world.ilir35.code])
        self.give = reverse("camera-reason", args=[self.camera.pk])

    def answers(self) -> list[Any]:
        return [self.client.get(reverse(name, args=[self.camera.pk])) for name in ("camera-picture", "camera-view")]

    def test_neither_the_picture_nor_where_people_stand_is_sent(self) -> None:
        picture, view = self.answers()
        assert (picture.status_code, view.status_code) == (403, 403)
        self.assertContains(picture, self.give, status_code=403)
        assert json.loads(view.content) == {"reason_needed": True, "give": self.give}
        assert not View.objects.exists()

    def test_the_office_page_shows_no_picture_and_the_way_to_give_a_reason(self) -> None:
        page = self.client.get(self.office)
        self.assertNotContains(page, f'src="{reverse("camera-picture", args=[self.camera.pk])}"')
        self.assertContains(page, f'href="{self.give}?next={self.office}"')

    def test_with_a_reason_all_is_shown_and_written_down(self) -> None:
        answer = self.client.post(self.give, {"reason": REASON, "next": self.office})
        self.assertRedirects(answer, self.office)
        self.assertContains(self.client.get(self.office), f'src="{reverse("camera-picture", args=[self.camera.pk])}"')
        assert [one.status_code for one in self.answers()] == [200, 200]
        assert set(View.objects.values_list("closed", "reason", "user__username")) == {(True, REASON, "budi")}

    def test_too_short_a_reason_is_refused_and_kept_in_the_form(self) -> None:
        answer = self.client.post(self.give, {"reason": "cek", "next": self.office})
        self.assertContains(answer, ">cek</textarea>", status_code=422)
        assert not ViewReason.objects.exists()

    def test_the_way_back_leads_to_no_other_site(self) -> None:
        answer = self.client.post(self.give, {"reason": REASON, "next": "https://example.com/"})
        self.assertRedirects(answer, self.office)

    def test_who_may_not_see_the_office_is_not_asked_why(self) -> None:
        self.client.force_login(self.world.eko)
        assert self.client.post(self.give, {"reason": REASON}).status_code == 404
        assert [one.status_code for one in self.answers()] == [404, 404]

    def test_the_operator_is_asked_too_where_zones_and_references_are_set(self) -> None:
        self.client.force_login(self.world.ani)
        Camera.objects.update(changed_at=MORNING, reference_jpeg=noise_jpeg())
        for name in ("camera-zones", "camera-reference"):
            page = self.client.get(reverse(name, args=[self.camera.pk]))
            self.assertContains(page, "Di luar jam layanan")
            self.assertNotContains(page, "data:image/")
        tried = {"camera": self.camera.pk, "url": self.camera.url}
        self.assertContains(self.client.post(reverse("camera-test"), tried), 'name="view_reason"')
        # The address of a saved camera is that camera's picture, whichever form it is typed into.
        typed = {"url": self.camera.url.replace("/x", "/other")}
        self.assertContains(self.client.post(reverse("camera-test"), typed), 'name="view_reason"')
        short = self.client.post(reverse("camera-zones-picture", args=[self.camera.pk]), {"view_reason": "cek"})
        self.assertContains(short, "sedikitnya 10 huruf")
        picture_gate.give_reason(self.world.ani, [self.camera.place_id], REASON, timezone.now())
        self.assertContains(self.client.get(reverse("camera-zones", args=[self.camera.pk])), "data:image/")


class NewOffice(GateTestCase):
    """Cameras are set up before their office has counters or hours: without a reason, and logged."""

    def setUp(self) -> None:
        where = {"kecamatan": self.world.kecamatan["16.71.01"], "latitude": -3.0, "longitude": 104.7}
        self.office = Kelurahan.objects.create(code="16.71.01.1099", name="Baru", **where)
        self.camera = Camera.objects.create(kelurahan=self.office, name="Pintu", url="rtsp://127.0.0.1:1/new")

    def needs_reason(self) -> bool:
        try:
            access_log.log_setup_picture(self.world.ani, self.camera, NIGHT)
        except picture_gate.ReasonNeeded:
            return True
        view = View.objects.latest("pk")
        assert (view.why, view.closed, view.offices) == (View.Why.SETUP, False, [self.office.pk])
        return False

    def test_the_first_counter_of_an_office_ends_it(self) -> None:
        assert not self.needs_reason()
        counter = Counter.objects.create(kelurahan=self.office, name="Loket 1")
        assert self.needs_reason()
        Counter.objects.filter(pk=counter.pk).update(active=False)
        assert self.needs_reason(), "an office whose counters are retired was in use"

    def test_the_first_hours_of_a_counter_end_it(self) -> None:
        HoursPlan.objects.all().delete()
        counter = Counter.objects.create(kelurahan=self.office, name="Loket 1")
        HoursPlan.objects.create(name="Kemang saja", kelurahan=self.world.kemang)
        assert not self.needs_reason()
        HoursPlan.objects.create(name="Loket 1", counter=counter)
        assert self.needs_reason()

    def test_it_holds_for_the_pages_of_setting_up_alone(self) -> None:
        with pytest.raises(picture_gate.ReasonNeeded):
            access_log.log_picture(self.world.ani, self.camera, NIGHT)
        with pytest.raises(picture_gate.ReasonNeeded):
            access_log.open_view(self.world.ani, self.camera, View.Why.ROUTINE, NIGHT)

    def test_no_request_can_pretend_to_set_a_camera_up(self) -> None:
        newest_picture.store_picture(self.camera.pk, noise_jpeg(), {"at": datetime.now(UTC).isoformat()})
        self.addCleanup(forget_pictures, self.camera.pk)
        self.client.force_login(self.world.ani)
        address = reverse("camera-picture", args=[self.camera.pk]) + "?why=setup"
        assert self.client.get(address).status_code == 403
        picture_gate.give_reason(self.world.ani, [self.camera.place_id], REASON, timezone.now())
        assert self.client.get(address).status_code == 200
        assert View.objects.get().why == View.Why.ROUTINE
