"""Incidents, tasks and residents' reports in the API and its webhooks: by right and area, without anybody's words."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import override_settings
from django.utils import timezone

from discipline.api.access import tokens
from discipline.api.access.models import ApiRight, HookTopic, WebhookCall
from discipline.api.v1.calls import Call
from discipline.api.webhooks import delivery, queue
from discipline.complaints.state_rule import ComplaintState
from discipline.incidents import steps as incident_steps
from discipline.incidents.models import Incident, IncidentStep
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.steps import StepWanted
from discipline.incidents.tasks import changes
from discipline.incidents.tasks.changes import TaskStepWanted
from discipline.incidents.tasks.state_rule import TaskState
from offices.places.models import Agency
from tests.support.api_clients import API, System
from tests.support.base import MORNING, OfficeTestCase
from tests.support.complaints import a_complaint, move
from tests.support.incidents import an_incident, incident_type
from tests.support.receiving import ReceiverCase
from tests.support.telephones import after

LISTS = ("/kejadian", "/tugas", "/laporan-warga")
ONLY_IN_THE_ROOM = ("air setinggi lutut, Pak Amir terjebak", "Evakuasi Pak Amir", "rumah Bu Siti")


def pupr() -> Agency:
    return Agency.objects.get_or_create(code="pupr", defaults={"name": "Dinas PUPR"})[0]


class Reading(OfficeTestCase):
    def setUp(self) -> None:
        w = self.world
        described, instructed, address = ONLY_IN_THE_ROOM
        self.flood = an_incident(w, description=described, address=address)
        self.fire = an_incident(w, kind=incident_type("fire"), title="Kebakaran kios")
        self.task = changes.ask(self.flood, w.ilir35, instructed, w.ani, MORNING)
        self.pump = changes.ask(self.flood, pupr(), instructed, w.ani, MORNING)
        self.report = a_complaint(w, published=True, latitude=-3.00123)
        self.other = a_complaint(w, "rubbish", place=None, text="Sampah di depan rumah Bu Siti", address=address)
        self.secret = a_complaint(w, "corruption")
        self.city = System(w, "Dasbor", city=True)

    def ids(self, system: System, path: str, **more: Any) -> list[int]:
        return [one["id"] for one in system.items(path, **more)]

    def test_a_client_reads_its_areas_and_agencies_as_people_do(self) -> None:
        w = self.world
        everything = [[self.fire.pk, self.flood.pk], [self.pump.pk, self.task.pk], [self.other.pk, self.report.pk]]
        assert [self.ids(self.city, path) for path in LISTS] == everything
        camat = System(w, "Ilir", kecamatan=[w.kecamatan["16.71.01"]])
        assert [self.ids(camat, path) for path in LISTS] == [[self.flood.pk], [self.task.pk], [self.report.pk]]
        agency = System(w, "PUPR", agencies=[pupr()])
        assert [self.ids(agency, path) for path in LISTS] == [[self.flood.pk], [self.pump.pk], []]
        assert agency.get("/klien").json()["agencies"] == [{"code": "pupr", "name": pupr().name}]
        assert agency.get(f"/kejadian/{self.fire.pk}").status_code == 404
        assert agency.get("/kantor").json()["items"] == []
        assert self.city.get(f"/laporan-warga/{self.secret.pk}").status_code == 404

    def test_without_the_right_everything_is_refused(self) -> None:
        needed = {"/kantor": ApiRight.COUNTERS, "/kejadian": ApiRight.INCIDENTS, "/tugas": ApiRight.INCIDENTS}
        needed |= {"/laporan-warga": ApiRight.COMPLAINTS, "/keadaan": ApiRight.COUNTERS, "/harian": ApiRight.COUNTERS}
        for right in ApiRight:
            system = System(self.world, right.value, city=True, rights=[right])
            for path, wanted in needed.items():
                assert system.get(path).status_code == (200 if right is wanted else 403), (right, path)
        assert system.get("/kejadian").json()["title"] == "Token ini tidak berhak"
        assert system.get("/laporan/16.71.01/2026-10").status_code == 403

    def test_no_free_text_of_people_is_answered_but_titles_and_what_the_public_reads(self) -> None:
        answers = "".join(self.city.get(path).content.decode() for path in LISTS)
        for words in ONLY_IN_THE_ROOM:
            assert words not in answers
        assert "Ani" not in answers
        report = self.city.get(f"/laporan-warga/{self.report.pk}").json()
        assert (report["text"], report["latitude"]) == ("Loket kosong pukul sembilan", -3.001)
        assert self.city.get(f"/laporan-warga/{self.other.pk}").json()["text"] is None
        incident = self.city.get(f"/kejadian/{self.flood.pk}").json()
        assert (incident["kind"]["code"], incident["state"], incident["ended"]) == ("flood", "tasked", False)
        task = self.city.get(f"/tugas/{self.pump.pk}").json()
        assert (task["agency"]["code"], task["incident"], task["due"]) == (
            "pupr",
            self.flood.pk,
            self.pump.acknowledge_by.isoformat().replace("+00:00", "Z"),
        )

    def test_filters(self) -> None:
        rows: tuple[tuple[str, dict[str, Any], list[int]], ...] = (
            ("/kejadian", {"jenis": "fire"}, [self.fire.pk]),
            ("/kejadian", {"keadaan": "tasked"}, [self.flood.pk]),
            ("/kejadian", {"terbuka": "tidak"}, []),
            ("/kejadian", {"sampai": "2026-11-22"}, []),
            ("/tugas", {"instansi": "pupr"}, [self.pump.pk]),
            ("/tugas", {"kejadian": self.flood.pk, "keadaan": "asked"}, [self.pump.pk, self.task.pk]),
            ("/tugas", {"kelurahan": "16.71.01.1001"}, [self.task.pk]),
            ("/laporan-warga", {"jenis": "rubbish"}, [self.other.pk]),
            ("/laporan-warga", {"keadaan": "verified", "dari": "2026-11-23"}, [self.report.pk]),
        )
        for path, query, expected in rows:
            assert self.ids(self.city, path, **query) == expected, (path, query)
        for path in LISTS:
            assert self.city.get(path, keadaan="nothing").status_code == 422
            assert len(self.ids(self.city, path, batas=1)) == len(self.ids(self.city, path))


class Opening(OfficeTestCase):
    def setUp(self) -> None:
        incident_type("flood")
        self.system = System(self.world, "112", kecamatan=[self.world.kecamatan["16.71.01"]])
        office = self.world.ilir35
        self.sent = {
            "kind": "flood",
            "title": "Genangan di simpang",
            "latitude": office.latitude,
            "longitude": office.longitude,
            "happened_at": (timezone.now() - timedelta(minutes=3)).isoformat(),
        }

    def post(self, key: str = "a-1", system: System | None = None, **more: Any) -> Any:
        headers = (system or self.system).headers | ({"Idempotency-Key": key} if key else {})
        return self.client.post(f"{API}/kejadian", self.sent | more, content_type="application/json", headers=headers)

    def test_a_system_opens_an_incident_once_for_each_key_and_reads_it(self) -> None:
        first = self.post(description="Air 40 cm", priority=1)
        assert first.status_code == 201
        incident = Incident.objects.get()
        assert (incident.source, incident.state, incident.priority) == ("system", "new", 1)
        assert incident.opened_by is None
        again = self.post(priority=2)
        assert (again.status_code, again.json()["id"]) == (200, incident.pk)
        assert self.post(title="Sama sekali lain").status_code == 409
        assert self.post("a-2").status_code == 201
        other = System(self.world, "Lain", city=True)
        assert self.post(system=other).json()["id"] not in (incident.pk, None)
        assert self.system.get(f"/kejadian/{incident.pk}").json()["url"].endswith(f"/kejadian/{incident.pk}/")
        assert "private" in again.headers["Cache-Control"]

    def test_what_is_wrong_is_named_and_nothing_is_opened(self) -> None:
        faults: dict[str, dict[str, Any]] = {
            "kind": {"kind": "nothing"},
            "title": {"title": "x"},
            "latitude": {"latitude": 37.7, "longitude": -122.4},
            "happened_at": {"happened_at": (timezone.now() + timedelta(hours=1)).isoformat()},
            "priority": {"priority": 9},
            "colour": {"colour": "red"},
        }
        for name, change in faults.items():
            answer = self.post(**change)
            assert answer.status_code == 422, answer.content
            assert [one["parameter"] for one in answer.json()["faults"]] == [name]
        assert self.post(happened_at="2026-11-23T09:00:00").status_code == 422
        assert self.post(happened_at=(timezone.now() - timedelta(days=40)).isoformat()).status_code == 422
        assert self.post("").json()["faults"][0]["parameter"] == "Idempotency-Key"
        far = System(self.world, "Ulu", kelurahan=[self.world.ulu5])
        assert self.post(system=far).json()["faults"][0]["detail"] == "Di luar lingkup token ini."
        reader = System(self.world, "Pembaca", city=True, rights=[ApiRight.INCIDENTS])
        assert self.post(system=reader).status_code == 403
        headers = self.system.headers | {"Idempotency-Key": "b"}
        broken = self.client.post(f"{API}/kejadian", "{", content_type="application/json", headers=headers)
        assert broken.json()["faults"] == [{"parameter": "body", "detail": "Bukan JSON."}]
        assert self.client.put(f"{API}/kejadian", headers=headers).status_code == 405
        assert not Incident.objects.exists()


@override_settings(API_WEBHOOK_PRIVATE_HOSTS=True)
class Events(ReceiverCase):
    def listen(self, system: System, name: str, *about: HookTopic) -> None:
        address = f"{self.service.url}/{name}"
        queue.add_webhook(system.client, address, self.world.ani.pk, MORNING - timedelta(hours=1), about)

    def run_at(self, minutes: float) -> None:
        queue.queue_calls(after(minutes))
        while delivery.deliver_due(after(minutes)):
            pass

    def heard(self, name: str) -> list[Any]:
        return [json.loads(one.body) for one in self.service.got if one.path == f"/{name}"]

    def test_each_step_is_sent_once_to_those_who_may_read_it(self) -> None:
        w = self.world
        everything = System(w, "Dasbor", city=True)
        self.listen(everything, "dasbor", *HookTopic)
        self.listen(System(w, "PUPR", agencies=[pupr()]), "pupr", HookTopic.INCIDENT, HookTopic.TASK)
        self.listen(System(w, "Loket", city=True, rights=[ApiRight.COUNTERS]), "loket", *HookTopic)
        incident = an_incident(w, description=ONLY_IN_THE_ROOM[0])
        task = changes.ask(incident, pupr(), ONLY_IN_THE_ROOM[1], w.ani, MORNING)
        report = a_complaint(w, published=True)
        a_complaint(w, "corruption")
        self.run_at(1)
        wanted = TaskStepWanted(TaskState.DECLINED, "Bukan wilayah kami", key=uuid4())
        changes.take_task_step(task, wanted, w.budi, after(2), by_agency=True)
        newest = IncidentStep.objects.filter(incident=incident).latest("pk")
        incident_steps.take_step(incident, StepWanted(IncidentState.REFERRED, newest.pk, "PLN"), w.ani, after(3))
        move(report, ComplaintState.NOT_OURS, w, message="PLN")
        for minutes in (4, 5):
            self.run_at(minutes)
        heard = self.heard("dasbor")
        names = [one["event"] for one in heard]
        assert [name for name in names if name.startswith("incident.")] == [
            "incident.opened",
            "incident.changed",
            "incident.changed",
            "incident.changed",
            "incident.closed",
        ]
        assert [name for name in names if name.startswith("task.")] == ["task.opened", "task.closed"]
        assert [name for name in names if name.startswith("complaint.")] == [
            "complaint.opened",
            "complaint.changed",
            "complaint.changed",
            "complaint.closed",
        ]
        assert all(Call.model_validate(one) for one in heard)
        last = next(one for one in heard if one["event"] == "complaint.closed")
        assert last["complaint"] | {"demo": False} == everything.get(f"/laporan-warga/{report.pk}").json()
        sent = "".join(one.body.decode() for one in self.service.got)
        assert not [words for words in (*ONLY_IN_THE_ROOM, report.text, "Ani", "PLN") if words in sent]
        assert {one["event"].partition(".")[0] for one in self.heard("pupr")} == {"incident", "task"}
        assert self.heard("loket") == []

    def test_a_right_that_was_taken_away_holds_for_calls_that_wait(self) -> None:
        system = System(self.world, city=True)
        self.listen(system, "dasbor", HookTopic.INCIDENT)
        an_incident(self.world)
        queue.queue_calls(after(1))
        system.client.rights = [ApiRight.COUNTERS.value]
        system.client.save()
        delivery.deliver_due(after(1))
        assert self.heard("dasbor") == []
        assert set(WebhookCall.objects.values_list("why", flat=True)) == {WebhookCall.Why.SCOPE}
        assert tokens.scope_of_client(system.client).city


def test_every_topic_needs_a_right_to_read() -> None:
    assert {topic.right for topic in HookTopic} == {ApiRight.COUNTERS, ApiRight.INCIDENTS, ApiRight.COMPLAINTS}
