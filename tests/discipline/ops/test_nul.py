"""NUL characters and JSON that is nested too deep are the sender's fault: 4xx, never 500."""

import pytest
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from discipline.ops.web.nul import RefuseNulMiddleware
from tests.support.base import OfficeTestCase


class BadRequests(OfficeTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.world.budi)

    def test_nul_in_an_address_is_refused(self) -> None:
        for path in (
            "/kantor/%00/", "/jam-layanan/%00/", "/laporan/%00/2026-10/", "/dinding/?kantor=%00", "/?kecamatan=%00",
        ):  # fmt: skip
            assert self.client.get(path).status_code == 400, path

    def test_nul_in_a_form_is_refused_where_it_reaches_the_database(self) -> None:
        alert = self.world.accuse(self.world.counter(self.world.ilir35))
        camera = self.world.cameras[self.world.ilir35.pk]
        for path, form in (
            (reverse("camera-reason", args=[camera.pk]), {"reason": "a\0b c d e f g h i j k l"}),
            (reverse("indication-decide", args=[alert.pk]), {"what": "false_alarm", "text": "a\0b", "last_seen": "\0"}),
            (reverse("spot-check-start"), {"how": "list", "kantor": "\0"}),
        ):
            assert self.client.post(path, form).status_code < 500, path

    def test_other_errors_stay_errors(self) -> None:
        middleware = RefuseNulMiddleware(lambda _request: HttpResponse())
        request = RequestFactory().get("/")
        assert middleware(request).status_code == 200
        middleware.process_exception(request, ValueError("something else"))
        with pytest.raises(BadRequest):
            middleware.process_exception(request, DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"))

    def test_deep_json_is_refused(self) -> None:
        deep = "[" * 100_000 + "]" * 100_000
        answer = self.client.post(reverse("notice-subscribe"), deep, content_type="application/json")
        assert answer.status_code == 422
