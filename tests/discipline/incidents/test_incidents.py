"""An incident from its opening to its end, with the tasks of agencies."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from discipline.core.attachments import store_attachment
from discipline.core.models import Attachment
from discipline.incidents import steps
from discipline.incidents.finding import alike, incidents_in, tasks_in
from discipline.incidents.models import Incident, IncidentSource, IncidentStep
from discipline.incidents.state_rule import IncidentState, IncidentStepRefused
from discipline.incidents.steps import Details, StepWanted, take_step
from discipline.incidents.tasks import changes, notices
from discipline.incidents.tasks.changes import AskedAlready, TaskStepWanted
from discipline.incidents.tasks.models import AgencyDuty, ResponseTime, Task, TaskStep
from discipline.incidents.tasks.state_rule import TaskState, TaskStepRefused
from discipline.notices.models import Delivery
from offices.access.gate import scope_of
from offices.access.models import Membership
from offices.places.models import Agency
from streams.live.public.models import PublicClosure
from tests.support.base import MORNING, OfficeTestCase, member
from tests.support.incidents import an_incident, incident_type
from tests.support.pictures import jpeg
from tests.support.public_points import public_point
from tests.support.visitors import room

SOON = MORNING + timedelta(minutes=5)


class Incidents(OfficeTestCase):
    def setUp(self) -> None:
        self.dishub = Agency.objects.create(code="dishub", name="Dinas Perhubungan")
        self.gita = member("gita", Membership.Role.AGENCY, agency=self.dishub)
        self.gita.email = "gita@example.com"
        self.gita.save()
        self.ani, self.lain = self.world.ani, member("lain", Membership.Role.OPERATOR)

    def photo(self) -> Attachment:
        return store_attachment(SimpleUploadedFile("foto.jpg", jpeg(room())))

    def step(self, incident: Incident, state: IncidentState, **more: object) -> IncidentStep:
        newest = incident.steps.order_by("-pk").values_list("pk", flat=True)[0]
        by = more.pop("by", self.ani)
        return take_step(incident, StepWanted(state, newest, **more), by, SOON)  # type: ignore[arg-type]

    def state_of(self, incident: Incident) -> IncidentState:
        return Incident.objects.get(pk=incident.pk).status

    def asked(self, incident: Incident) -> Task:
        return changes.ask(incident, self.dishub, "Alihkan lalu lintas", self.ani, MORNING)

    def agency_step(self, task: Task, state: TaskState, **more: object) -> TaskStep:
        wanted = TaskStepWanted(state, **more)  # type: ignore[arg-type]
        return changes.take_task_step(task, wanted, self.gita, SOON, by_agency=True)

    def test_a_flood_is_tasked_handled_verified_by_another_and_closed(self) -> None:
        flood = an_incident(self.world)
        assert (flood.status, flood.owner) == (IncidentState.ACKNOWLEDGED, self.ani)
        task = self.asked(flood)
        for state, then in (
            (TaskState.ACCEPTED, IncidentState.TASKED),
            (TaskState.UNDER_WAY, IncidentState.UNDER_WAY),
            (TaskState.ARRIVED, IncidentState.ON_SPOT),
        ):
            self.agency_step(task, state)
            assert self.state_of(flood) is then
        self.agency_step(task, TaskState.DONE, text="Sudah surut", attachment=self.photo())
        assert self.state_of(flood) is IncidentState.HANDLED
        self.step(flood, IncidentState.VERIFIED)
        self.step(flood, IncidentState.CLOSED, by=self.lain)
        states = [step.state for step in flood.steps.all()]
        assert states == [
            "new",
            "acknowledged",
            "tasked",
            "under_way",
            "on_spot",
            "handled",
            "verified",
            "closed",
        ]

    def test_what_the_room_itself_handled_another_verifies_with_a_photo(self) -> None:
        flood = an_incident(self.world)
        self.step(flood, IncidentState.HANDLED, text="Pompa dinyalakan")
        with pytest.raises(IncidentStepRefused, match=IncidentStepRefused.SAME_PERSON):
            self.step(flood, IncidentState.VERIFIED)
        with pytest.raises(IncidentStepRefused, match=IncidentStepRefused.PHOTO):
            self.step(flood, IncidentState.VERIFIED, by=self.lain)
        self.step(flood, IncidentState.VERIFIED, by=self.lain, attachment=self.photo())

    def test_a_step_on_what_somebody_else_has_changed_meanwhile_is_refused(self) -> None:
        flood = an_incident(self.world)
        seen = flood.steps.order_by("-pk")[0].pk
        self.asked(flood)
        with pytest.raises(IncidentStepRefused, match=IncidentStepRefused.STALE):
            take_step(flood, StepWanted(IncidentState.UNFOUNDED, seen, "Keliru"), self.ani, SOON)

    def test_a_task_that_was_not_done_well_goes_back_with_new_deadlines(self) -> None:
        flood = an_incident(self.world)
        task = self.asked(flood)
        self.agency_step(task, TaskState.ARRIVED)
        self.agency_step(task, TaskState.DONE, text="Selesai", attachment=self.photo())
        later = MORNING + timedelta(days=3)
        again = TaskStepWanted(TaskState.ACCEPTED, "Masih tergenang")
        changes.take_task_step(task, again, self.ani, later, by_agency=False)
        task.refresh_from_db()
        assert self.state_of(flood) is IncidentState.TASKED
        assert task.arrive_by > later

    def test_an_agency_that_declines_leaves_the_incident_to_the_room(self) -> None:
        flood = an_incident(self.world)
        task = self.asked(flood)
        with pytest.raises(TaskStepRefused, match=TaskStepRefused.TEXT):
            self.agency_step(task, TaskState.DECLINED)
        self.agency_step(task, TaskState.DECLINED, text="Bukan jalan kami")
        assert self.state_of(flood) is IncidentState.ACKNOWLEDGED
        self.asked(flood)  # may be asked again
        with pytest.raises(AskedAlready):
            self.asked(flood)

    def test_a_step_that_a_phone_sends_twice_counts_once_and_is_dated_when_it_happened(self) -> None:
        task = self.asked(an_incident(self.world))
        key, at = uuid4(), SOON - timedelta(minutes=3)
        first = self.agency_step(task, TaskState.ARRIVED, key=key, happened_at=at)
        assert self.agency_step(task, TaskState.ARRIVED, key=key, happened_at=at) == first
        assert (first.happened_at, first.at) == (at, SOON)
        assert task.steps.count() == 2  # asked, arrived

    def test_the_clock_of_a_phone_that_runs_ahead_dates_nothing(self) -> None:
        task = self.asked(an_incident(self.world))
        step = self.agency_step(task, TaskState.ARRIVED, happened_at=SOON + timedelta(hours=3))
        assert step.happened_at == SOON

    def test_a_source_opens_one_incident_however_often_it_is_asked(self) -> None:
        first = an_incident(self.world, source=IncidentSource.SYSTEM, source_key="112:7")
        assert first.status is IncidentState.NEW
        assert an_incident(self.world, source=IncidentSource.SYSTEM, source_key="112:7") == first

    def test_incidents_of_one_type_near_each_other_are_proposed_and_joined_by_a_person_only(self) -> None:
        first = an_incident(self.world)
        second = an_incident(self.world, latitude=-2.992)  # 220 m
        far = an_incident(self.world, latitude=-2.9)
        fire = incident_type("fire")
        an_incident(self.world, kind=fire)
        found = alike(second.kind, second.latitude, second.longitude, second.happened_at, second.pk)
        assert [one.incident for one in found] == [first]
        assert 200 <= found[0].metres <= 240
        with pytest.raises(IncidentStepRefused, match=IncidentStepRefused.TARGET):
            self.step(second, IncidentState.DUPLICATE, duplicate_of=second)
        self.step(second, IncidentState.DUPLICATE, duplicate_of=first)
        with pytest.raises(IncidentStepRefused, match=IncidentStepRefused.TARGET):
            self.step(far, IncidentState.DUPLICATE, duplicate_of=Incident.objects.get(pk=second.pk))
        assert list(first.duplicates.all()) == [second]

    def test_a_sensitive_incident_closes_the_points_near_it_until_the_last_such_one_has_ended(self) -> None:
        point = public_point("T-900")

        def closed() -> bool:
            holding = PublicClosure.objects.filter(point=point, ended_at=None)
            return holding.filter(cause=PublicClosure.Cause.INCIDENT).exists()

        pin = {"latitude": point.place.latitude, "longitude": point.place.longitude}
        first, second = (an_incident(self.world, sensitive=True, **pin) for _ in range(2))
        assert [one.camera for one in first.cameras.all()] == [point.camera]
        assert closed()
        self.step(first, IncidentState.UNFOUNDED, text="Keliru")
        assert closed()
        steps.change(second, Details(second.priority), self.ani, SOON)
        assert not closed()
        assert "Siaran publik" in second.notes.get().text

    def test_an_incident_is_part_of_a_larger_one_that_is_no_part_itself(self) -> None:
        storm, flood, fallen = (an_incident(self.world) for _ in range(3))
        assert steps.change(flood, Details(flood.priority, part_of=storm), self.ani, SOON)
        assert not steps.change(flood, Details(flood.priority, part_of=storm), self.ani, SOON)
        assert list(storm.parts.all()) == [flood]
        flood.refresh_from_db()
        for one, other in ((fallen, flood), (fallen, fallen), (storm, fallen)):
            with pytest.raises(IncidentStepRefused, match=IncidentStepRefused.TARGET):
                steps.change(one, Details(one.priority, part_of=other), self.ani, SOON)
        self.client.force_login(self.ani)
        form = {"priority": "2", "part_of": "K-999999"}
        page = self.client.post(f"/kejadian/{fallen.pk}/ubah/", form, follow=True)
        assert "Tidak ada kejadian dengan nomor itu" in page.content.decode()

    def test_an_agency_sees_incidents_about_which_it_is_asked_and_no_others(self) -> None:
        flood, _other = an_incident(self.world), an_incident(self.world)
        task = self.asked(flood)
        scope = scope_of(self.gita)
        assert (list(incidents_in(scope)), list(tasks_in(scope))) == ([flood], [task])
        assert list(incidents_in(scope_of(self.world.dewi))) == []
        assert incidents_in(scope_of(self.world.walikota)).count() == 2

    def test_deadlines_are_those_of_the_type_and_the_day(self) -> None:
        flood = incident_type("flood")
        day = MORNING.date()
        for kind, since, acknowledge in ((None, day, 9), (flood, day, 7), (flood, day + timedelta(days=9), 3)):
            ResponseTime.objects.create(
                kind=kind, priority=2, since=since, acknowledge=acknowledge, arrive=30, finish=60
            )
        task = self.asked(an_incident(self.world))
        assert task.acknowledge_by == MORNING + timedelta(minutes=7)

    def test_each_deadline_notifies_the_agency_then_the_room_then_the_mayor_once(self) -> None:
        for user in (self.ani, self.world.walikota):
            user.email = f"{user.username}@example.com"
            user.save()
        task = self.asked(an_incident(self.world))  # accept within 10 minutes
        queued = [self.heard()]
        for minutes in (5, 8, 8, 11, 11, 21, 60 * 24):
            notices.notify_deadlines(MORNING + timedelta(minutes=minutes))
            queued.append(self.heard())
        assert task.acknowledge_by == MORNING + timedelta(minutes=10)
        assert queued == [
            {"gita": 1},
            {"gita": 1},
            {"gita": 2},
            {"gita": 2},
            {"gita": 3, "ani": 1},
            {"gita": 3, "ani": 1},
            {"gita": 3, "ani": 1, "walikota": 1},
            {"gita": 3, "ani": 1, "walikota": 1},
        ]

    def test_the_camat_hears_of_a_late_task_of_a_kelurahan_and_the_room_of_one_that_nobody_reads(self) -> None:
        for user in (self.world.budi, self.world.citra, self.world.dewi):
            user.email = f"{user.username}@example.com"
            user.save()
        flood = an_incident(self.world)
        changes.ask(flood, self.world.ilir35, "Periksa selokan", self.ani, MORNING)
        notices.notify_deadlines(MORNING + timedelta(minutes=8))
        assert self.heard() == {"dewi": 2}
        notices.notify_deadlines(MORNING + timedelta(minutes=11))
        assert self.heard() == {"dewi": 3, "budi": 1}
        unread = Agency.objects.create(code="bpbd", name="BPBD")
        AgencyDuty.objects.create(agency=unread, phone="0711-555-0101")
        self.client.force_login(self.ani)
        asked = {"who": "bpbd", "instruction": "Bawa perahu"}
        page = self.client.post(reverse("city-incident-ask", args=[flood.pk]), asked, follow=True)
        self.assertContains(page, "Belum ada akun di sana yang membacanya. Telepon: 0711-555-0101")

    def heard(self) -> dict[str, int]:
        """Return the number of messages by the name of who gets them."""
        rows = Delivery.objects.values_list("user__username", flat=True)
        return {name: list(rows).count(name) for name in rows}

    def test_the_database_refuses_to_rewrite_what_was_done(self) -> None:
        task = self.asked(an_incident(self.world))
        for rows in (IncidentStep.objects.all(), TaskStep.objects.filter(task=task)):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(text="lain")
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.delete()
