"""Open311 GeoReport v2: what the public may read and no more, in both formats, and filing by the rules of the page."""

from datetime import UTC, timedelta
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone

from discipline.api.access import rates, tokens
from discipline.api.access.models import ApiRight
from discipline.api.open311 import guards
from discipline.complaints import steps
from discipline.complaints.models import Complaint, ComplaintKind
from discipline.complaints.state_rule import ComplaintState
from discipline.incidents.tasks import changes
from offices.places.models import Agency
from streams.servers import valkey
from tests.support.api_clients import System
from tests.support.base import MORNING, OfficeTestCase
from tests.support.complaints import a_block, a_complaint, a_photo, move
from tests.support.incidents import an_incident
from tests.support.mail_server import mail_server
from tests.support.open311_shapes import checked_json, checked_xml

V2 = "/open311/v2"
S = ComplaintState
W3C = "%Y-%m-%dT%H:%M:%SZ"


def recent(complaint: Complaint, **more: Any) -> Complaint:
    """Let the report be of today, as lists end there."""
    Complaint.objects.filter(pk=complaint.pk).update(created_at=timezone.now() - timedelta(minutes=5), **more)
    complaint.refresh_from_db()
    return complaint


class Open311Case(OfficeTestCase):
    def setUp(self) -> None:
        cache.clear()
        for key in valkey.client().scan_iter("*:api:*"):
            valkey.client().delete(key)
        self.app = System(self.world, "Aplikasi warga", rights=[ApiRight.FILE_COMPLAINTS])

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{V2}/{path}", query)

    def requests(self, **query: Any) -> list[Any]:
        answer = self.get("requests.json", **query)
        assert answer.status_code == 200, answer.content
        found: list[Any] = checked_json(answer.content, "service_requests")
        checked_xml(self.get("requests.xml", **query).content, "service_requests")
        return found

    def post(self, suffix: str = "json", **fields: Any) -> Any:
        known = {
            "api_key": self.app.token,
            "service_code": "rubbish",
            "lat": "-3.001",
            "long": "104.701",
            "description": "Sampah menumpuk di tepi jalan",
        }
        headers = fields.pop("headers", None)
        return self.client.post(f"{V2}/requests.{suffix}", known | fields, headers=headers)

    def errors(self, answer: Any, status: int) -> list[str]:
        assert answer.status_code == status, answer.content
        if answer.headers["Content-Type"].startswith("text/xml"):
            return [one.findtext("description") for one in checked_xml(answer.content, "errors")]
        found = checked_json(answer.content, "errors")
        assert {one["code"] for one in found} == {status}
        return [one["description"] for one in found]


class Reading(Open311Case):
    def test_discovery_and_services_are_as_the_standard_says(self) -> None:
        found = checked_json(self.get("discovery.json").content, "discovery")
        checked_xml(self.get("discovery.xml").content, "discovery")
        assert found["endpoints"][0]["url"].endswith(V2)
        answer = self.get("services.json")
        codes = {one["service_code"]: one["metadata"] for one in checked_json(answer.content, "services")}
        assert codes.items() >= {"counter": True, "rubbish": False}.items()
        assert "corruption" not in codes
        xml = self.get("services.xml")
        assert xml.headers["Content-Type"] == "text/xml; charset=utf-8"
        assert len(checked_xml(xml.content, "services")) == len(codes)

    def test_a_report_about_a_counter_asks_for_its_office_and_when(self) -> None:
        found = checked_json(self.get("services/counter.json").content, "service_definition")
        checked_xml(self.get("services/counter.xml").content, "service_definition")
        office, moment = found["attributes"]
        assert {"16.71.01", "16.71.01.1001"} <= {one["key"] for one in office["values"]}
        assert (moment["code"], moment["datatype"], moment["required"]) == ("happened_at", "datetime", True)
        assert checked_json(self.get("services/rubbish.json").content, "service_definition")["attributes"] == []
        assert self.errors(self.get("services/corruption.xml"), 404)

    def test_only_what_the_public_may_read_is_shown_with_a_rounded_pin_and_its_photo(self) -> None:
        hidden = recent(a_complaint(self.world, "rubbish", place=None, latitude=-3.00123, longitude=104.70456))
        assert self.requests() == []
        assert self.errors(self.get(f"requests/{hidden.number}.json"), 404)
        recent(a_complaint(self.world, "corruption"))
        steps.publish(hidden, "Sampah di tepi jalan", self.world.ani, MORNING)
        photo = hidden.photos.create(key=hidden.key, **a_photo())
        (shown,) = self.requests()
        assert (shown["lat"], shown["long"]) == (-3.001, 104.705)
        assert shown["description"] == "Sampah di tepi jalan"
        assert hidden.text not in str(shown)
        assert shown["media_url"].endswith(f"/aspirasi/foto/{photo.pk}/")
        hidden.photos.update(public=False)
        assert self.requests()[0]["media_url"] is None
        (alone,) = checked_json(self.get(f"requests/{hidden.pk}.json").content, "service_requests")
        assert alone == self.requests()[0]

    def test_a_request_is_expected_by_the_city_s_deadline_and_then_by_the_agency_s(self) -> None:
        report = recent(a_complaint(self.world, "rubbish", published=True, place=None))
        assert report.react_by
        assert self.requests()[0]["expected_datetime"] == report.react_by.astimezone(UTC).strftime(W3C)
        incident = an_incident(self.world)
        agency = Agency.objects.get_or_create(code="dlhk", defaults={"name": "DLHK"})[0]
        task = changes.ask(incident, agency, "Angkut sampah", self.world.ani, MORNING)
        steps.join(report, incident, self.world.ani, MORNING)
        (shown,) = self.requests()
        assert shown["expected_datetime"] == task.finish_by.astimezone(UTC).strftime(W3C)
        assert shown["agency_responsible"] == agency.name
        steps.answer(report, "Truk berangkat", self.world.ani, MORNING + timedelta(hours=3))
        (shown,) = self.requests()
        assert shown["updated_datetime"] == (MORNING + timedelta(hours=3)).astimezone(UTC).strftime(W3C)
        move(report, S.DONE, self.world, message="Sampah sudah diangkut", at=MORNING + timedelta(hours=4))
        steps.answer(report, "Terima kasih", self.world.ani, MORNING + timedelta(hours=5))
        (shown,) = self.requests()
        assert shown["updated_datetime"] == (MORNING + timedelta(hours=4)).astimezone(UTC).strftime(W3C)  # when closed
        assert (shown["status"], shown["expected_datetime"]) == ("closed", None)
        assert "Terima kasih" in shown["status_notes"]

    def test_filters_and_pages(self) -> None:
        old, first, second = (a_complaint(self.world, "rubbish", published=True) for _number in range(3))
        about = a_complaint(self.world, published=True)
        now = timezone.now()
        for age, one in enumerate((about, second, first, old)):
            Complaint.objects.filter(pk=one.pk).update(created_at=now - timedelta(days=1 + 30 * age))
        Complaint.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=120))
        move(first, S.DONE, self.world, message="Sudah")

        def ids(**query: Any) -> list[int]:
            return [int(one["service_request_id"].removeprefix("RA-")) for one in self.requests(**query)]

        assert ids() == [about.pk, second.pk, first.pk]  # the last 90 days
        assert ids(status="closed") == [first.pk]
        assert ids(status="open,closed", service_code="rubbish") == [second.pk, first.pk]
        assert ids(service_code="") == ids()  # an empty parameter is none
        assert ids(service_code=["rubbish", "counter"], status=["open", "closed"]) == ids()  # repeated, or with commas
        ComplaintKind.objects.filter(code="rubbish").update(active=False)
        assert ids(service_code="rubbish") == [second.pk, first.pk]  # no longer offered, but reported once
        assert ids(page=2, page_size=2) == [first.pk]
        assert ids(page=9, page_size=2) == []
        assert ids(start_date=(now - timedelta(days=130)).strftime(W3C)) == [first.pk, old.pk]
        assert ids(end_date=(now - timedelta(days=100)).isoformat().replace("+", " ")) == [old.pk]
        assert ids(service_request_id=f"RA-{old.pk},{about.pk},x,999999", status="closed") == [about.pk, old.pk]

    def test_what_cannot_be_read_is_said_in_the_format_of_the_address(self) -> None:
        for status, query in (
            (400, {"status": "new"}),
            (400, {"page": "0"}),
            (400, {"page_size": "1001"}),
            (400, {"start_date": "23-11-2026"}),
            (400, {"start_date": "2026-11-23T02:00:00"}),
            (400, {"start_date": "2026-02-30"}),
            (400, {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-05-01T00:00:00Z"}),
            (400, {"start_date": "2026-05-01", "end_date": "2026-01-01"}),
            (404, {"service_code": "nothing"}),
            (404, {"jurisdiction_id": "sfgov.org"}),
        ):
            for suffix in ("json", "xml"):
                assert self.errors(self.get(f"requests.{suffix}", **query), status), query
        assert self.errors(self.get("nothing.json"), 404)
        assert self.errors(self.client.delete(f"{V2}/requests.xml"), 405)
        with override_settings(SITE_URL="https://www.palembang.go.id"):
            assert self.get("services.json", jurisdiction_id="palembang.go.id").status_code == 200

    def test_an_answer_that_has_not_changed_is_not_sent_again_and_an_address_may_not_ask_without_end(self) -> None:
        first = self.get("services.json")
        assert first.headers["Cache-Control"] == "public, no-cache"
        again = self.client.get(f"{V2}/services.json", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        now = timezone.now().timestamp()
        for at in (now, now + rates.WINDOW_S):  # the minute may end before the request
            for _number in range(guards.A_MINUTE):
                rates.count_request("open311:127.0.0.1", guards.A_MINUTE, at)
        refused = self.get("services.xml")
        assert self.errors(refused, 429)
        assert int(refused.headers["Retry-After"]) <= 60

    def test_scripts_of_any_site_may_read_here_and_nowhere_else_and_never_with_cookies(self) -> None:
        asked = {"Origin": "https://peta.example", "Access-Control-Request-Method": "POST"}
        answer = self.client.options(f"{V2}/requests.json", headers=asked)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST"
        assert "POST" not in self.client.options(f"{V2}/services.xml", headers=asked).headers["Allow"]
        for one in (answer, self.get("services.xml"), self.get("nothing.json"), self.post(api_key="x"), self.post()):
            assert one.headers["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in one.headers
        for path in ("/aspirasi/", "/aspirasi/soal/", "/api/v1/openapi.json", "/masuk/", "/open311/", "/"):
            for one in (self.client.get(path, headers=asked), self.client.options(path, headers=asked)):
                assert not [name for name in one.headers if name.startswith("Access-Control")], path


class Filing(Open311Case):
    def test_without_mail_a_report_is_open_at_once_and_its_secret_is_told_once(self) -> None:
        answer = self.post()
        assert answer.status_code == 201
        (filed,) = checked_json(answer.content, "filed")
        report = Complaint.objects.get()
        assert filed["service_request_id"] == report.number
        assert report.status is S.OPEN
        assert "kata kunci" in filed["service_notice"]
        xml = checked_xml(self.post("xml", description="Sampah lagi di tepi jalan").content, "service_requests")
        assert xml.findtext("request/service_request_id") == f"RA-{report.pk + 1}"

    def test_with_mail_its_resident_confirms_it_before_the_token_becomes_a_number(self) -> None:
        with mail_server() as server, override_settings(**server.settings(), EMAIL_URL="smtp://127.0.0.1"):
            assert any("email" in one for one in self.errors(self.post(), 400))
            (filed,) = checked_json(self.post(email="siti@example.com").content, "filed")
            assert "service_request_id" not in filed
            path = f"tokens/{filed['token']}"
            assert self.errors(self.get(f"{path}.xml"), 404)
            report = Complaint.objects.get()
            assert report.status is S.UNCONFIRMED
            steps.confirm(report, timezone.now())
            (known,) = checked_json(self.get(f"{path}.json").content, "filed")
            assert known == {"service_request_id": report.number, "token": filed["token"]}
            checked_xml(self.get(f"{path}.xml").content, "service_requests")
            assert self.errors(self.get("tokens/made-up.json"), 404)
            for _number in range(4):
                self.post(email="siti@example.com")
            assert self.errors(self.post(email="siti@example.com"), 429)  # six an hour are too many

    def test_a_key_that_may_not_file_is_refused_with_403(self) -> None:
        reader = System(self.world, "Pembaca", city=True, rights=[ApiRight.COMPLAINTS])
        for key in ("", "sidak_x", reader.token):
            for suffix in ("json", "xml"):
                assert self.errors(self.post(suffix, api_key=key), 403)
        tokens.revoke_token(self.app.client, self.world.ani.pk, timezone.now())
        assert self.errors(self.post(), 403)
        assert not Complaint.objects.exists()

    def test_the_rules_of_the_page_hold_and_every_wrong_field_is_named(self) -> None:
        assert len(self.errors(self.post(description="pendek", lat="abc"), 400)) >= 2
        assert "Pin ini" in self.errors(self.post(lat="37.76", long="-122.42"), 400)[0]
        assert self.errors(self.post(service_code=""), 400)
        assert self.errors(self.post(service_code="corruption"), 404)
        missing = self.errors(self.post(service_code="counter"), 400)
        assert [one.partition(":")[0] for one in missing] == ["attribute[office]", "attribute[happened_at]"]
        assert self.errors(self.post(media_url="https://example.org/" + "x" * 4000), 400)
        photo = SimpleUploadedFile("photo.jpg", b"no picture")
        assert self.errors(self.post(media=photo), 400)[0].startswith("media: ")
        assert not Complaint.objects.exists()

    def test_an_address_or_a_picture_is_enough_as_the_standard_says(self) -> None:
        nowhere = {"lat": "", "long": ""}
        sent = nowhere | {"address_string": "Lorong Asia 7, 35 ILIR, Ilir Barat II, Palembang"}
        assert self.post(**sent).status_code == 201
        report = Complaint.objects.get()
        assert (report.latitude, report.longitude) == (self.world.ilir35.latitude, self.world.ilir35.longitude)
        assert "kelurahan 35 Ilir" in report.text
        (error,) = self.errors(self.post(**nowhere, address_string="Market Street 1"), 400)
        assert error.startswith("address_string: ")
        assert self.errors(self.post(**nowhere), 400)[0].startswith("lat: ")
        assert self.post(description="", media_url="https://example.org/a.jpg").status_code == 201
        assert "hanya foto" in Complaint.objects.first().text  # type: ignore[union-attr]
        assert self.errors(self.post(description=""), 400)[0].startswith("description: ")

    def test_what_is_blocked_on_the_page_is_blocked_here_and_counted(self) -> None:
        block = a_block(a_complaint(self.world), self.world)
        (error,) = self.errors(self.post(description="Butuh pinjaman kilat? Hubungi kami"), 403)
        assert "untuk sementara" in error
        block.refresh_from_db()
        assert (block.hits, Complaint.objects.count()) == (1, 1)

    def test_a_report_about_a_counter_a_picture_s_address_and_the_same_key_twice(self) -> None:
        at = timezone.now() - timedelta(hours=2)
        fields: dict[str, Any] = {
            "service_code": "counter",
            "attribute[office]": "16.71.01.1001",
            "attribute[happened_at]": at.isoformat(),
            "media_url": "https://example.org/a.jpg",
            "first_name": "Siti",
            "phone": "0811",
            "headers": {"Idempotency-Key": "abc"},
        }
        first, again = self.post(**fields), self.post(**fields)
        (report,) = Complaint.objects.all()
        assert checked_json(again.content, "filed")[0]["service_request_id"] == report.number
        assert first.status_code == 201
        assert report.place
        assert report.place.kelurahan
        assert report.happened_at
        assert report.place.kelurahan.code == "16.71.01.1001"
        assert abs(report.happened_at - at) < timedelta(minutes=1)
        assert report.text.endswith("https://example.org/a.jpg")
        assert "Siti" not in str(Complaint.objects.values().get())
