"""How reports end, with their incident or alone, and go on after that."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from discipline.complaints import incident_ends, steps
from discipline.complaints.models import Complaint
from discipline.complaints.state_rule import REOPEN_WITHIN, ComplaintState, ComplaintStepRefused
from discipline.incidents.models import Incident, IncidentStep
from discipline.incidents.state_rule import IncidentState
from tests.support.base import MORNING
from tests.support.complaint_case import ComplaintTestCase
from tests.support.complaints import a_complaint, move
from tests.support.incidents import an_incident
from tests.support.refusals import refusal

S = ComplaintState
DAY = timedelta(days=1)


class Ends(ComplaintTestCase):
    def test_a_reopened_report_opens_another_incident(self) -> None:
        report = a_complaint(self.world, "flood", place=None)
        first = steps.open_incident_of(report, self.world.ani, MORNING)
        assert steps.open_incident_of(report, self.world.ani, MORNING) == first
        IncidentStep.objects.create(incident=first, state=IncidentState.CLOSED.value, at=MORNING)
        Incident.objects.update(state=IncidentState.CLOSED.value)
        assert incident_ends.follow_ended_incidents(MORNING) == 1
        steps.reopen(report, "Air naik lagi", MORNING + DAY)
        self.client.force_login(self.world.ani)
        desk = reverse("complaint", args=[report.pk])
        assert "Buka kejadian baru" in self.client.get(desk).content.decode()
        self.client.post(reverse("complaint-incident", args=[report.pk]))
        report.refresh_from_db()
        second = Incident.objects.exclude(pk=first.pk).get()
        assert (report.incident, report.status) == (second, S.IN_HAND)
        assert "Air naik lagi" in second.description
        assert "Buka kejadian baru" not in self.client.get(desk).content.decode()

    def test_it_is_reopened_once_and_within_two_weeks(self) -> None:
        report = a_complaint(self.world)
        move(report, S.REJECTED, self.world, message="Tidak jelas")
        steps.reopen(report, "Saya lampirkan jamnya", MORNING + DAY)
        report.refresh_from_db()
        assert report.status is S.REOPENED
        assert report.react_by
        assert report.react_by > MORNING + 6 * DAY
        move(report, S.DONE, self.world, message="Sudah ditegur")
        again = refusal(ComplaintStepRefused, lambda: steps.reopen(report, "Lagi", MORNING + 2 * DAY))
        assert again == ComplaintStepRefused.REOPENED
        late = a_complaint(self.world)
        move(late, S.NOT_OURS, self.world, message="Urusan provinsi")
        assert not steps.can_reopen(Complaint.objects.get(pk=late.pk), MORNING + REOPEN_WITHIN + DAY)

    def test_many_reports_are_one_incident_and_each_reporter_hears_of_its_end(self) -> None:
        first, second = (
            a_complaint(self.world, "flood", place=None, mail=f"{name}@example.com") for name in ("siti", "umar")
        )
        self.client.force_login(self.world.ani)
        self.client.post(reverse("complaint-incident", args=[first.pk]))
        self.client.post(reverse("complaint-incident", args=[first.pk]))
        incident = Incident.objects.get()
        assert (incident.source, incident.source_key, incident.kind.code) == ("report", f"report:{first.pk}", "flood")
        page = self.client.get(reverse("complaint", args=[second.pk])).content.decode()
        assert f"Gabungkan ke {incident.number}" in page
        self.client.post(reverse("complaint-incident", args=[second.pk]), {"incident": incident.number})
        assert {one.status for one in Complaint.objects.filter(incident=incident)} == {S.IN_HAND}
        assert "RA-" in self.client.get(reverse("city-incident", args=[incident.pk])).content.decode()
        unknown = self.client.post(reverse("complaint-incident", args=[second.pk]), {"incident": "K-999"}, follow=True)
        assert "Kejadian itu tidak ada." in unknown.content.decode()

        third = a_complaint(self.world, "flood", place=None, mail="vina@example.com")
        second.refresh_from_db()
        move(third, S.DUPLICATE, self.world, duplicate_of=second)
        self.delivered(timezone.now())
        assert incident_ends.follow_ended_incidents(timezone.now()) == 0
        self.end(incident, IncidentState.CLOSED)
        assert incident_ends.follow_ended_incidents(timezone.now()) == 2
        mails = sorted(self.delivered(timezone.now()))
        assert [one.split()[0] for one in mails] == ["siti@example.com", "umar@example.com", "vina@example.com"]
        assert ["Sudah selesai?" in one for one in mails] == [True, True, False]
        assert all("diperiksa orang kedua" in one for one in mails)
        steps.reopen(first, "Airnya masih ada", timezone.now())
        steps.answer(first, "Diperiksa lagi", self.world.ani, timezone.now())
        assert incident_ends.follow_ended_incidents(timezone.now()) == 0  # a person answers now

    def test_reports_of_a_duplicate_go_on_and_those_of_no_incident_end(self) -> None:
        report = a_complaint(self.world, "flood", place=None)
        first, second = (an_incident(self.world) for _ in range(2))
        steps.join(report, first, self.world.ani, MORNING)
        self.end(first, IncidentState.DUPLICATE, duplicate_of=second)
        incident_ends.follow_ended_incidents(timezone.now())
        report.refresh_from_db()
        assert (report.incident, report.status) == (second, S.IN_HAND)
        self.end(second, IncidentState.UNFOUNDED)
        incident_ends.follow_ended_incidents(timezone.now())
        report.refresh_from_db()
        assert report.status is S.REJECTED

    def end(self, incident: Incident, state: IncidentState, **more: Incident) -> None:
        """End the incident, as a camat's verification or an operator does."""
        Incident.objects.filter(pk=incident.pk).update(state=state.value, **more)
        IncidentStep.objects.create(incident=incident, state=state.value, at=timezone.now(), by=self.world.ani)
