"""An interior is never public, whatever anybody clicks."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from offices.places.models import Place
from streams.cameras.models import Camera
from streams.live.public import closures, plan
from streams.live.public.models import PublicPoint
from tests.support.base import MORNING, OfficeTestCase
from tests.support.places import camera_at, street_point
from tests.support.public_points import public_point


class Interiors(OfficeTestCase):
    def setUp(self) -> None:
        self.inside = self.world.cameras[self.world.ilir35.pk]
        self.office = self.inside.place

    def refused(self, act: Any, *arguments: Any, **named: Any) -> None:
        with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
            act(*arguments, **named)
        assert self.inside.pk not in plan.shown_streams(MORNING)

    def test_the_orm_makes_no_office_public(self) -> None:
        self.refused(PublicPoint.objects.create, place=self.office, camera=self.inside, shown=True, live=True)
        self.refused(PublicPoint.objects.create, place=self.office, shown=True)
        self.refused(PublicPoint.objects.bulk_create, [PublicPoint(place=self.office, shown=True)])
        self.refused(closures.save_point, PublicPoint(place=self.office, camera=self.inside, shown=True), MORNING)

    def test_a_point_shows_no_camera_of_an_office(self) -> None:
        point = public_point()
        self.refused(PublicPoint.objects.filter(pk=point.pk).update, camera=self.inside)
        self.refused(PublicPoint.objects.filter(pk=point.pk).update, place=self.office)
        point.camera = self.inside
        self.refused(closures.save_point, point, MORNING)

    def test_a_public_camera_is_moved_into_no_office(self) -> None:
        camera = public_point().camera
        assert camera
        self.refused(Camera.objects.filter(pk=camera.pk).update, place=self.office)
        camera.place = self.office
        self.refused(camera.full_clean)
        self.refused(camera.save)

    def test_the_stream_of_an_office_is_no_point_s(self) -> None:
        twin = camera_at(street_point("T-007"))
        Camera.objects.filter(pk=twin.pk).update(url=self.inside.url)
        twin.refresh_from_db()
        self.refused(PublicPoint.objects.create, place=twin.place, camera=twin, shown=True)
        self.refused(closures.save_point, PublicPoint(place=twin.place, camera=twin, shown=True), MORNING)
        shown = public_point("T-008").camera
        assert shown
        self.refused(Camera.objects.filter(pk=shown.pk).update, url=self.inside.url)
        self.refused(Camera.objects.filter(pk=self.inside.pk).update, url=shown.url)
        self.inside.url = shown.url
        self.refused(self.inside.full_clean)

    def test_an_address_that_is_only_written_otherwise_is_the_same_stream(self) -> None:
        shown = public_point().camera
        assert shown
        assert shown.pk in plan.shown_streams(MORNING)
        Camera.objects.filter(pk=self.inside.pk).update(url=shown.url.replace(":554", ""))
        assert shown.pk not in plan.shown_streams(MORNING)
        with pytest.raises(ValidationError):
            shown.full_clean()

    def test_no_page_of_the_administration_or_the_operator_moves_it(self) -> None:
        camera = public_point().camera
        assert camera
        form = {"name": camera.name, "url": camera.url, "place": self.office.pk, "enabled": "on"}
        form |= {"zones-TOTAL_FORMS": "0", "zones-INITIAL_FORMS": "0"}
        self.client.force_login(get_user_model().objects.create_superuser("wayan"))
        answer = self.client.post(reverse("admin:streams_camera_change", args=[camera.pk]), form)
        assert answer.status_code == 200
        assert "terbuka untuk publik" in answer.content.decode()
        kind = {"kind": "point", "point_code": "T-009", "point_name": "Ruang", "latitude": "-2.9", "longitude": "104.7"}
        kind["agency"] = str(Place.objects.get(point_code="T-001").agency_id)
        self.client.post(reverse("admin:offices_place_change", args=[self.office.pk]), kind)
        assert Place.objects.get(pk=self.office.pk).kind == "kelurahan"
        camera.refresh_from_db()
        assert camera.place.kind == "point"
