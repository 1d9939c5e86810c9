"""Foreign clients of Open311 list, read and file reports at the running site: two packages, and a page elsewhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from discipline.api.access.models import ApiRight
from discipline.complaints import steps
from discipline.complaints.models import Complaint
from tests.support.api_clients import System
from tests.support.base import MORNING, World
from tests.support.browsing import opened
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


# On a page of another site: [address, method, headers, fields] to [status, what the script may read], null if nothing.
ASK = """async ([address, method, headers, fields]) => {
  try {
    const body = fields && new URLSearchParams(fields);
    const answer = await fetch(address, { method, headers, body });
    return [answer.status, await answer.json(), answer.headers.get("ETag")];
  } catch { return null; }
}"""


@pytest.mark.browser
def test_a_script_of_another_site_reads_and_files_but_has_no_way_to_the_rest(chrome: Browser, live_server: Any) -> None:
    system = System(World(), "Peta warga", rights=[ApiRight.FILE_COMPLAINTS])
    complaint_kind("rubbish")
    with opened(chrome, live_server, None, 390) as page:
        assert "localhost" in live_server.url
        elsewhere = live_server.url.replace("localhost", "127.0.0.1")  # to a browser another site
        page.goto(f"{elsewhere}/open311/v2/services.json")  # a document without a policy of its own

        def ask(path: str, method: str = "GET", headers: Any = None, fields: Any = None) -> Any:
            return page.evaluate(ASK, [live_server.url + path, method, headers or {}, fields])

        status, services, etag = ask("/open311/v2/services.json")
        assert status == 200
        assert etag
        assert {one["service_code"] for one in services} >= {"rubbish"}
        assert ask("/open311/v2/requests/RA-1.json")[0] == 404
        assert ask("/open311/v2/requests.json", headers={"If-None-Match": "x"})[0] == 200  # asked for beforehand
        place = {"service_code": "rubbish", "lat": "-3.001", "long": "104.701"}
        sent = place | {"api_key": system.token, "description": "Sampah menumpuk di tepi jalan"}
        status, (filed,), _etag = ask("/open311/v2/requests.json", "POST", {"Idempotency-Key": "1"}, sent)
        assert (status, filed["service_request_id"]) == (201, Complaint.objects.get().number)
        assert ask("/open311/v2/requests.json", "POST", fields=place)[0] == 403
        for other in ("/aspirasi/soal/", "/api/v1/", "/publik/peta.json"):
            assert ask(other) is None, other
