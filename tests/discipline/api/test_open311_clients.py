"""Two foreign clients of Open311 list, read and file reports at the running site."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from discipline.api.access.models import ApiRight
from discipline.complaints import steps
from discipline.complaints.models import Complaint
from tests.support.api_clients import System
from tests.support.base import MORNING, World
from tests.support.complaints import a_complaint, complaint_kind
from tests.support.open311_clients import georeport_client, three_client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_foreign_clients_list_read_and_file(live_server: Any) -> None:
    world = World()
    complaint_kind("rubbish")
    numbers: list[str] = []
    for _number in range(2):
        report = a_complaint(world, published=True)
        Complaint.objects.filter(pk=report.pk).update(created_at=timezone.now() - timedelta(minutes=5))
        numbers.insert(0, report.number)
    root = f"{live_server.url}/open311/v2"
    system = System(world, "Aplikasi warga", rights=[ApiRight.FILE_COMPLAINTS])

    for suffix in ("json", "xml"):
        client = georeport_client(root, suffix)
        assert {one["service_code"] for one in client.get_service_list()} >= {"counter", "rubbish"}
        asked = client.get_service_definition("counter")["attributes"]
        asked = asked if suffix == "json" else asked["attribute"]
        assert [one["code"] for one in asked] == ["office", "happened_at"]
        found = client.get_service_requests(status="open", service_code="counter")
        assert [one["service_request_id"] for one in found] == numbers
        assert client.get_service_request(numbers[0])["description"] == "Loket kosong pukul sembilan"

    three = three_client(root, system.token)
    assert three.discovery()["endpoints"][0]["url"].endswith("/open311/v2")
    assert {one["service_code"] for one in three.services()} >= {"counter", "rubbish"}
    assert three.services("counter")["service_code"] == "counter"
    assert [one["service_request_id"] for one in three.requests("counter", count=1)] == numbers[:1]
    assert three.requests(between=["01-01-2020", "02-01-2020"]) == []
    (refused,) = three.post("rubbish", lat=-3.001, long=104.701, description="pendek")
    assert refused["code"] == 400
    (filed,) = three.post(
        "rubbish", lat=-3.001, long=104.701, name="Siti Aminah", description="Sampah menumpuk di tepi jalan"
    )
    assert three.post_response.status_code == 201
    report = Complaint.objects.get(kind__code="rubbish")
    assert filed["service_request_id"] == report.number
    assert three.request(report.number)[0]["code"] == 404  # until somebody has looked at it
    steps.publish(report, "Sampah di tepi jalan", world.ani, MORNING)
    assert three.request(report.number)[0]["status"] == "open"
    assert georeport_client(root, "xml").get_service_request(report.number)["description"] == "Sampah di tepi jalan"
